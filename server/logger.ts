/** What the server logs with; pino fits it. Texts are constant, data is in fields, and no field ever holds a token. */
export interface Logger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
