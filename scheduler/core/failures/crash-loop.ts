/** An instance that ends again and again without getting anywhere; said at once, in one sentence. */
import { renderDuration } from '../../../protocol/duration.ts';
import type { InstanceRecord } from '../instance.ts';
import { type FailureRecord, renderFailure } from './failure-record.ts';

const ENDS = 3;

export interface CrashLoop {
  readonly ends: readonly [FailureRecord, ...FailureRecord[]];
  /** In a row, of which only the last are kept. */
  readonly count: number;
}

/** What it says at first; how long it took and what it logged last differ each time. */
function toSaying({ message, reason, state }: FailureRecord): string {
  const [first = ''] = (message ?? '').split('\n');
  return `${state} ${reason ?? ''} ${first.replaceAll(/\d+(?:\.\d+)?(?:ms|s|min)\b/g, '')}`;
}

/** The last ends within the window of each other, back to one that was ready and ended otherwise than the last. */
function selectTrailing(failures: readonly FailureRecord[], windowMs: number): FailureRecord[] {
  const last = failures.at(-1);
  if (last === undefined) return [];
  const trailing: FailureRecord[] = [];
  for (const failure of failures.toReversed()) {
    const isAlike = !failure.wasReady || toSaying(failure) === toSaying(last);
    if (!isAlike || last.atMs - failure.atMs > windowMs) break;
    trailing.unshift(failure);
  }
  return trailing;
}

/** Undefined while it is ready, and when its ends are few, far apart, or each another one after it was ready. */
export function findCrashLoop(instance: InstanceRecord, windowMs: number): CrashLoop | undefined {
  if (instance.phase === 'ready') return undefined;
  const [first, ...rest] = selectTrailing(instance.recentFailures ?? [], windowMs);
  if (first === undefined || rest.length + 1 < ENDS) return undefined;
  return { ends: [first, ...rest], count: Math.max(rest.length + 1, instance.failures) };
}

function renderSpan(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map(renderDuration);
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** `crash loop: 4 ends in 3min 0s, each after 2.0s, on 2 hosts, last: exit 1: no journal folder` */
export function renderCrashLoop({ ends, count }: CrashLoop): string {
  const last = ends.at(-1) ?? ends[0];
  const hosts = new Set(ends.map(({ hostname }) => hostname)).size;
  const span = renderDuration(last.atMs - ends[0].atMs);
  const number = count > ends.length ? `${count} ends, the last ${ends.length}` : `${count} ends`;
  const where = hosts === 1 ? `on ${last.hostname}` : `on ${hosts} hosts`;
  const after = renderSpan(ends.map(({ ranMs }) => ranMs));
  return `crash loop: ${number} in ${span}, each after ${after}, ${where}, last: ${renderFailure(last)}`;
}
