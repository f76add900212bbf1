/** What should run, what may be launched now, and how far the service is. */
import { findComponent } from './components.ts';
import type { InstanceRecord } from './instance.ts';
import type { ComponentSpec, PeerAddress, ServiceSpec } from './service-spec.ts';
import type { ReadonlyTable } from './table.ts';

/** By name. */
export type Instances = ReadonlyTable<InstanceRecord>;

export type PlanPhase = 'deploying' | 'complete' | 'recovering' | 'blocked' | 'tearing-down';

/** Where the instances of each component stand in the list of all, by index. */
type Positions = ReadonlyMap<string, readonly number[]>;

const POSITIONS = new WeakMap<object, Positions>();
const BY_COMPONENT = new WeakMap<readonly InstanceRecord[], Map<string, readonly InstanceRecord[]>>();

function pick(all: readonly InstanceRecord[], positions: readonly number[]): InstanceRecord[] {
  return positions.map((position) => all[position] as InstanceRecord);
}

function findPositions(instances: Instances): Positions {
  const all = instances.list();
  const indexAt = (position: number): number => all[position]?.index ?? 0;
  const groups = Map.groupBy(all.keys(), (position) => all[position]?.component ?? '');
  for (const positions of groups.values()) positions.sort((a, b) => indexAt(a) - indexAt(b));
  return groups;
}

/** Sorted once while the names are the same, and found once while nothing changes: every step asks several times. */
export function listInstances(instances: Instances, component: string): readonly InstanceRecord[] {
  const all = instances.list();
  const positions = POSITIONS.get(instances.naming) ?? findPositions(instances);
  POSITIONS.set(instances.naming, positions);
  const known = BY_COMPONENT.get(all) ?? new Map<string, readonly InstanceRecord[]>();
  BY_COMPONENT.set(all, known);
  const own = known.get(component) ?? pick(all, positions.get(component) ?? []);
  known.set(component, own);
  return own;
}

function isComponentReady(component: ComponentSpec, instances: Instances): boolean {
  const own = listInstances(instances, component.name);
  if (component.count === 'every-agent') return own.some((instance) => instance.phase === 'ready');
  return own.filter((instance) => instance.phase === 'ready').length >= component.count;
}

/** Names of the components that this one waits for. */
export function listUnmet(spec: ServiceSpec, component: ComponentSpec, instances: Instances): string[] {
  return component.after.filter((name) => {
    const other = findComponent(spec, name);
    return other !== undefined && !isComponentReady(other, instances);
  });
}

/** True for an instance that wants an offer at this time, its dependencies apart. */
function isPlaceable(instance: InstanceRecord, nowMs: number): boolean {
  if (instance.paused === true) return false;
  if (instance.phase === 'waiting') return instance.notBeforeMs <= nowMs;
  return instance.phase === 'unreachable' && (instance.replaceAtMs ?? Number.POSITIVE_INFINITY) <= nowMs;
}

/** Components in the order in which their instances are placed: those that others wait for come first. */
export function orderComponents(spec: ServiceSpec): ComponentSpec[] {
  const ordered: ComponentSpec[] = [];
  const visit = (component: ComponentSpec, path: readonly string[]): void => {
    if (ordered.includes(component) || path.includes(component.name)) return;
    for (const name of component.after) {
      const other = findComponent(spec, name);
      if (other !== undefined) visit(other, [...path, component.name]);
    }
    ordered.push(component);
  };
  for (const component of spec.components) visit(component, []);
  return ordered;
}

export interface Demand {
  /** Instances that an offer would be used for now. */
  readonly placeable: readonly InstanceRecord[];
  /** Components that take a new instance on every host that has none. */
  readonly open: readonly ComponentSpec[];
}

export function planDemand(spec: ServiceSpec, instances: Instances, nowMs: number): Demand {
  const free = orderComponents(spec).filter(
    (component) => listUnmet(spec, component, instances).length === 0,
  );
  return {
    placeable: free.flatMap((component) =>
      listInstances(instances, component.name).filter((instance) => isPlaceable(instance, nowMs)),
    ),
    open: free.filter((component) => component.count === 'every-agent'),
  };
}

/** Addresses of the ready tasks of one component, or of all of them. */
export function listPeers(instances: Instances, component: string): PeerAddress[] {
  return listInstances(instances, component)
    .filter((instance) => instance.phase === 'ready' && instance.task !== undefined)
    .map((instance) => ({
      instance: instance.name,
      host: instance.task?.host ?? '',
      ports: instance.ports,
    }));
}

/**
 * Addresses that a component was rendered with, as text to compare. Components that follow the agents do not count: they
 * come and go with every host, and nobody is configured with all of them.
 */
export function renderUpstream(spec: ServiceSpec, component: ComponentSpec, instances: Instances): string {
  const fixed = spec.components.filter(
    ({ name, count }) => component.after.includes(name) && count !== 'every-agent',
  );
  return JSON.stringify(
    fixed.map(({ name }) =>
      listPeers(instances, name).map(({ host, ports }) => [host, Object.entries(ports).map(String).sort()]),
    ),
  );
}

/** The state of the whole in one word, for status and progress. */
export function toPlanPhase(spec: ServiceSpec, instances: Instances): PlanPhase {
  const wanted = instances.list();
  if (wanted.some((instance) => instance.phase === 'refused')) return 'blocked';
  const complete =
    spec.components.every((component) => isComponentReady(component, instances)) &&
    wanted.every((instance) => instance.phase === 'ready');
  if (complete) return 'complete';
  return wanted.some((instance) => instance.launches > 1 || instance.failures > 0)
    ? 'recovering'
    : 'deploying';
}
