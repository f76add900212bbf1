/** What leads no longer must stop: a scheduler that does not is worse than one that is dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError } from '../../protocol/errors.ts';

const STOP_TIMEOUT_MS = 30_000;

export interface StopOptions {
  readonly cluster: string;
  readonly stopTimeoutMs?: number;
}

/** What the run resolves to. @throws StevedoreError ERR_LEADER_STUCK when it goes on for too long after the loss */
export async function stopInTime<Result>(
  running: Promise<Result>,
  lost: AbortSignal,
  options: StopOptions,
): Promise<Result> {
  const { cluster, stopTimeoutMs = STOP_TIMEOUT_MS } = options;
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  const ended = new AbortController();
  const fail = () =>
    reject(new StevedoreError('ERR_LEADER_STUCK', { cluster, seconds: stopTimeoutMs / 1000 }));
  const count = () =>
    void sleep(stopTimeoutMs, undefined, { signal: ended.signal }).then(fail, () => undefined);
  lost.addEventListener('abort', count, { once: true });
  if (lost.aborted) count();
  try {
    return await Promise.race([running, stuck]);
  } finally {
    ended.abort();
    lost.removeEventListener('abort', count);
  }
}
