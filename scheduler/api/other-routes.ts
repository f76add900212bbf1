/** Reading routes whose answer is no JSON of a schema's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { schedulerEvent } from './answers.ts';
import { streamEvents } from './event-stream.ts';
import { renderOpenApi } from './openapi.ts';
import type { OtherRouteText } from './route.ts';
import { ROUTES } from './routes.ts';
import type { SchedulerControl } from './scheduler-control.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface OtherRoute extends OtherRouteText {
  readonly handle: (control: SchedulerControl, exchange: Exchange) => Promise<void> | void;
}

export async function sendMetrics(
  { metrics }: Pick<SchedulerControl, 'metrics'>,
  { response }: Exchange,
): Promise<void> {
  const text = await metrics.render(Date.now());
  response.writeHead(200, { 'Content-Type': metrics.contentType });
  response.end(text);
}

function sendOpenApi(_control: SchedulerControl, { response }: Exchange): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(renderOpenApi(ROUTES, OTHER_ROUTES))}\n`);
}

function followEvents({ events }: SchedulerControl, { request, response }: Exchange): void {
  if (request.method === 'HEAD') response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
  else streamEvents(events, request, response);
}

export const OTHER_ROUTES: readonly OtherRoute[] = [
  {
    path: '/v1/events',
    summary: 'What happens, as server-sent events. `Last-Event-ID` resumes; the last 1000 are kept.',
    contentType: 'text/event-stream',
    answer: schedulerEvent,
    handle: followEvents,
  },
  {
    path: '/v1/openapi.json',
    summary: 'The API as an OpenAPI 3.1 document.',
    contentType: 'application/json',
    answer: z.looseObject({}),
    handle: sendOpenApi,
  },
  {
    path: '/metrics',
    summary: 'Metrics as Prometheus reads them.',
    contentType: 'text/plain',
    answer: z.string(),
    handle: sendMetrics,
  },
];
