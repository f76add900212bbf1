/** Teardown: every task is killed with its grace, then the framework is removed. What lies on hosts is remembered. */
import type { Draft } from './draft.ts';
import type { EngineFacts } from './engine-facts.ts';
import { type InstanceRecord, createInstance } from './instance.ts';
import { awaitsRelease } from './volumes/teardown-release.ts';

function stopAll(draft: Draft): void {
  for (const { name, phase, afterKill } of draft.state.instances.list())
    if (phase !== 'stopped' && afterKill !== 'stop') draft.apply(name, { kind: 'stop' });
}

export function beginTeardown(draft: Draft, order: NonNullable<EngineFacts['teardown']>): void {
  if (draft.state.mode !== 'running') return;
  draft.note({ teardown: order });
  draft.log('info', 'tears the service down', { instances: draft.state.instances.size });
  if (!draft.state.connected)
    draft.log('warn', 'the teardown waits for a connection to a Mesos master', {
      frameworkId: draft.state.frameworkId,
    });
  draft.state = { ...draft.state, mode: 'tearing-down', teardownDeadlineMs: draft.nowMs + order.graceMs };
  stopAll(draft);
}

/** After each subscription, also of a new scheduler: what is left of the service gets its whole grace from here on. */
export function resumeTeardown(draft: Draft): void {
  const { mode, facts, instances } = draft.state;
  if (mode !== 'tearing-down' || facts.teardown === undefined) return;
  const left = instances.list().filter(({ phase }) => phase !== 'stopped').length;
  draft.log('info', 'goes on with the teardown', { instances: left });
  draft.state = { ...draft.state, teardownDeadlineMs: draft.nowMs + facts.teardown.graceMs };
  stopAll(draft);
}

/** Host, ports, formatted state and reservations outlive the framework: a later start finds its namespace again. */
export function toRemembered(instance: InstanceRecord, nowMs: number): InstanceRecord {
  const { hostname, ports, formatted, reserved, reservedSeen } = instance;
  const created = createInstance(instance.component, instance.index, nowMs);
  return {
    ...created,
    hostname,
    ports,
    formatted,
    ...(reserved !== undefined && { reserved, reservedSeen }),
  };
}

export function followTeardown(draft: Draft): void {
  const { mode, connected, teardownDeadlineMs, instances } = draft.state;
  if (mode !== 'tearing-down' || !connected) return;
  const alive = instances.list().filter(({ phase }) => phase !== 'stopped');
  if (alive.length > 0 && draft.nowMs < (teardownDeadlineMs ?? 0)) return;
  if (awaitsRelease(draft)) return;
  if (alive.length > 0)
    draft.log('warn', 'tasks that did not end in time are left to Mesos', {
      instances: alive.map(({ name }) => name).join(','),
    });
  draft.add({ kind: 'teardown' });
  for (const instance of draft.state.instances.list()) draft.put(toRemembered(instance, draft.nowMs));
  draft.state = { ...draft.state, mode: 'torn-down' };
}
