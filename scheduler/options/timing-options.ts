/** Options of the engine's waiting times: one for each, with the engine's own value as default. */
import type { OptionDefinition } from '../../config/option-table.ts';
import { DEFAULT_TIMING, type Timing } from '../core/timing.ts';
import { toDurationText } from './duration-text.ts';
import type { KeyNaming } from './key-naming.ts';
import { durationFromType } from './scheduler-option-types.ts';

const section = 'Waiting times';

type TimingName = keyof Timing;

/** Path of the key, and what waits for so long. */
const MEANINGS: Readonly<Record<TimingName, readonly [path: string, doc: string]>> = {
  unreachableMs: [
    'unreachable.grace',
    'From the word of Mesos that a task is unreachable to its replacement.',
  ],
  unknownMs: [
    'unknown.grace',
    'From the word of Mesos that it does not know a task to its replacement: longer than a new master gives agents to come back (10 min).',
  ],
  backoffBaseMs: ['backoff.base', 'Pause after the first failure of a task; each further one doubles it.'],
  backoffMaxMs: ['backoff.max', 'The longest such pause.'],
  dropBackoffBaseMs: ['drop.backoff.base', 'Pause after Mesos dropped a launch before it began.'],
  dropBackoffMaxMs: ['drop.backoff.max', 'The longest such pause.'],
  stableMs: ['backoff.reset-after', 'A task that was ready for so long has no failures behind it.'],
  killRetryMs: ['kill.retry', 'A kill without effect is sent again after this.'],
  launchSilenceMs: ['launch.silence', 'A launch of which nothing is heard is asked about after this.'],
  reconcileBaseMs: ['reconcile.backoff.base', 'First pause when Mesos does not answer about a task.'],
  reconcileMaxMs: ['reconcile.backoff.max', 'The longest such pause.'],
  implicitReconcileMs: ['reconcile.interval', 'How often Mesos is asked for all tasks that it knows.'],
  reviveIntervalMs: ['revive.interval', 'Between two requests for offers.'],
  retireMs: [
    'host.retire-after',
    'An instance that has its host to itself is given up when that host has made no offer for so long.',
  ],
  shutdownMarginMs: [
    'shutdown.margin',
    "Beyond a task's own grace, before its executor is shut down by the agent.",
  ],
  crashLoopWindowMs: ['crash-loop.window', 'Failures that lie within this of each other make a crash loop.'],
  agentWindowMs: ['host.failure-window', 'Failures on one host count together within this.'],
  agentBackoffBaseMs: ['host.backoff.base', 'How long a host with many failures is avoided at first.'],
  agentBackoffMaxMs: ['host.backoff.max', 'How long it is avoided at most.'],
  maintenanceLeadMs: [
    'maintenance.lead',
    'A host whose maintenance begins within this gets nothing new, and what can leave it leaves.',
  ],
  fetchMs: [
    'bundle.fetch-time',
    'What the fetch of the executor bundle may take: so many tasks are launched at once as fit. Well below `executor_registration_timeout` of the agents (1 min).',
  ],
  teardownGraceMs: ['teardown.grace', 'What tasks get to end by themselves when the service is torn down.'],
  explainMs: ['explain.keep', 'For how long a refused offer explains why an instance waits.'],
};

export const TIMING_NAMES = Object.keys(MEANINGS) as TimingName[];

/** Zero would be a loop without a pause. */
const durationFrom1Ms = durationFromType(1, '1ms');

type TimingOption = OptionDefinition<number> & { readonly default: string };

export function createTimingOptions(keyOf: KeyNaming): Readonly<Record<TimingName, TimingOption>> {
  const entries = TIMING_NAMES.map((name) => {
    const [path, doc] = MEANINGS[name];
    const text = toDurationText(DEFAULT_TIMING[name]);
    return [name, { key: keyOf(path), type: durationFrom1Ms, default: text, section, doc }];
  });
  return Object.fromEntries(entries) as Record<TimingName, TimingOption>;
}
