import assert from 'node:assert/strict';
import { renderEnvironment, renderMesosDuration } from '../../../local/agent/environment.ts';
import { renderSandboxPath } from '../../../local/agent/sandbox.ts';
import { UpdateQueue } from '../../../local/agent/update-queue.ts';
import { archiveKind, findUriProblem, renderBaseName } from '../../../local/fetcher/fetch-item.ts';
import type { TaskStatus } from '../../../protocol/mesos/task.ts';

const status = (uuid: string): TaskStatus => ({ task_id: { value: 't' }, state: 'TASK_RUNNING', uuid });

describe('the update queue of a task', () => {
  let sent: string[];
  let queue: UpdateQueue;
  const create = (retryMs: number, pending: readonly TaskStatus[] = []): UpdateQueue =>
    new UpdateQueue((update) => sent.push(update.uuid ?? ''), retryMs, pending);

  beforeEach(() => {
    sent = [];
  });
  afterEach(() => queue.stop());

  it('sends only the first until it is acknowledged', () => {
    queue = create(60_000);
    for (const uuid of ['a', 'b']) {
      queue.add(status(uuid));
      queue.advance();
    }
    assert.deepEqual(sent, ['a']);
    assert.equal(queue.acknowledge('b'), false);
    assert.equal(queue.acknowledge('a'), true);
    queue.advance();
    assert.deepEqual(sent, ['a', 'b']);
  });

  it('sends again after a while, and less often each time', async () => {
    queue = create(10);
    queue.add(status('a'));
    queue.advance();
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.ok(sent.length >= 2 && sent.length <= 5, String(sent.length));
  });

  it('goes on with what a former process left, at once when asked', () => {
    queue = create(60_000, [status('a'), status('b')]);
    queue.resend();
    queue.resend();
    assert.deepEqual(sent, ['a', 'a']);
    assert.equal(queue.knows('b'), true);
  });
});

describe("an executor's environment", () => {
  const info = {
    executor_id: { value: 'e' },
    command: {
      environment: {
        variables: [
          { name: 'PATH', value: '/mine' },
          { name: 'SECRET', type: 'SECRET' as const },
        ],
      },
    },
  };
  const place = {
    agentId: 'S0',
    ip: '10.0.0.1',
    port: 5051,
    frameworkId: 'F',
    sandbox: '/s',
    shutdownGraceMs: 90_000,
  };

  it('has recovery times only with checkpointing', () => {
    const off = renderEnvironment(info, { ...place, checkpoint: false }, {});
    const on = renderEnvironment(info, { ...place, checkpoint: true }, {});
    assert.equal(off['MESOS_CHECKPOINT'], '0');
    assert.equal(off['MESOS_RECOVERY_TIMEOUT'], undefined);
    assert.equal(on['MESOS_SUBSCRIPTION_BACKOFF_MAX'], '2secs');
  });

  it("lets the task's own variables win, and leaves out what has no plain value", () => {
    const environment = renderEnvironment(
      info,
      { ...place, checkpoint: true },
      { PATH: '/agent', MORE: 'x' },
    );
    assert.equal(environment['PATH'], '/mine');
    assert.equal(environment['MORE'], 'x');
    assert.equal('SECRET' in environment, false);
  });

  it('writes durations as Mesos does', () => {
    assert.deepEqual([5000, 90_000, 250, 604_800_000].map(renderMesosDuration), [
      '5secs',
      '1.5mins',
      '250ms',
      '1weeks',
    ]);
  });

  it('places sandboxes as every agent does', () => {
    const ids = { workDir: '/w', agentId: 'S0', frameworkId: 'F', executorId: 'e', containerId: 'c' };
    assert.equal(renderSandboxPath(ids), '/w/slaves/S0/frameworks/F/executors/e/runs/c');
  });
});

describe('what the fetcher reads from a URI', () => {
  it('names a file by all after the last slash', () => {
    assert.equal(renderBaseName('http://h/a/b.tgz?x=1#f'), 'b.tgz?x=1#f');
  });

  it('knows archives by their suffix alone', () => {
    const kinds = ['a.tar', 'a.tgz', 'a.tar.xz', 'a.zip', 'a.gz', 'a.tgz?x', 'a.jar', 'a.tar.zst'].map(
      archiveKind,
    );
    assert.deepEqual(kinds, ['tar', 'tar', 'tar', 'zip', 'gzip', undefined, undefined, undefined]);
  });

  it('refuses quotes, backslashes, NUL and absolute output files', () => {
    for (const value of ["http://h/a'b", 'http://h/a\\b', 'http://h/\0'])
      assert.equal(findUriProblem({ value }), 'Illegal characters in URI');
    assert.ok(findUriProblem({ value: 'http://h/a', output_file: '/etc/passwd' }));
    assert.equal(findUriProblem({ value: 'http://h/a', output_file: 'b' }), undefined);
  });
});
