/** What of a step is worth telling to those who follow the scheduler. Pure; nothing secret is in it. */
import type { EngineState } from '../core/engine-state.ts';
import type { InstanceRecord } from '../core/instance.ts';
import type { PerformedStep } from '../engine-loop.ts';

export interface SchedulerEventText {
  readonly kind: 'instance' | 'connection' | 'rollout' | 'service' | 'action';
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function tellInstance(
  before: InstanceRecord | undefined,
  after: InstanceRecord | undefined,
): SchedulerEventText | undefined {
  if (after === undefined)
    return { kind: 'instance', text: `${before?.name} is gone`, fields: { instance: before?.name } };
  if (before?.phase === after.phase) return undefined;
  const { name, component, phase, task, lastState, lastMessage } = after;
  const ended = phase === 'waiting' || phase === 'refused';
  return {
    kind: 'instance',
    text: `${name} is ${phase}`,
    fields: {
      instance: name,
      component,
      phase,
      before: before?.phase,
      taskId: task?.taskId,
      host: task?.hostname,
      state: lastState,
      message: ended ? lastMessage : undefined,
    },
  };
}

function tellInstances(before: EngineState, after: EngineState): SchedulerEventText[] {
  return after.instances
    .listChanged(before.instances)
    .flatMap((name) => tellInstance(before.instances.get(name), after.instances.get(name)) ?? []);
}

function tellConnection(before: EngineState, after: EngineState): SchedulerEventText[] {
  if (before.connected === after.connected) return [];
  const { master, frameworkId } = after;
  const text = after.connected ? `subscribed at ${master}` : 'disconnected from the Mesos master';
  return [{ kind: 'connection', text, fields: { connected: after.connected, master, frameworkId } }];
}

function tellRollout(before: EngineState, after: EngineState): SchedulerEventText[] {
  const [former, rollout] = [before.facts.rollout, after.facts.rollout];
  if ((former === undefined) !== (rollout === undefined))
    return [
      {
        kind: 'rollout',
        text: rollout === undefined ? 'the rollout is complete' : 'a rollout begins',
        fields: {},
      },
    ];
  if (former?.haltedAtMs === undefined && rollout?.haltedAtMs !== undefined)
    return [{ kind: 'rollout', text: 'the rollout is halted', fields: { failures: rollout.failures } }];
  return [];
}

function tellMode(before: EngineState, after: EngineState): SchedulerEventText[] {
  if (before.mode === after.mode) return [];
  return [{ kind: 'service', text: `the service is ${after.mode}`, fields: { mode: after.mode } }];
}

export function toEvents({ event, before, state }: PerformedStep): SchedulerEventText[] {
  const ordered: SchedulerEventText[] =
    event.kind === 'operator'
      ? [{ kind: 'action', text: `an operator ordered ${event.action.kind}`, fields: { ...event.action } }]
      : [];
  return [
    ...ordered,
    ...tellConnection(before, state),
    ...tellMode(before, state),
    ...tellRollout(before, state),
    ...tellInstances(before, state),
  ];
}
