import assert from 'node:assert/strict';
import { findCrashLoop, renderCrashLoop } from '../../../../../scheduler/core/failures/crash-loop.ts';
import { adviseOnEnd } from '../../../../../scheduler/core/failures/end-advice.ts';
import { type FailureRecord, addFailure } from '../../../../../scheduler/core/failures/failure-record.ts';
import { createInstance } from '../../../../../scheduler/core/instance.ts';
import { makeComponent } from '../../../../support/engine-world.ts';

const WINDOW_MS = 600_000;

function failure(atMs: number, changes: Partial<FailureRecord> = {}): FailureRecord {
  const message = 'exit 1: no journal folder';
  return { atMs, hostname: 'h1', state: 'TASK_FAILED', message, ranMs: 2000, wasReady: false, ...changes };
}

function after(...recentFailures: FailureRecord[]) {
  return { ...createInstance('worker', 0, 0), recentFailures, failures: recentFailures.length };
}

function explain(...failures: FailureRecord[]): string | undefined {
  const loop = findCrashLoop(after(...failures), WINDOW_MS);
  return loop && renderCrashLoop(loop);
}

describe('crash loop', () => {
  it('is said with number, span, how soon, where, and the last reason', () => {
    const ends = [0, 60_000, 120_000].map((ms) => failure(ms));
    const last = failure(180_000, { hostname: 'h2', ranMs: 4000 });
    assert.equal(
      explain(...ends, last),
      'crash loop: 4 ends in 3min 0s, each after 2.0s to 4.0s, on 2 hosts, last: exit 1: no journal folder',
    );
  });

  it('is none below three ends, nor when they are far apart', () => {
    assert.equal(explain(failure(0), failure(1000)), undefined);
    assert.equal(explain(failure(0), failure(WINDOW_MS), failure(2 * WINDOW_MS)), undefined);
  });

  it('of ends after it was ready only when they say the same', () => {
    const ready = { wasReady: true };
    assert.match(
      explain(failure(0, ready), failure(1, ready), failure(2, ready)) ?? '',
      /^crash loop: 3 ends/,
    );
    const exits = [274, 280, 294].map((ms, at) =>
      failure(at, { ...ready, message: `exited with code 3 after ${ms}ms. Last lines:\nat ${at}` }),
    );
    assert.match(explain(...exits) ?? '', /^crash loop: 3 ends/);
    const other = failure(1, { ...ready, message: 'disk full' });
    assert.equal(explain(failure(0, ready), other, failure(2, ready)), undefined);
  });

  it('is over when the instance is ready', () => {
    const ends = [failure(0), failure(1), failure(2)];
    assert.equal(findCrashLoop({ ...after(...ends), phase: 'ready' }, WINDOW_MS), undefined);
  });

  it('counts all ends in a row, though only the last are kept', () => {
    let kept: readonly FailureRecord[] = [];
    for (let ms = 0; ms < 9000; ms += 1000) kept = addFailure(kept, failure(ms));
    assert.deepEqual(
      kept.map(({ atMs }) => atMs),
      [4000, 5000, 6000, 7000, 8000],
    );
    const loop = findCrashLoop({ ...after(...kept), failures: 9 }, WINDOW_MS);
    assert.match(
      loop === undefined ? '' : renderCrashLoop(loop),
      /^crash loop: 9 ends, the last 5 in 4\.0s, each after 2\.0s, on h1/,
    );
  });

  it('a long message is cut', () => {
    const [kept] = addFailure(undefined, failure(0, { message: 'x'.repeat(5000) }));
    assert.ok((kept?.message?.length ?? 0) < 500);
  });
});

describe('advice on an end', () => {
  const component = makeComponent({ resources: { cpusMilli: 1000, memMiB: 2048, diskMiB: 100 } });
  const advise = (changes: Partial<FailureRecord>) => adviseOnEnd(failure(0, changes), component);

  it('names the limit and what to raise', () => {
    assert.match(
      advise({ reason: 'REASON_CONTAINER_LIMITATION_MEMORY' }) ?? '',
      /2048 MiB of memory: raise the memory of worker/,
    );
    assert.match(advise({ message: 'Memory limit exceeded: Requested: 2048MB' }) ?? '', /2048 MiB/);
    assert.match(advise({ reason: 'REASON_CONTAINER_LIMITATION_DISK' }) ?? '', /100 MiB of disk/);
    assert.match(
      advise({ reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT' }) ?? '',
      /--executor_registration_timeout/,
    );
  });

  it('is silent when there is none', () => assert.equal(advise({}), undefined));
});
