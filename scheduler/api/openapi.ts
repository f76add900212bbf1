/** The API as an OpenAPI 3.1 document and as docs/api.md, both from the table of routes. */
import * as z from 'zod';
import { healthReport, problem, schedulerEvent } from './answers.ts';
import type { Route } from './route.ts';

function toSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return rest;
}

function toContent(schema: z.ZodType, type = 'application/json'): object {
  return { [type]: { schema: toSchema(schema) } };
}

function toOperation({ path, summary, body, answer }: Route): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  return {
    summary,
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(body === undefined ? {} : { requestBody: { content: toContent(body) } }),
    responses: {
      '200': { description: 'done, or begun', content: toContent(answer) },
      default: { description: 'a problem', content: toContent(problem, 'application/problem+json') },
    },
  };
}

/** Those that are no JSON of the scheduler's, or are answered by a standby itself. */
function listOthers(): Record<string, object> {
  const get = (summary: string, content: object) => ({
    get: { summary, responses: { '200': { description: 'ok', content } } },
  });
  return {
    '/v1/events': get(
      'Server-sent events; `Last-Event-ID` resumes.',
      toContent(schedulerEvent, 'text/event-stream'),
    ),
    '/v1/health': get('Which role this scheduler has; needs no token.', toContent(healthReport)),
    '/v1/openapi.json': get('This document.', { 'application/json': { schema: { type: 'object' } } }),
    '/metrics': get('Metrics as Prometheus reads them.', { 'text/plain': { schema: { type: 'string' } } }),
  };
}

export function renderOpenApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = { ...operations, [route.method.toLowerCase()]: toOperation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Stevedore scheduler', version },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: { ...paths, ...listOthers() },
  };
}
