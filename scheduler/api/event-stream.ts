/** Events as `text/event-stream` (HTML Living Standard, server-sent events): resumed by id, kept open by comments. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventLog, LoggedEvent } from './event-log.ts';

const KEEP_ALIVE_MS = 15_000;

export function renderEvent({ id, ...event }: LoggedEvent): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify({ id, ...event })}\n\n`;
}

function readLastId({ headers }: IncomingMessage): number {
  const last = Number(headers['last-event-id'] ?? 0);
  return Number.isSafeInteger(last) ? last : 0;
}

/** What a follower reads slowly waits in the log and not in memory of its own; what the log drops it does not get. */
export function streamEvents(log: EventLog, request: IncomingMessage, response: ServerResponse): void {
  let lastId = readLastId(request);
  let isFull = false;
  const write = (text: string) => {
    isFull = !response.write(text);
  };
  const notice = () => {
    for (const event of isFull ? [] : log.listAfter(lastId)) {
      lastId = event.id;
      write(renderEvent(event));
      if (isFull) return;
    }
  };
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  write(': follows\n\n');
  const unfollow = log.follow({ notice, end: () => response.end() });
  // One that has read nothing for so long is let go: it comes back and resumes.
  const timer = setInterval(() => (isFull ? response.destroy() : write(': still here\n\n')), KEEP_ALIVE_MS);
  response.on('drain', () => {
    isFull = false;
    notice();
  });
  response.on('close', () => {
    clearInterval(timer);
    unfollow();
  });
  notice();
}
