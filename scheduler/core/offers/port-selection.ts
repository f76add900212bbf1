/** Which number each port of a task gets out of the offered ranges. */
import type { Range } from '../../../protocol/mesos/resource.ts';
import type { PortRequest } from '../service-spec.ts';

export interface PortSelection {
  readonly ports: Readonly<Record<string, number>>;
  /** Unset when every port was found. */
  readonly problem?: string;
}

export interface PortWish {
  readonly requests: readonly PortRequest[];
  /** What the instance had before. */
  readonly kept: Readonly<Record<string, number>>;
  /** Preferred by anybody of the service: taken for a moved port only when nothing else is left. */
  readonly avoided: ReadonlySet<number>;
}

export function renderRanges(ranges: readonly Range[]): string {
  if (ranges.length === 0) return 'none';
  const shown = ranges.slice(0, 5).map(({ begin, end }) => (begin === end ? `${begin}` : `${begin}-${end}`));
  return `${shown.join(', ')}${ranges.length > 5 ? ` and ${ranges.length - 5} more ranges` : ''}`;
}

function isOffered(port: number, ranges: readonly Range[]): boolean {
  return ranges.some(({ begin, end }) => begin <= port && port <= end);
}

/** First free port, of the widest range first: those are meant for everybody, single ports for somebody. */
function findFree(ranges: readonly Range[], isTaken: (port: number) => boolean): number | undefined {
  const widestFirst = ranges.toSorted((a, b) => b.end - b.begin - (a.end - a.begin));
  for (const { begin, end } of widestFirst)
    for (let port = begin; port <= end; port += 1) if (!isTaken(port)) return port;
  return undefined;
}

/** One that the operator set, or that the instance's state holds, is taken or nothing is. */
function bind(request: PortRequest, kept: Readonly<Record<string, number>>): PortRequest {
  const held = kept[request.name];
  if (request.required || held === undefined) return request;
  return { ...request, preferred: held, required: request.partOfState ?? false };
}

/** Required ports first, then those that can stay where they were or want to be, then the rest anywhere. */
export function selectPorts(ranges: readonly Range[], wish: PortWish): PortSelection {
  const ports: Record<string, number> = {};
  const taken = new Set<number>();
  const give = (request: PortRequest, port: number): void => {
    ports[request.name] = port;
    taken.add(port);
  };
  const moved: PortRequest[] = [];
  const bound = wish.requests.map((request) => bind(request, wish.kept));
  for (const request of bound.toSorted((a, b) => Number(b.required) - Number(a.required))) {
    const port = request.preferred;
    if (isOffered(port, ranges) && !taken.has(port)) give(request, port);
    else if (!request.required) moved.push(request);
    else return { ports, problem: describeMissing(request, ranges, taken) };
  }
  for (const request of moved) {
    const port =
      findFree(ranges, (candidate) => taken.has(candidate) || wish.avoided.has(candidate)) ??
      findFree(ranges, (candidate) => taken.has(candidate));
    if (port === undefined)
      return { ports, problem: `needs ${wish.requests.length} ports, offered ${renderRanges(ranges)}` };
    give(request, port);
  }
  return { ports: Object.fromEntries(wish.requests.map(({ name }) => [name, ports[name] as number])) };
}

function describeMissing(request: PortRequest, ranges: readonly Range[], taken: ReadonlySet<number>): string {
  const need = `needs port ${request.preferred} (${request.key})`;
  return taken.has(request.preferred)
    ? `${need}, which another port of the same task has`
    : `${need}, offered ${renderRanges(ranges)}`;
}
