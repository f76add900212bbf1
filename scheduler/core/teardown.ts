/** Teardown: every task is killed with its grace, then the framework is removed. What lies on hosts is remembered. */
import type { Draft } from './draft.ts';
import { type InstanceRecord, createInstance } from './instance.ts';

export function beginTeardown(draft: Draft, graceMs: number): void {
  if (draft.state.mode !== 'running') return;
  draft.log('info', 'tears the service down', { instances: Object.keys(draft.state.instances).length });
  draft.state = { ...draft.state, mode: 'tearing-down', teardownDeadlineMs: draft.nowMs + graceMs };
  for (const { name, phase } of Object.values(draft.state.instances))
    if (phase !== 'stopped') draft.apply(name, { kind: 'stop' });
}

/** Host, ports and formatted state outlive the framework: a later start finds its namespace again. */
export function toRemembered(instance: InstanceRecord, nowMs: number): InstanceRecord {
  const { hostname, ports, formatted } = instance;
  return { ...createInstance(instance.component, instance.index, nowMs), hostname, ports, formatted };
}

export function followTeardown(draft: Draft): void {
  const { mode, connected, teardownDeadlineMs, instances } = draft.state;
  if (mode !== 'tearing-down' || !connected) return;
  const alive = Object.values(instances).filter(({ phase }) => phase !== 'stopped');
  if (alive.length > 0 && draft.nowMs < (teardownDeadlineMs ?? 0)) return;
  if (alive.length > 0)
    draft.log('warn', 'tasks that did not end in time are left to Mesos', {
      instances: alive.map(({ name }) => name).join(','),
    });
  draft.add({ kind: 'teardown' });
  for (const instance of Object.values(instances)) draft.put(toRemembered(instance, draft.nowMs));
  draft.state = { ...draft.state, mode: 'torn-down' };
}
