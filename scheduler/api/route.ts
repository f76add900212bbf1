/** What a route is: one line of the table from which requests, the OpenAPI document and docs/api.md come. */
import type * as z from 'zod';
import type { SchedulerControl } from './scheduler-control.ts';

/** Over the socket, whoever may enter the state directory asks; over TCP, whoever has the token. */
export type Channel = 'socket' | 'tcp';

export interface RouteRequest {
  readonly parameters: Readonly<Record<string, string>>;
  /** As the route's schema made it. */
  readonly body: unknown;
  readonly channel: Channel;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly handle: (control: SchedulerControl, request: RouteRequest) => unknown;
}

/** A reading route whose answer is no JSON of the table's. */
export interface OtherRouteText {
  readonly path: string;
  readonly summary: string;
  readonly contentType: string;
  readonly answer: z.ZodType;
}

const VALUE = '([^/]+)';
/** Names of instances, components and hosts, once decoded; some of them are stored. No way to another path. */
const NAME = /^(?!\.{1,2}$)[\w.:@~*+[\]-]{1,255}$/;

interface Compiled {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const compiled = new Map<string, Compiled>();

function compile(path: string): Compiled {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, VALUE)}$`);
  const made = { pattern, names };
  compiled.set(path, made);
  return made;
}

function decode(value: string): string | undefined {
  try {
    const name = decodeURIComponent(value);
    return NAME.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The parameters of a path that fits, or undefined. */
export function matchPath(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const { pattern, names } = compile(template);
  const match = pattern.exec(path);
  if (match === null) return undefined;
  const values = match.slice(1).map(decode);
  if (values.includes(undefined)) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, values[index] as string]));
}
