import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  type ProcessIdentity,
  endProcess,
  identifyProcess,
  isRunning,
  waitForEnd,
} from '../../../scripts/up/process-identity.ts';

describe('a process known by pid and start time', () => {
  const children: ChildProcess[] = [];

  async function start(script: string): Promise<ProcessIdentity> {
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout, 'data');
    return identifyProcess('test', child.pid as number) as ProcessIdentity;
  }

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('is ended by TERM', async () => {
    const identity = await start('echo on; exec sleep 60');
    await endProcess(identity, 5000);
    assert.ok(!isRunning(identity));
  });

  it('is ended by KILL when it ignores TERM', async () => {
    const identity = await start('trap "" TERM; echo on; while :; do sleep 1; done');
    await endProcess(identity, 200);
    assert.ok(!isRunning(identity));
  });

  it('is not taken for another one with its pid', async () => {
    const identity = await start('echo on; exec sleep 60');
    const former = { ...identity, startTime: '1' };
    await endProcess(former, 200);
    assert.ok(!isRunning(former));
    assert.ok(isRunning(identity));
  });

  it('is waited for only so long', async () => {
    const identity = await start('echo on; exec sleep 60');
    assert.equal(await waitForEnd(identity, 100), false);
  });
});
