import assert from 'node:assert/strict';
import { stopInTime } from '../../../../scheduler/leadership/stop-in-time.ts';

const OPTIONS = { cluster: 'c1', stopTimeoutMs: 5 };
const never = new Promise<number>(() => undefined);

describe('a run that leads no longer', () => {
  it('gives its own result when it stops in time', async () => {
    const lost = new AbortController();
    const { promise, resolve } = Promise.withResolvers<number>();
    lost.signal.addEventListener('abort', () => resolve(3));
    const stopped = stopInTime(promise, lost.signal, OPTIONS);
    lost.abort();
    assert.equal(await stopped, 3);
  });

  it('is an error when it goes on, whether lost before or later', async () => {
    await assert.rejects(stopInTime(never, AbortSignal.abort(), OPTIONS), { code: 'ERR_LEADER_STUCK' });
    const lost = new AbortController();
    const stopped = stopInTime(never, lost.signal, OPTIONS);
    lost.abort();
    await assert.rejects(stopped, /did not stop within 0.005 s/);
  });

  it('may take as long as it likes while it leads', async () => {
    const lost = new AbortController();
    const late = new Promise<number>((resolve) => setTimeout(() => resolve(4), 15));
    assert.equal(await stopInTime(late, lost.signal, OPTIONS), 4);
  });
});
