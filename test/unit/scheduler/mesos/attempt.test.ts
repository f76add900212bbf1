import assert from 'node:assert/strict';
import { Attempt } from '../../../../scheduler/mesos/attempt.ts';
import { parseMasterAddress } from '../../../../scheduler/mesos/master-address.ts';

const [one, two] = [parseMasterAddress('a:1'), parseMasterAddress('b:2')];

describe('attempt to subscribe', () => {
  it('is over when another master leads, and not when the one that it asks does', () => {
    const attempt = new Attempt(new AbortController().signal);
    attempt.replace(one);
    attempt.chain.push(one, two);
    attempt.replace(two);
    assert.ok(!attempt.signal.aborted);
    attempt.replace(one);
    assert.match(String(attempt.signal.reason), /another Mesos master leads now: a:1/);
  });

  it('ends with the scheduler, also when that has stopped already', () => {
    const controller = new AbortController();
    const attempt = new Attempt(controller.signal);
    controller.abort();
    assert.match(String(attempt.signal.reason), /the scheduler stops/);
    assert.ok(new Attempt(controller.signal).signal.aborted);
  });
});
