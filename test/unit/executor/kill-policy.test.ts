import assert from 'node:assert/strict';
import { resolveKillGraceMs, resolveShutdownGraceMs } from '../../../executor/core/kill-policy.ts';

const seconds = (count: number) => ({ grace_period: { nanoseconds: count * 1e9 } });

describe('kill policy', () => {
  it('takes the request first, then the task, then the service', () => {
    assert.equal(resolveKillGraceMs(seconds(1), seconds(2), 3000), 1000);
    assert.equal(resolveKillGraceMs(undefined, seconds(2), 3000), 2000);
    assert.equal(resolveKillGraceMs({}, {}, 3000), 3000);
    assert.equal(resolveKillGraceMs(seconds(0), seconds(2), 3000), 0);
  });

  it('ends before the agent destroys the container', () => {
    assert.equal(resolveShutdownGraceMs(30_000, 40_000), 30_000);
    assert.equal(resolveShutdownGraceMs(30_000, 5000), 3000);
    assert.equal(resolveShutdownGraceMs(30_000, 1000), 500);
  });
});
