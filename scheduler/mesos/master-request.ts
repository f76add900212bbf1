/** One HTTP request, with limits: how long the head may take, how much of a text is read. */
import * as http from 'node:http';
import * as https from 'node:https';

const MAX_TEXT_BYTES = 64 * 1024;

export interface PostRequest {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly agent: http.Agent;
  readonly body: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves with the head of the response. The signal counts up to there: http's own would also hit a socket that is on
 * its way back to the agent, where nobody listens for its error.
 */
export function post(request: PostRequest): Promise<http.IncomingMessage> {
  const { body, timeoutMs, signal, ...target } = request;
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const send = request.protocol === 'https:' ? https.request : http.request;
  const headers = { ...request.headers, 'Content-Length': Buffer.byteLength(body) };
  const outgoing = send({ ...target, method: 'POST', headers }, resolve);
  const timer = setTimeout(
    () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  const abort = () => outgoing.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  outgoing.on('error', reject);
  outgoing.end(body);
  if (signal.aborted) abort();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

/** The body as text, cut where nobody reads on. @throws Error when it does not end in time. */
export async function readText(response: http.IncomingMessage, timeoutMs: number): Promise<string> {
  const timer = setTimeout(
    () => response.destroy(new Error(`the answer did not end within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes > MAX_TEXT_BYTES) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(pieces).toString('utf8').trim();
}
