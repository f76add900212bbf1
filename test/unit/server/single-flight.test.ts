import assert from 'node:assert/strict';
import type { WorkOptions } from '../../../server/progress.ts';
import { SingleFlight } from '../../../server/single-flight.ts';

function createWork() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const started: WorkOptions[] = [];
  const start = (work: WorkOptions) => {
    started.push(work);
    work.signal?.addEventListener('abort', () => reject(work.signal?.reason));
    return promise;
  };
  return { start, started, resolve, reject };
}

describe('single flight', () => {
  it('does the work once for all who ask meanwhile, and tells all of its progress', async () => {
    const flights = new SingleFlight<string>();
    const { start, started, resolve } = createWork();
    const seen: string[] = [];
    const first = flights.run('k', { progress: (done) => seen.push(`first ${done}`) }, start);
    const second = flights.run('k', { progress: (done) => seen.push(`second ${done}`) }, start);
    started[0]?.progress?.(5, 10);
    resolve('done');
    assert.deepEqual(await Promise.all([first, second]), ['done', 'done']);
    assert.equal(started.length, 1);
    assert.deepEqual(seen, ['first 5', 'second 5']);
  });

  it('does the work anew for one who asks later', async () => {
    const flights = new SingleFlight<string>();
    let count = 0;
    const start = async () => `${++count}`;
    assert.equal(await flights.run('k', {}, start), '1');
    assert.equal(await flights.run('k', {}, start), '2');
  });

  it('goes on when one of two leaves, and ends when the last leaves', async () => {
    const flights = new SingleFlight<string>();
    const { start, started } = createWork();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = flights.run('k', { signal: one.signal }, start);
    const second = flights.run('k', { signal: other.signal }, start);
    one.abort(new Error('first left'));
    await assert.rejects(first, /first left/);
    assert.equal(started[0]?.signal?.aborted, false);
    other.abort(new Error('second left'));
    await assert.rejects(second, /second left/);
    assert.equal(started[0]?.signal?.aborted, true);
  });

  it('gives a failure to all', async () => {
    const flights = new SingleFlight<string>();
    const { start, reject } = createWork();
    const both = [flights.run('k', {}, start), flights.run('k', {}, start)];
    reject(new Error('broken'));
    for (const result of both) await assert.rejects(result, /broken/);
  });
});
