/** Why no offer is used for an instance: host by host while they are few, else stage by stage. */
import { renderDuration } from '../../../protocol/duration.ts';
import type { EngineState, TimedEvaluation } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { isBoundByVolumes } from '../volumes/volume-claim.ts';
import { toRefusal } from './refusal-ledger.ts';
import { type StageSummary, renderStage, summarizeLedger, summarizeStages } from './stage-summary.ts';

/** So many hosts are shown one by one. */
const FEW = 3;

/** `127.0.0.2: needs port 19998 (alluxio.master.rpc.port), offered 31000-32000` */
function renderEvaluation({ hostname, outcomes }: TimedEvaluation): string {
  const failed = outcomes.filter(({ passes }) => !passes).map(({ reason }) => reason);
  return `${hostname}: ${failed.length === 0 ? 'fits' : failed.join('; ')}`;
}

/** Its own host alone counts, so that its refusals are not those of its component. */
function isBound(instance: InstanceRecord, evaluations: readonly TimedEvaluation[]): boolean {
  if (isBoundByVolumes(instance)) return true;
  return evaluations.some(({ outcomes }) => outcomes.some(({ stage }) => stage === 'bound-host'));
}

function isElsewhere({ outcomes }: TimedEvaluation): boolean {
  return outcomes.some(({ stage, passes }) => stage === 'bound-host' && !passes);
}

/** Per stage, over all offers of late. */
export function explainStages(state: EngineState, instance: InstanceRecord): readonly StageSummary[] {
  const evaluations = state.evaluations.get(instance.name) ?? [];
  const ledger = state.refusals[instance.component];
  if (ledger !== undefined && ledger.size > 0 && !isBound(instance, evaluations))
    return summarizeLedger(ledger);
  return summarizeStages(evaluations.map((evaluation) => toRefusal(evaluation, evaluation.atMs)));
}

function explainAbsentHost(state: EngineState, hostname: string, nowMs: number): string {
  const seenMs = state.hostsSeenMs.get(hostname);
  const last = seenMs === undefined ? '' : ` (the last ${renderDuration(nowMs - seenMs)} ago)`;
  return `needs host ${hostname}, which makes no offer${last}; other hosts do`;
}

export function explainOffers(state: EngineState, instance: InstanceRecord, nowMs: number): string {
  const evaluations = state.evaluations.get(instance.name) ?? [];
  const stages = explainStages(state, instance);
  if (stages.length === 0 && evaluations.length === 0) return 'no offer has come yet';
  const wave = stages.find(({ stage, alone }) => stage === 'wave' && alone > 0);
  if (wave !== undefined) return wave.best;
  const agents = Math.max(evaluations.length, ...stages.map(({ refused }) => refused));
  if (agents <= FEW) return `no offer fits: ${evaluations.map(renderEvaluation).join(' | ')}`;
  const { hostname } = instance;
  if (hostname !== undefined && evaluations.length > 0 && evaluations.every(isElsewhere))
    return explainAbsentHost(state, hostname, nowMs);
  return `no offer fits: ${stages.map(renderStage).join(' | ')}`;
}
