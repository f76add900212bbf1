import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../executor/main.ts');

describe('executor program', () => {
  it('says what an agent would have set, when no agent has started it', () => {
    const env = { MESOS_FRAMEWORK_ID: 'f1', MESOS_SANDBOX: '/tmp' };
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /lacks MESOS_EXECUTOR_ID, MESOS_AGENT_ENDPOINT\. The executor is started by a Mesos agent/,
    );
  });
});
