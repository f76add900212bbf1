import assert from 'node:assert/strict';
import { TASK_STATES, isTerminal } from '../../../../../protocol/mesos/task.ts';
import { type EndCause, classifyEnd } from '../../../../../scheduler/core/failures/end-cause.ts';

const ENDS = TASK_STATES.filter((state) => isTerminal(state) && state !== 'TASK_ERROR');

describe('cause of an end', () => {
  it('is the state alone when Mesos gives no reason', () => {
    const causes = ENDS.map((state) => [state, classifyEnd({ state }, 'ready')]);
    assert.deepEqual(Object.fromEntries(causes), {
      TASK_FINISHED: 'failed',
      TASK_FAILED: 'failed',
      TASK_KILLED: 'failed',
      TASK_LOST: 'failed',
      TASK_DROPPED: 'never-started',
      TASK_GONE: 'failed',
      TASK_GONE_BY_OPERATOR: 'host-gone',
    });
  });

  const rows: readonly (readonly [string, string, string, EndCause])[] = [
    ['TASK_KILLED', 'REASON_AGENT_DRAINING', 'ready', 'evicted'],
    ['TASK_FAILED', 'REASON_AGENT_DRAINING', 'starting', 'evicted'],
    ['TASK_GONE_BY_OPERATOR', 'REASON_AGENT_DRAINING', 'ready', 'host-gone'],
    ['TASK_GONE', 'REASON_CONTAINER_PREEMPTED', 'ready', 'evicted'],
    ['TASK_DROPPED', 'REASON_INVALID_OFFERS', 'launching', 'never-started'],
    ['TASK_LOST', 'REASON_INVALID_OFFERS', 'launching', 'never-started'],
    ['TASK_LOST', 'REASON_AGENT_DISCONNECTED', 'launching', 'never-started'],
    ['TASK_LOST', 'REASON_AGENT_DISCONNECTED', 'ready', 'failed'],
    ['TASK_GONE', 'REASON_RECONCILIATION', 'launching', 'never-started'],
    ['TASK_GONE', 'REASON_RECONCILIATION', 'starting', 'failed'],
    ['TASK_GONE', 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT', 'launching', 'failed'],
    ['TASK_FAILED', 'REASON_EXECUTOR_REGISTRATION_TIMEOUT', 'launching', 'failed'],
    ['TASK_FAILED', 'REASON_CONTAINER_LIMITATION_MEMORY', 'ready', 'failed'],
    ['TASK_KILLED', 'REASON_TASK_KILLED_DURING_LAUNCH', 'launching', 'failed'],
  ];
  for (const [state, reason, phase, cause] of rows)
    it(`${state} with ${reason} while ${phase}: ${cause}`, () => {
      const end = { state: state as 'TASK_LOST', reason };
      assert.equal(classifyEnd(end, phase as 'ready'), cause);
    });
});
