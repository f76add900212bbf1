/** What follows from a failure beyond the instance: for its host, and for the service as a whole. */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import { beginTeardown } from '../teardown.ts';
import { adviseOnEnd } from './end-advice.ts';
import { addFailedTask, renderFailedTasks, resolveMaximum } from './failed-tasks.ts';
import type { FailureRecord } from './failure-record.ts';
import { isAvoided, noteHostFailure, renderAvoided } from './host-failures.ts';

/** Mesos refuses such a task wherever it goes. */
function isHostsFault({ state, hostname }: FailureRecord): boolean {
  return state !== 'TASK_ERROR' && hostname !== '';
}

function blameHost(draft: Draft, instance: string, failure: FailureRecord): void {
  if (!isHostsFault(failure)) return;
  const { hostname } = failure;
  const before = draft.state.facts.agents ?? {};
  const agents = noteHostFailure(before, { hostname, instance }, draft.drawMoment());
  draft.note({ agents });
  const host = agents[hostname];
  if (host === undefined || !isAvoided(host, draft.nowMs) || isAvoided(before[hostname], draft.nowMs)) return;
  draft.log('warn', 'avoids a host on which tasks fail', {
    host: hostname,
    why: renderAvoided(hostname, host, draft.nowMs),
    instances: [...new Set(host.ends.map((end) => end.instance))].join(','),
  });
}

function countFailure(draft: Draft, instance: string, failure: FailureRecord): void {
  const { maximumFailedTasks, spec, timing } = draft.state.settings;
  const maximum = resolveMaximum(maximumFailedTasks, spec);
  if (maximum === Number.POSITIVE_INFINITY || draft.state.mode !== 'running') return;
  const counted = addFailedTask(draft.state.facts.failedTasks, { ...failure, instance });
  if (counted.count <= maximum) return draft.note({ failedTasks: counted });
  draft.note({ failedTasks: { ...counted, exceeded: { atMs: draft.nowMs, maximum } } });
  draft.log('error', 'more tasks have failed than may: gives the service up', {
    failed: counted.count,
    maximum,
    failures: renderFailedTasks(counted).join('; '),
  });
  beginTeardown(draft, { graceMs: timing.teardownGraceMs });
}

export function noteFailure(draft: Draft, name: string, failure: FailureRecord): void {
  const { spec } = draft.state.settings;
  const instance = draft.state.instances.get(name);
  const component = findComponent(spec, instance?.component ?? '');
  const advice = adviseOnEnd(failure, component);
  if (advice !== undefined)
    draft.log('warn', 'a task failed in a way that can be helped', { instance: name, advice });
  blameHost(draft, name, failure);
  countFailure(draft, name, failure);
}

/** Said once, by the first run after the one that was given up. */
export function recallExceeded(draft: Draft): void {
  const { failedTasks } = draft.state.facts;
  if (failedTasks?.exceeded === undefined || draft.state.mode !== 'running') return;
  draft.log('warn', 'the run before was given up: more tasks had failed than may', {
    failed: failedTasks.count,
    maximum: failedTasks.exceeded.maximum,
    failures: renderFailedTasks(failedTasks).join('; '),
  });
  draft.note({ failedTasks: undefined });
}
