import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { renderSubscribeCall, renderUpdate, renderUpdateCall } from '../../../executor/core/status-update.ts';
import { acknowledge, addTask, addUpdate, EMPTY_QUEUE } from '../../../executor/core/update-queue.ts';
import type { TaskInfo } from '../../../protocol/mesos/task.ts';

const GOLDEN = new URL('../../fixtures/executor/', import.meta.url);

/** The JSON body of a recorded request. */
function goldenBody(
  name: string,
): Record<string, never> & { subscribe: { unacknowledged_tasks: TaskInfo[] } } {
  const text = readFileSync(new URL(`${name}.request.bin`, GOLDEN), 'utf8');
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n')));
}

const task: TaskInfo = { name: 'x', task_id: { value: 't1' }, agent_id: { value: 'a' } };
const other: TaskInfo = { ...task, task_id: { value: 't2' } };

function update(taskId: string, byte: number) {
  const content = { taskId, executorId: 'ex1', state: 'TASK_STARTING' as const, labels: {} };
  return renderUpdate(content, { uuid: new Uint8Array(16).fill(byte), nowMs: 1500 });
}

describe('update queue', () => {
  it('names a task until one of its updates was acknowledged, and only that task', () => {
    const [first, second] = [update('t1', 1), update('t1', 2)];
    let queue = addUpdate(addUpdate(addTask(addTask(EMPTY_QUEUE, task), other), first), second);
    queue = acknowledge(queue, 't1', first.status.uuid);
    assert.deepEqual(queue, { tasks: [other], updates: [second] });
  });

  it('takes no task twice, and no notice of what it does not know', () => {
    const queue = addTask(addTask(EMPTY_QUEUE, task), task);
    assert.deepEqual(queue.tasks, [task]);
    assert.equal(acknowledge(queue, 't1', 'AAAA'), queue);
  });

  it('re-subscribes as a real executor was seen to', () => {
    const golden = goldenBody('exck/08-subscribe');
    const [stayed] = golden.subscribe.unacknowledged_tasks;
    const identity = { frameworkId: '97e25a26-765e-43ce-936f-ecd8ade6385f-0025', executorId: 'exck' };
    const call = renderSubscribeCall(identity, addTask(EMPTY_QUEUE, stayed as TaskInfo));
    assert.deepEqual(JSON.parse(JSON.stringify(call)), golden);
  });

  it('says an update in the recorded fields, with time and labels besides', () => {
    const golden = goldenBody('ex1/01-update-TASK_STARTING') as never as {
      update: { status: { uuid: string } };
    };
    const content = { taskId: 't1', executorId: 'ex1', state: 'TASK_STARTING' as const, labels: { a: 'b' } };
    const uuid = Buffer.from(golden.update.status.uuid, 'base64');
    const identity = { frameworkId: '97e25a26-765e-43ce-936f-ecd8ade6385f-0001', executorId: 'ex1' };
    const call = renderUpdateCall(identity, renderUpdate(content, { uuid, nowMs: 1500 }));
    const extra = { timestamp: 1.5, labels: { labels: [{ key: 'a', value: 'b' }] } };
    assert.deepEqual(call, {
      ...golden,
      update: { status: { ...golden.update.status, ...extra } },
    });
  });
});
