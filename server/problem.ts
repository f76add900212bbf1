/** Failures over HTTP: `application/problem+json` (RFC 9457) with the code of the error catalogue. */
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { StevedoreError } from '../protocol/errors.ts';

export function sendProblem(
  response: ServerResponse,
  error: StevedoreError,
  headers: OutgoingHttpHeaders = {},
): void {
  const { status, code, message: detail } = error;
  const body = Buffer.from(
    `${JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, code, detail })}\n`,
  );
  response.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
