import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createTaskToken, verifyTaskToken } from '../../../server/task-token.ts';

const key = Buffer.alloc(32, 7);

describe('task token', () => {
  it('is the HMAC of task and digest under the cluster key', () => {
    const expected = createHmac('sha256', key).update('task-1\0abc').digest('base64url');
    assert.equal(createTaskToken(key, 'task-1', 'abc'), expected);
  });

  it('holds for its task, its digest and its cluster only', () => {
    const token = createTaskToken(key, 'task-1', 'abc');
    assert.equal(verifyTaskToken(key, 'task-1', 'abc', token), true);
    assert.equal(verifyTaskToken(key, 'task-2', 'abc', token), false);
    assert.equal(verifyTaskToken(key, 'task-1', 'abd', token), false);
    assert.equal(verifyTaskToken(Buffer.alloc(32, 8), 'task-1', 'abc', token), false);
  });

  it('refuses what is cut, prolonged or empty', () => {
    const token = createTaskToken(key, 'task-1', 'abc');
    for (const other of ['', token.slice(0, -2), `${token}AAAA`]) {
      assert.equal(verifyTaskToken(key, 'task-1', 'abc', other), false);
    }
  });
});
