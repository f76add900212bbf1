/** Why an instance has no task, in words and numbers. */
import { renderDuration } from '../../protocol/duration.ts';
import type { EngineState, TimedEvaluation } from './engine-state.ts';
import type { InstanceRecord } from './instance.ts';
import { listUnmet } from './plan.ts';

/** `127.0.0.2: needs port 19998 (alluxio.master.rpc.port), offered 31000-32000` */
function renderEvaluation(evaluation: TimedEvaluation): string {
  const failed = evaluation.outcomes.filter((outcome) => !outcome.passes).map((outcome) => outcome.reason);
  return `${evaluation.hostname}: ${failed.length === 0 ? 'fits' : failed.join('; ')}`;
}

function explainOffers(evaluations: readonly TimedEvaluation[]): string {
  if (evaluations.length === 0) return 'no offer has come yet';
  return `no offer fits: ${evaluations.map(renderEvaluation).join(' | ')}`;
}

/** Undefined for an instance that has what it wants. */
export function explainWaiting(
  state: EngineState,
  instance: InstanceRecord,
  nowMs: number,
): string | undefined {
  const { spec } = state.settings;
  if (instance.phase === 'refused')
    return `Mesos or the service refused the launch and would refuse it again: ${instance.lastMessage ?? 'no reason given'}`;
  if (instance.phase === 'unreachable' && (instance.replaceAtMs ?? 0) > nowMs)
    return `Mesos lost sight of the task; it is replaced in ${renderDuration((instance.replaceAtMs ?? 0) - nowMs)} unless it returns`;
  if (instance.phase !== 'waiting' && instance.phase !== 'unreachable') return undefined;
  if (!state.connected) return 'not connected to a Mesos master';
  const component = spec.components.find(({ name }) => name === instance.component);
  const unmet = component === undefined ? [] : listUnmet(spec, component, state.instances);
  if (unmet.length > 0) return `waits until ${unmet.join(' and ')} is ready`;
  if (instance.notBeforeMs > nowMs)
    return `starts again in ${renderDuration(instance.notBeforeMs - nowMs)}, after ${instance.failures === 1 ? 'a failure' : `${instance.failures} failures in a row`}`;
  return explainOffers(state.evaluations[instance.name] ?? []);
}
