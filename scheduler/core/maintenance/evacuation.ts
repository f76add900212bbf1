/** Leaves hosts that are drained or go into maintenance: one instance of a component at a time, behind readiness. */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';
import { listInstances } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { type Departure, findDeparture, hasDepartures, judgeLeave, knowsElsewhere } from './leaving.ts';

/** One that does not come up must not keep the others on a host that will be gone. */
const PATIENCE_MS = 300_000;

interface Leaver {
  readonly instance: InstanceRecord;
  readonly departure: Departure;
}

const SETTLED: readonly InstanceRecord['phase'][] = ['ready', 'refused', 'stopped'];

function isUnsettled({ phase, sinceMs }: InstanceRecord, nowMs: number): boolean {
  return !SETTLED.includes(phase) && nowMs - sinceMs < PATIENCE_MS;
}

/** One on every agent has nowhere to go: it ends when an operator drains its host, and with its host otherwise. */
function canLeave(draft: Draft, component: ComponentSpec, { instance, departure }: Leaver): boolean {
  const isOrdered = departure.kind === 'drained';
  if (!isOrdered && (component.count === 'every-agent' || !knowsElsewhere(draft.state, draft.nowMs)))
    return false;
  return judgeLeave(component, instance) === undefined;
}

function listLeavers(draft: Draft, component: ComponentSpec): Leaver[] {
  return listInstances(draft.state.instances, component.name)
    .filter(({ phase, task }) => task !== undefined && phase !== 'killing' && phase !== 'unreachable')
    .flatMap((instance) => {
      const departure = findDeparture(draft.state, instance.task?.hostname ?? '', draft.nowMs);
      return departure === undefined ? [] : [{ instance, departure }];
    });
}

function leave(draft: Draft, component: ComponentSpec, { instance, departure }: Leaver): void {
  const isEnded = component.count === 'every-agent';
  draft.log('info', isEnded ? 'ends an instance with its host' : 'moves an instance to another host', {
    instance: instance.name,
    why: departure.reason,
  });
  draft.apply(instance.name, { kind: isEnded ? 'stop' : 'restart' });
}

/** One of every agent without a task is not waited for on a drained host, unless an operator holds it back there. */
function endAbsent(draft: Draft, component: ComponentSpec): void {
  if (component.count !== 'every-agent') return;
  for (const instance of listInstances(draft.state.instances, component.name)) {
    const { phase, hostname = '', paused } = instance;
    if ((phase !== 'waiting' && phase !== 'refused') || paused === true) continue;
    const departure = findDeparture(draft.state, hostname, draft.nowMs);
    if (departure?.kind === 'drained' && judgeLeave(component, instance) === undefined)
      leave(draft, component, { instance, departure });
  }
}

export function leaveHosts(draft: Draft): void {
  if (!hasDepartures(draft.state)) return;
  for (const component of draft.state.settings.spec.components) {
    endAbsent(draft, component);
    const [next] = listLeavers(draft, component)
      .filter((leaver) => canLeave(draft, component, leaver))
      .toSorted((a, b) => a.departure.dueMs - b.departure.dueMs);
    if (next === undefined) continue;
    const others = listInstances(draft.state.instances, component.name).filter(
      ({ name }) => name !== next.instance.name,
    );
    if (!others.some((other) => isUnsettled(other, draft.nowMs))) leave(draft, component, next);
  }
}

/** Those on a host that is to be left, and why some of them stay; for the log and the operator. */
export function listStaying(draft: Draft, hostname: string): string[] {
  const { settings, instances } = draft.state;
  return instances.list().flatMap((instance) => {
    const component = findComponent(settings.spec, instance.component);
    if (component === undefined || instance.hostname !== hostname) return [];
    const why = judgeLeave(component, instance);
    return why === undefined ? [] : [`${instance.name}: ${why}`];
  });
}
