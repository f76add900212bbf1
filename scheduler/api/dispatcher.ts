/** From a method, a path and a body to an answer of the table, or to a problem. */
import * as z from 'zod';
import { selectNearestName } from '../../config/nearest-name.ts';
import { StevedoreError, StevedoreErrors } from '../../protocol/errors.ts';
import { type Channel, type Route, matchPath } from './route.ts';
import type { SchedulerControl } from './scheduler-control.ts';

export interface ApiRequest {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  readonly channel: Channel;
}

export interface FoundRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** @throws StevedoreError ERR_API_ROUTE, ERR_API_METHOD */
export function findRoute(routes: readonly Route[], { method, path }: ApiRequest): FoundRoute {
  const matching = routes.flatMap((route) => {
    const parameters = matchPath(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  const found = matching.find(({ route }) => route.method === method);
  if (found !== undefined) return found;
  const allowed = matching.map(({ route }) => route.method).join(', ');
  if (allowed === '') throw new StevedoreError('ERR_API_ROUTE', { method, path });
  throw new StevedoreError('ERR_API_METHOD', { method, path, allowed });
}

function parseJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new StevedoreError('ERR_API_BODY', { problem: 'it is not JSON' }, { cause: error });
  }
}

function describeUnknownKey(schema: z.ZodType, key: string): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const nearest = selectNearestName(key, known);
  if (nearest !== undefined) return `'${key}' is no key of it; did you mean '${nearest}'?`;
  return `'${key}' is no key of it; it has ${known.join(', ') || 'none'}`;
}

function describeIssue(schema: z.ZodType, issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknownKey(schema, key));
  return [`${issue.path.join('.') || 'the body'}: ${issue.message}`];
}

/** @throws StevedoreErrors with every ERR_API_BODY */
function readBody({ body: schema }: Route, text: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describeIssue(schema, issue));
  throw new StevedoreErrors(problems.map((problem) => new StevedoreError('ERR_API_BODY', { problem })));
}

/** @throws StevedoreErrors with every ERR_API_BODY, and what the route throws */
export async function answer(
  control: SchedulerControl,
  { route, parameters }: FoundRoute,
  { text, channel }: { readonly text: string; readonly channel: Channel },
): Promise<unknown> {
  return await route.handle(control, { parameters, body: readBody(route, text), channel });
}
