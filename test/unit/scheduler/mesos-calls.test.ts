/** Effects as the calls that Mesos reads. */
import assert from 'node:assert/strict';
import type { SchedulerCall } from '../../../protocol/mesos/scheduler.ts';
import { type MesosEffect, performEffect } from '../../../scheduler/effect-interpreter.ts';
import { createLogger } from '../../../scheduler/log.ts';

function toCalls(effect: MesosEffect, frameworkId?: string): SchedulerCall[] {
  const sent: SchedulerCall[] = [];
  performEffect(effect, frameworkId, {
    calls: { send: (call: SchedulerCall) => void sent.push(call) },
    log: createLogger(() => undefined),
    surroundings: () => assert.fail('nothing is launched'),
    onTornDown: () => undefined,
  });
  return sent;
}

const framework_id = { value: 'F' };

describe('effect interpreter', () => {
  it('a kill carries the grace that is left, and none when none is known', () => {
    assert.deepEqual(toCalls({ kind: 'kill', taskId: 'T', agentId: 'A', graceMs: 1500 }, 'F'), [
      {
        framework_id,
        type: 'KILL',
        kill: {
          task_id: { value: 'T' },
          agent_id: { value: 'A' },
          kill_policy: { grace_period: { nanoseconds: 1_500_000_000 } },
        },
      },
    ]);
    assert.deepEqual(toCalls({ kind: 'kill', taskId: 'T' }, 'F'), [
      { framework_id, type: 'KILL', kill: { task_id: { value: 'T' } } },
    ]);
  });

  it('a shutdown is of the executor that the task was launched with', () => {
    assert.deepEqual(toCalls({ kind: 'shutdown', taskId: 'T', agentId: 'A' }, 'F'), [
      {
        framework_id,
        type: 'SHUTDOWN',
        shutdown: { executor_id: { value: 'T.executor' }, agent_id: { value: 'A' } },
      },
    ]);
  });

  it('inverse offers are accepted and declined by calls of their own', () => {
    const answer = { inverse_offer_ids: [{ value: 'I' }], filters: { refuse_seconds: 300 } };
    const about = { inverseOfferIds: ['I'], refuseSeconds: 300 };
    assert.deepEqual(toCalls({ kind: 'accept-inverse', ...about }, 'F'), [
      { framework_id, type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: answer },
    ]);
    assert.deepEqual(toCalls({ kind: 'decline-inverse', ...about }, 'F'), [
      { framework_id, type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: answer },
    ]);
  });

  it('nobody is called before the first subscription', () => {
    assert.deepEqual(toCalls({ kind: 'kill', taskId: 'T' }), []);
  });
});
