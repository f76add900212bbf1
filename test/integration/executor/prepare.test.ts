import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';
import type { TaskStatus } from '../../../protocol/mesos/task.ts';
import { parseLabels } from '../../../protocol/status-labels.ts';
import { FakeAgent } from './fake-agent.ts';
import {
  agentEnvironment,
  findFreePort,
  fixtureSpec,
  makeSandbox,
  removeSandbox,
  type StartedExecutor,
  startExecutor,
  toTask,
} from './launch-fixture.ts';

type Prepare = LaunchSpec['prepare'][number];

function shell(name: string, script: string, more: Partial<Prepare> = {}): Prepare {
  return { name, command: { choices: [{ argv: ['/bin/sh', '-c', script] }] }, timeoutMs: 3000, ...more };
}

describe('prepare steps', () => {
  let agent: FakeAgent;
  let sandbox: string;
  let executor: StartedExecutor;

  beforeEach(async () => {
    agent = await new FakeAgent().listen();
    sandbox = makeSandbox();
  });

  afterEach(async () => {
    executor.child.kill('SIGTERM');
    await executor.exit;
    await agent.close();
    removeSandbox(sandbox);
  });

  async function run(
    prepare: readonly Prepare[],
    state: TaskStatus['state'],
    changes: Partial<LaunchSpec> = {},
  ) {
    executor = startExecutor(sandbox, agentEnvironment(agent, sandbox));
    await agent.untilSubscribed();
    const port = await findFreePort();
    agent.launch(toTask(fixtureSpec(port, [], { prepare: [...prepare], ...changes })));
    return agent.untilStatus(state);
  }

  it('run in order and to their end before the service starts', async () => {
    const steps = [shell('first', 'sleep 0.1; echo first'), shell('second', 'echo second >&2; echo second')];
    const running = await run(steps, 'TASK_RUNNING');
    assert.match(executor.output('stdout'), /^first\nsecond\nfixture service listens/);
    const labels = parseLabels(running.labels);
    assert.ok(Number(labels['stevedore.step.prepare.first']) >= 100);
    assert.ok('stevedore.step.prepare.second' in labels);
  });

  it('format only empty state, mark it before and after, and report it', async () => {
    const directories = [
      { name: 'journal', kind: 'state' as const, formatted: false },
      { name: 'tier', kind: 'state' as const, formatted: true },
    ];
    const steps = [
      shell('format-journal', 'cat delivery', { formats: 'journal' }),
      shell('format-tier', 'echo must not run', { formats: 'tier' }),
    ];
    const running = await run(steps, 'TASK_RUNNING', { directories });
    assert.match(executor.output('stdout'), /^formatting journal\nfixture/);
    assert.equal(readFileSync(join(sandbox, 'delivery'), 'utf8'), 'formatting journal\nformatted journal\n');
    assert.equal(parseLabels(running.labels)['stevedore.formatted'], 'journal,tier');
  });

  it('fail the task with what they wrote', async () => {
    const steps = [shell('format-journal', 'echo no space; exit 4', { formats: 'journal' })];
    const directories = [{ name: 'journal', kind: 'state' as const, formatted: false }];
    const { message, labels } = await run(steps, 'TASK_FAILED', { directories });
    assert.match(message ?? '', /'format-journal' exited with code 4 .*Last lines:\nno space/s);
    assert.equal(parseLabels(labels)['stevedore.formatted'], undefined);
    assert.equal(readFileSync(join(sandbox, 'delivery'), 'utf8'), 'formatting journal\nreleased\n');
  });

  it('report nothing formatted before the service is ready, since it may not have written there yet', async () => {
    const steps = [shell('format-journal', 'true', { formats: 'journal' }), shell('later', 'exit 3')];
    const directories = [{ name: 'journal', kind: 'state' as const, formatted: false }];
    const { labels } = await run(steps, 'TASK_FAILED', { directories });
    assert.equal(parseLabels(labels)['stevedore.formatted'], undefined);
  });

  it('fail the task when the output is not the one that is expected', async () => {
    const expect = { pattern: 'version "(11|17)\\.', message: 'Alluxio 2.9 needs Java 11 or 17' };
    const wrong = shell('java', `echo 'openjdk version "21.0.1"' >&2`, { expect });
    const { message } = await run([wrong], 'TASK_FAILED');
    assert.match(message ?? '', /^Alluxio 2\.9 needs Java 11 or 17 .*"21\.0\.1"/s);
  });

  it('accept the output that is expected', async () => {
    const expect = { pattern: 'version "(11|17)\\.', message: 'no' };
    await run([shell('java', `echo 'openjdk version "17.0.1"' >&2`, { expect })], 'TASK_RUNNING');
  });

  it('fail the task when they take too long', async () => {
    const { message } = await run([shell('slow', 'sleep 60', { timeoutMs: 200 })], 'TASK_FAILED');
    assert.match(message ?? '', /'slow' did not end within 200ms/);
  });

  it('end when the task is killed', async () => {
    await run([shell('slow', 'echo begun; sleep 60', { timeoutMs: 60_000 })], 'TASK_STARTING');
    await agent.until(() => executor.output('stdout').includes('begun') || undefined, 'begin');
    agent.kill('t1');
    await agent.untilStatus('TASK_KILLED');
    assert.equal(await executor.exit, 0);
  });
});
