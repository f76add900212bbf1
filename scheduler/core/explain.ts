/** Why an instance has no task, in words and numbers. */
import { renderDuration } from '../../protocol/duration.ts';
import { findComponent } from './components.ts';
import type { EngineState } from './engine-state.ts';
import { explainOffers } from './explanation/explain-offers.ts';
import { findCrashLoop, renderCrashLoop } from './failures/crash-loop.ts';
import { adviseOnEnd } from './failures/end-advice.ts';
import type { InstanceRecord } from './instance.ts';
import { explainSilence } from './offers/explain-silence.ts';
import { listUnmet } from './plan.ts';
import { explainOwnVolumes } from './volumes/explain-volumes.ts';

function explainRefused({ lastMessage }: InstanceRecord): string {
  return `Mesos or the service refused the launch and would refuse it again: ${lastMessage ?? 'no reason given'}`;
}

function explainUnreachable({ replaceAtMs = 0 }: InstanceRecord, nowMs: number): string {
  return `Mesos lost sight of the task; it is replaced in ${renderDuration(replaceAtMs - nowMs)} unless it returns`;
}

function explainDelay({ notBeforeMs, failures, drops = 0 }: InstanceRecord, nowMs: number): string {
  const again = `starts again in ${renderDuration(notBeforeMs - nowMs)}`;
  if (drops > 0)
    return `${again}, after Mesos dropped ${drops === 1 ? 'a launch' : `${drops} launches in a row`}`;
  if (failures === 0) return again;
  return `${again}, after ${failures === 1 ? 'a failure' : `${failures} failures in a row`}`;
}

function explainDisconnected({ mode }: EngineState): string {
  const what = 'not connected to a Mesos master';
  return mode === 'running' ? what : `${what}: the teardown waits for it`;
}

/** What holds it back at this moment. */
function explainNow(state: EngineState, instance: InstanceRecord, nowMs: number): string {
  const { spec } = state.settings;
  if (!state.connected) return explainDisconnected(state);
  const component = findComponent(spec, instance.component);
  const unmet = component === undefined ? [] : listUnmet(spec, component, state.instances);
  if (unmet.length > 0) return `waits until ${unmet.join(' and ')} is ready`;
  if (instance.notBeforeMs > nowMs) return explainDelay(instance, nowMs);
  return (
    explainSilence(state, instance, nowMs) ??
    explainOwnVolumes(state, instance, nowMs) ??
    explainOffers(state, instance, nowMs)
  );
}

/** Undefined unless it ends again and again. */
export function explainCrashLoop({ settings }: EngineState, instance: InstanceRecord): string | undefined {
  const loop = findCrashLoop(instance, settings.timing.crashLoopWindowMs);
  return loop && renderCrashLoop(loop);
}

/** What can be done about its last end. */
function adviseLast({ settings }: EngineState, instance: InstanceRecord): string | undefined {
  const last = instance.recentFailures?.at(-1);
  const component = findComponent(settings.spec, instance.component);
  return instance.failures > 0 && last !== undefined ? adviseOnEnd(last, component) : undefined;
}

/** Undefined for an instance that has what it wants. */
export function explainWaiting(
  state: EngineState,
  instance: InstanceRecord,
  nowMs: number,
): string | undefined {
  const { name, phase, paused, replaceAtMs = 0 } = instance;
  if (paused === true) return `an operator paused it: 'stevedore resume ${name}' lets it run`;
  if (phase === 'refused') return explainRefused(instance);
  if (phase === 'unreachable' && replaceAtMs > nowMs) return explainUnreachable(instance, nowMs);
  if (phase !== 'waiting' && phase !== 'unreachable') return undefined;
  const parts = [
    explainCrashLoop(state, instance),
    explainNow(state, instance, nowMs),
    adviseLast(state, instance),
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}
