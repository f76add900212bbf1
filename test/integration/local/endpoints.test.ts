/** What people and monitoring read of a master and an agent, and the sandboxes' files. */
import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LocalMesos, startLocalMesos } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

/** The value at a path such as `slaves.0.hostname`. */
function at(value: unknown, place: string): unknown {
  return place
    .split('.')
    .reduce((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);
}

describe('endpoints', () => {
  let mesos: LocalMesos;
  let scheduler: TestScheduler;
  let sandbox: string;

  before(async () => {
    mesos = await startLocalMesos();
    scheduler = new TestScheduler(mesos.master.port);
    await scheduler.subscribe({ name: 'seen' });
    await scheduler.launch({ name: 'task', command: { value: 'echo hello; sleep 600' } });
    await scheduler.untilState('task', 'TASK_RUNNING');
    sandbox = mesos.agent.agent.executors[0]?.directory ?? '';
  });
  after(async () => {
    scheduler.close();
    await mesos.close();
  });

  const get = async (port: number, target: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${target}`, { redirect: 'manual' });
  const operator = async (call: string): Promise<Record<string, Record<string, unknown>>> => {
    const answer = await fetch(`http://127.0.0.1:${mesos.master.port}/api/v1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: call }),
    });
    return (await answer.json()) as Record<string, Record<string, unknown>>;
  };

  it('show agents, frameworks and tasks in the state of the master', async () => {
    for (const target of ['/state', '/master/state']) {
      const state = (await (await get(mesos.master.port, target)).json()) as unknown;
      assert.equal(at(state, 'activated_slaves'), 1);
      assert.equal(at(state, 'slaves.0.used_resources.cpus'), 0.1);
      assert.deepEqual(at(state, 'slaves.0.attributes'), { rack: 'r1', zone: 'z1' });
      assert.equal(at(state, 'frameworks.0.name'), 'seen');
      assert.equal(at(state, 'frameworks.0.tasks.0.state'), 'TASK_RUNNING');
    }
  });

  it('answer health, version and the redirect to the leader', async () => {
    assert.equal((await get(mesos.master.port, '/health')).status, 200);
    assert.deepEqual(await (await get(mesos.agent.port, '/slave(1)/version')).json(), { version: '1.12.0' });
    const redirect = await get(mesos.master.port, '/redirect');
    assert.equal(redirect.status, 307);
    assert.equal(redirect.headers.get('location'), `//127.0.0.1:${mesos.master.port}`);
  });

  it('answer the reading calls of the operator API', async () => {
    assert.deepEqual(await operator('GET_HEALTH'), { type: 'GET_HEALTH', get_health: { healthy: true } });
    const state = await operator('GET_STATE');
    assert.equal(at(state, 'get_state.get_agents.agents.0.agent_info.hostname'), 'localhost');
    assert.equal(at(state, 'get_state.get_tasks.tasks.0.task_id.value'), 'task');
    assert.equal(at(state, 'get_state.get_frameworks.frameworks.0.framework_info.name'), 'seen');
    assert.equal(at(await operator('GET_MASTER'), 'get_master.master_info.id'), mesos.master.master.id);
  });

  it('show the files of a sandbox, whole and in part', async () => {
    const listed = (await (await get(mesos.agent.port, `/files/browse?path=${sandbox}`)).json()) as {
      path: string;
      mode: string;
    }[];
    assert.deepEqual(
      listed.map((entry) => path.basename(entry.path)),
      ['stderr', 'stdout'],
    );
    assert.equal(listed[0]?.mode, '-rw-r--r--');
    const file = `${sandbox}/stdout`;
    const read = async (query: string): Promise<unknown> =>
      (await get(mesos.agent.port, `/files/read?path=${file}${query}`)).json();
    assert.deepEqual(await read('&offset=1&length=3'), { data: 'ell', offset: 1 });
    assert.deepEqual(await read(''), { data: '', offset: 6 });
    assert.equal(
      await (await get(mesos.agent.port, `/slave(1)/files/download?path=${file}`)).text(),
      'hello\n',
    );
  });

  it('show nothing outside sandboxes, not by dots and not by links', async () => {
    symlinkSync('/etc', path.join(sandbox, 'link'));
    writeFileSync(path.join(mesos.workDir, 'secret'), 'x');
    for (const wanted of [
      '/etc/passwd',
      `${sandbox}/../../../../../../../../secret`,
      `${sandbox}/link/passwd`,
      `${mesos.workDir}/meta/agent.json`,
    ])
      assert.equal((await get(mesos.agent.port, `/files/read?path=${wanted}&offset=0`)).status, 404, wanted);
  });

  it('end a framework on POST /teardown', async () => {
    const post = (id: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${mesos.master.port}/teardown`, { method: 'POST', body: `frameworkId=${id}` });
    const unknown = await post('nope');
    assert.equal(unknown.status, 400);
    assert.equal(await unknown.text(), 'No framework found with specified ID');
    assert.equal((await post(scheduler.frameworkId)).status, 200);
    await scheduler.stream?.until('the terminal chunk', () => scheduler.stream?.chunks.terminated === true);
  });
});
