/** Answers with the headers, and in the order, that Mesos' libprocess sends; nothing of Node's own between them. */
import type { ServerResponse } from 'node:http';

export type Headers = Readonly<Record<string, string>>;

/** Starts an answer: `Date` first, no `Connection` or `Keep-Alive` header. */
export function startAnswer(response: ServerResponse, status: number, headers: Headers): void {
  response.statusCode = status;
  response.sendDate = false;
  response.removeHeader('Connection');
  response.setHeader('Date', new Date().toUTCString());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** An answer without a body. */
export function answerEmpty(response: ServerResponse, status: number, headers: Headers = {}): void {
  startAnswer(response, status, { ...headers, 'Content-Length': '0' });
  response.end();
}

/** A text: how Mesos tells every error. */
export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Headers = {},
): void {
  const type = { 'Content-Type': 'text/plain; charset=utf-8' };
  startAnswer(response, status, { ...headers, ...type, 'Content-Length': String(Buffer.byteLength(text)) });
  response.end(text);
}

/** JSON of an endpoint that people read. */
export function answerJson(response: ServerResponse, json: string): void {
  const length = String(Buffer.byteLength(json));
  startAnswer(response, 200, { 'Content-Length': length, 'Content-Type': 'application/json' });
  response.end(json);
}

/** 405 as libprocess words it. */
export function answerWrongMethod(response: ServerResponse, method: string): void {
  const text = `405 Method Not Allowed. Expecting one of { 'POST' }, but received '${method}'.`;
  answerText(response, 405, text, { Allow: 'POST' });
}
