/** From a method, a path and a body to an answer of the table, or to a problem. */
import { StevedoreError, StevedoreErrors } from '../../protocol/errors.ts';
import { type Channel, type Route, matchPath } from './route.ts';
import type { SchedulerControl } from './scheduler-control.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly channel: Channel;
}

interface Found {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** @throws StevedoreError ERR_API_ROUTE, ERR_API_METHOD */
export function findRoute(routes: readonly Route[], { method, path }: ApiRequest): Found {
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

/** @throws StevedoreErrors with every ERR_API_BODY */
function readBody(route: Route, text: string): unknown {
  if (route.body === undefined) return undefined;
  const result = route.body.safeParse(parseJson(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) =>
      new StevedoreError('ERR_API_BODY', { problem: `${path.join('.') || 'the body'}: ${message}` }),
  );
  throw new StevedoreErrors(problems);
}

/** @throws what the route throws */
export async function answer(
  routes: readonly Route[],
  control: SchedulerControl,
  request: ApiRequest,
): Promise<unknown> {
  const { route, parameters } = findRoute(routes, request);
  const body = readBody(route, request.body);
  return await route.handle(control, { parameters, body, channel: request.channel });
}
