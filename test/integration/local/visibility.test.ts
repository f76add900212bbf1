/** What a framework is shown depends on what it says that it can do. */
import assert from 'node:assert/strict';
import { parseResources } from '../../../local/resources-syntax.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

const place = (region: string) => ({ fault_domain: { region: { name: region }, zone: { name: 'z' } } });
const types = (...names: string[]) => names.map((type) => ({ type }));

describe('offers of the local master', () => {
  let mesos: LocalMesos | undefined;
  const schedulers: TestScheduler[] = [];

  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) scheduler.close();
    await mesos?.close();
  });

  /** How many offers come within a few rounds. */
  async function offersFor(framework: object, subscribe: object = {}): Promise<TestScheduler> {
    const scheduler = new TestScheduler(mesos?.master.port ?? 0);
    schedulers.push(scheduler);
    await scheduler.subscribe({ name: 'visible', ...framework, ...subscribe } as never);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return scheduler;
  }

  it('of agents with GPUs go to frameworks that can use them', async () => {
    mesos = await startLocalMesos({ agent: { resources: parseResources('cpus:4;mem:1024;gpus:2') } });
    assert.equal((await offersFor({})).offers.length, 0);
    const aware = await offersFor({ capabilities: types('MULTI_ROLE', 'GPU_RESOURCES') });
    assert.equal(aware.offers.length, 1);
  });

  it('of agents in another region go to frameworks that know of regions', async () => {
    mesos = await startLocalMesos({ agent: { domain: place('far') }, master: { domain: place('here') } });
    assert.equal((await offersFor({})).offers.length, 0);
    const [offer] = (await offersFor({ capabilities: types('MULTI_ROLE', 'REGION_AWARE') })).offers;
    assert.deepEqual(offer?.domain, place('far'));
  });

  it('show reservations in the old form to frameworks that do not know refinements', async () => {
    mesos = await startLocalMesos({ agent: { resources: parseResources('cpus(tests):4;mem:1024') } });
    const [offer] = (await offersFor({ capabilities: types('MULTI_ROLE') })).offers;
    const roles = (offer?.resources ?? []).map((resource) => [
      resource.name,
      (resource as { role?: string }).role,
    ]);
    assert.deepEqual(roles, [
      ['cpus', 'tests'],
      ['mem', '*'],
    ]);
  });

  it('of a drained agent that is to be gone end with it, and its tasks are gone', async function () {
    this.timeout(20_000);
    mesos = await startLocalMesos();
    const scheduler = await offersFor({});
    await scheduler.launch({ name: 'drained', command: { value: 'sleep 600' } });
    await scheduler.untilState('drained', 'TASK_RUNNING');
    const agent_id = { value: mesos.agent.agent.id };
    const body = JSON.stringify({ type: 'DRAIN_AGENT', drain_agent: { agent_id, mark_gone: true } });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${mesos.master.port}/api/v1`, {
      method: 'POST',
      headers,
      body,
    });
    assert.equal(answer.status, 200);
    const status = await scheduler.untilState('drained', 'TASK_GONE_BY_OPERATOR');
    assert.equal(status.reason, 'REASON_AGENT_DRAINING');
    await scheduler.until('the end of the agent', () =>
      scheduler.events.some((event) => event.type === 'FAILURE' && event.failure.executor_id === undefined),
    );
    await mesos.agent.dismissed;
    await untilTrue('nothing left', () => mesos?.agent.agent.executors.length === 0);
    assert.equal(mesos.agent.agent.id, undefined);
  });
});
