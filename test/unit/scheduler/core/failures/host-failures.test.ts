import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type FailuresByHost,
  isAvoided,
  listAvoided,
  noteHostFailure,
  renderAvoided,
} from '../../../../../scheduler/core/failures/host-failures.ts';
import { DEFAULT_TIMING as timing } from '../../../../../scheduler/core/timing.ts';

function fail(hosts: FailuresByHost, atMs: number, hostname = 'h1'): FailuresByHost {
  return noteHostFailure(hosts, { hostname, instance: 'worker-0' }, { nowMs: atMs, chance: 1, timing });
}

describe('failures by host', () => {
  it('avoids a host at its third failure within the window, and says so', () => {
    const twice = fail(fail({}, 0), 60_000);
    assert.equal(isAvoided(twice.h1, 60_001), false);
    const thrice = fail(twice, 120_000);
    assert.equal(isAvoided(thrice.h1, 120_001), true);
    assert.equal(
      thrice.h1 && renderAvoided('h1', thrice.h1, 120_000),
      'host h1 failed 3 tasks in 2min 0s, avoided for 2min 0s',
    );
    assert.equal(isAvoided(thrice.h1, 120_000 + timing.agentBackoffBaseMs), false);
  });

  it('does not add up failures that are far apart', () => {
    let hosts: FailuresByHost = {};
    for (let turn = 0; turn < 9; turn += 1) hosts = fail(hosts, turn * timing.agentWindowMs * 0.6);
    assert.equal(hosts.h1?.untilMs, undefined);
  });

  it('avoids it longer each time, from its first failure on, up to the limit', () => {
    let hosts = [0, 1, 2].reduce((known, ms) => fail(known, ms), {});
    const spans: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const nowMs = (hosts as FailuresByHost).h1?.untilMs ?? 0;
      hosts = fail(hosts, nowMs);
      spans.push(((hosts as FailuresByHost).h1?.untilMs ?? 0) - nowMs);
    }
    const base = timing.agentBackoffBaseMs;
    assert.deepEqual(spans.slice(0, 3), [2 * base, 4 * base, 8 * base]);
    assert.equal(spans.at(-1), timing.agentBackoffMaxMs);
  });

  it('forgets a host that has been quiet for long', () => {
    const hosts = fail(
      [0, 1, 2].reduce((known, ms) => fail(known, ms), {}),
      9 * timing.agentBackoffMaxMs,
      'h2',
    );
    assert.deepEqual(Object.keys(hosts), ['h2']);
  });

  it('blames the service instead when more than half of all hosts fail', () => {
    const bad = ['h1', 'h2'].reduce<FailuresByHost>(
      (known, hostname) => [0, 1, 2].reduce((hosts, ms) => fail(hosts, ms, hostname), known),
      {},
    );
    assert.deepEqual(listAvoided(bad, new Set(['h1', 'h2', 'h3', 'h4']), 3), ['h1', 'h2']);
    assert.deepEqual(listAvoided(bad, new Set(['h1', 'h2', 'h3']), 3), []);
  });

  it('keeps little, whatever happens', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(600_000)), { maxLength: 200 }), (ends) => {
        let nowMs = 0;
        let hosts: FailuresByHost = {};
        for (const [host, ms] of ends) hosts = fail(hosts, (nowMs += ms), `h${host}`);
        return Object.values(hosts).every(
          (host) => host.ends.length <= 10 && (host.untilMs ?? 0) - nowMs <= timing.agentBackoffMaxMs,
        );
      }),
      { seed: 7, numRuns: 50 },
    ));
});
