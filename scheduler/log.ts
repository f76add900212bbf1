/** One readable line per decision that changes the world: `2026-11-21 05:44:01 INFO text key=value`. People read framework.out. */

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  info(fields: LogFields, text: string): void;
  warn(fields: LogFields, text: string): void;
  error(fields: LogFields, text: string): void;
}

function renderValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

/** One line without its end; a newline inside a value or text is escaped, so that a line stays a line. */
export function renderLogLine(at: Date, level: string, text: string, fields: LogFields): string {
  const time = at.toISOString().slice(0, 19).replace('T', ' ');
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${renderValue(value)}`);
  return `${time} ${level.padEnd(5)} ${text.replaceAll('\n', '\\n')}${pairs.join('')}`;
}

/** @param write takes one line with its end, as `process.stdout.write` does. */
export function createLogger(write: (line: string) => void): Logger {
  const log = (level: string) => (fields: LogFields, text: string) =>
    write(`${renderLogLine(new Date(), level, text, fields)}\n`);
  return { info: log('INFO'), warn: log('WARN'), error: log('ERROR') };
}
