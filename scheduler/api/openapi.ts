/** The API as an OpenAPI 3.1 document, from the tables of routes. */
import * as z from 'zod';
import { healthReport, problem } from './answers.ts';
import type { OtherRouteText, Route } from './route.ts';

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
    ...(body === undefined
      ? {}
      : { requestBody: { required: !body.safeParse({}).success, content: toContent(body) } }),
    responses: {
      '200': { description: 'done, or begun', content: toContent(answer) },
      default: { description: 'a problem', content: toContent(problem, 'application/problem+json') },
    },
  };
}

/** Answered by every scheduler itself, whether it leads or not. */
const HEALTH: OtherRouteText = {
  path: '/v1/health',
  summary: 'Whether this scheduler leads, and if not, where the one is that does. Needs no token.',
  contentType: 'application/json',
  answer: healthReport,
};

/** With the routes that stand in no table. */
export function withHealth(others: readonly OtherRouteText[]): readonly OtherRouteText[] {
  return [HEALTH, ...others];
}

function toOtherOperation({ path, summary, contentType, answer }: OtherRouteText): object {
  const description = { '200': { description: 'ok', content: toContent(answer, contentType) } };
  return { get: { summary, ...(path === HEALTH.path && { security: [] }), responses: description } };
}

export function renderOpenApi(routes: readonly Route[], others: readonly OtherRouteText[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = { ...operations, [route.method.toLowerCase()]: toOperation(route) };
  }
  const further = withHealth(others).map((other) => [other.path, toOtherOperation(other)]);
  return {
    openapi: '3.1.0',
    info: { title: 'Stevedore scheduler', version: 'v1' },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: { ...paths, ...Object.fromEntries(further) },
  };
}
