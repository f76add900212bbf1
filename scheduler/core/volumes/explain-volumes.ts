/** Why an instance waits for the host that holds its volumes. */
import { renderDuration } from '../../../protocol/duration.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { parseOwnedId } from './reservation-owner.ts';
import { isBoundByVolumes, listSeenIds } from './volume-claim.ts';

/** A host that has something to give makes an offer within seconds. */
const SILENCE_MS = 30_000;

function describeHost({ hostsSeenMs }: EngineState, hostname: string, nowMs: number): string {
  const seenMs = hostsSeenMs.get(hostname);
  if (seenMs === undefined) return 'which has made no offer yet';
  if (nowMs - seenMs < SILENCE_MS)
    return 'which makes offers without it: another framework of the role may hold them, or it was destroyed';
  return `which makes no offer, the last ${renderDuration(nowMs - seenMs)} ago`;
}

/** A task that may be running still keeps its state from being forgotten; it can be replaced. */
function adviseLoss({ name, phase }: InstanceRecord): string {
  const order = phase === 'unreachable' ? `stevedore replace ${name}` : `stevedore forget ${name}`;
  return `if it is lost, '${order}' gives it up`;
}

/** Undefined when its volumes are not what it waits for. */
export function explainOwnVolumes(
  state: EngineState,
  instance: InstanceRecord,
  nowMs: number,
): string | undefined {
  if (!isBoundByVolumes(instance) || instance.hostname === undefined) return undefined;
  const evaluations = state.evaluations.get(instance.name) ?? [];
  const isElsewhere = evaluations.every(({ outcomes }) =>
    outcomes.some(({ stage, passes }) => stage === 'volumes' && !passes),
  );
  if (!isElsewhere) return undefined;
  const names = listSeenIds(instance).map((id) => parseOwnedId(id)?.name ?? id);
  const lies = names.length === 1 ? `its volume ${names[0]} lies` : `its volumes ${names.join(', ')} lie`;
  const { hostname } = instance;
  return `${lies} on host ${hostname}, ${describeHost(state, hostname, nowMs)}; ${adviseLoss(instance)}`;
}
