/** Events as `text/event-stream` (HTML Living Standard, server-sent events): resumed by id, kept open by comments. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventLog, LoggedEvent } from './event-log.ts';

const KEEP_ALIVE_MS = 15_000;
/** A follower that does not read is let go: it comes back and resumes. */
const MAX_BUFFERED_BYTES = 1 << 20;

export function renderEvent({ id, ...event }: LoggedEvent): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify({ id, ...event })}\n\n`;
}

export function streamEvents(log: EventLog, request: IncomingMessage, response: ServerResponse): void {
  const last = Number(request.headers['last-event-id'] ?? 0);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = (event: LoggedEvent) => {
    response.write(renderEvent(event));
    if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
  };
  response.write(': follows\n\n');
  for (const event of log.listAfter(Number.isSafeInteger(last) ? last : 0)) send(event);
  const unfollow = log.follow(send);
  const timer = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
  response.on('close', () => {
    clearInterval(timer);
    unfollow();
  });
}
