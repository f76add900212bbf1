/** Every route of a real scheduler, held to the schemas that are published. */
import assert from 'node:assert/strict';
import type * as z from 'zod';
import * as answers from '../../../../scheduler/api/answers.ts';
import { callApi, openAnswer } from '../../../../scheduler/api/client.ts';
import { ROUTES } from '../../../../scheduler/api/routes.ts';
import type { PlanReport } from '../../../../scheduler/core/rollout/plan-report.ts';
import type { StatusReport } from '../../../../scheduler/api/status.ts';
import { makeComponent, makeSpec } from '../../../support/engine-world.ts';
import { eventually } from '../../../support/eventually.ts';
import { ApiWorld, readAnswer } from './api-world.ts';

const PLANTED = 'planted-in-a-setting';
const SECRET = 'planted-for-the-framework';
const FRAMEWORK = { name: 'test', roles: ['r'] as const, user: 'root', failoverTimeoutSeconds: 60 };
const spec = makeSpec(
  makeComponent({
    name: 'worker',
    count: 2,
    settings: { 'worker.size': '1' },
    secretSettings: { 'worker.key': PLANTED },
    ports: [{ name: 'rpc', preferred: 31_100, required: false, key: 'rpc' }],
    webPort: 'rpc',
  }),
  makeComponent({ name: 'elsewhere', hostname: 'h99' }),
  makeComponent({ name: 'everywhere', count: 'every-agent', hostname: 'h99' }),
);

function fill(path: string): string {
  const values = { instance: 'worker-0', component: 'worker', host: 'h1' };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
}

describe('the answers of the API', function () {
  this.timeout(30_000);
  let world: ApiWorld;
  const call = <T>(method: 'GET' | 'POST', path: string, body?: object) =>
    callApi<T>(world.stateDirectory, method, path, { body });

  before(async () => {
    world = await ApiWorld.open();
    await world.start(spec, { framework: { ...FRAMEWORK, principal: 'me', secret: SECRET } });
    await world.runTasks(2);
  });
  after(() => world.close());

  const reading = ROUTES.filter(({ method }) => method === 'GET');
  for (const { path, answer } of reading)
    it(`GET ${path} is of its schema`, async () => {
      const report = await call('GET', fill(path));
      assert.deepEqual((answer as z.ZodType).parse(report), report);
    });

  it('say what is true: two run, two wait for a host that makes no offer', async () => {
    const status = await call<StatusReport>('GET', '/v1/status');
    const phases = status.instances.map(({ name, phase }) => `${name} ${phase}`);
    assert.deepEqual(phases, ['worker-0 ready', 'worker-1 ready', 'elsewhere-0 waiting']);
    assert.match(status.instances[0]?.webUrl ?? '', /^http:\/\/h\d:31100\/$/);
    const plan = await call<PlanReport>('GET', '/v1/plan');
    assert.ok(plan.steps.some(({ instance, action }) => instance === 'elsewhere-0' && action === 'launch'));
    const explained = await call<z.infer<typeof answers.explainedInstance>>('GET', '/v1/explain/elsewhere-0');
    assert.ok(explained.stages.some(({ stage, best }) => stage === 'host' && /needs host h99/.test(best)));
    assert.ok(explained.needs.includes('host h99'));
    const slot = await call<z.infer<typeof answers.explainedInstance>>('GET', '/v1/explain/everywhere-*');
    assert.ok(slot.stages.length > 0);
  });

  it('to failures are problems, with what may have been meant', async () => {
    const asked = [
      ['GET', '/v1/instances/wroker-0', 404],
      ['GET', '/v1/nothing', 404],
      ['GET', '/v1/restart', 405],
      ['POST', '/metrics', 405],
      ['POST', '/v1/instances/worker-0/resume', 409],
      ['POST', '/v1/components/worker/scale', 400],
    ] as const;
    for (const [method, path, status] of asked) {
      const answer = await readAnswer(await openAnswer(world.stateDirectory, [method, path]));
      assert.equal(answer.status, status, path);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(answers.problem.parse(JSON.parse(answer.text)).status, status);
      assert.equal(answer.headers.allow, status === 405 ? (path === '/metrics' ? 'GET' : 'POST') : undefined);
    }
    await assert.rejects(call('GET', '/v1/instances/wroker-0'), /Did you mean 'worker-0'\?/);
  });

  it('count in the metrics, as all that the scheduler does', async () => {
    const readMetric = async (line: RegExp) => {
      const { text } = await readAnswer(await openAnswer(world.stateDirectory, ['GET', '/metrics']));
      return Number(line.exec(text)?.[1] ?? 0);
    };
    const statuses =
      /^stevedore_api_requests_total\{method="GET",route="\/v1\/status",status="200"\} (\d+)$/m;
    const former = await readMetric(statuses);
    await call('GET', '/v1/status');
    await eventually('the count', 5000, async () =>
      (await readMetric(statuses)) === former + 1 ? true : undefined,
    );
    assert.equal(await readMetric(/^stevedore_launches_total\{component="worker"\} (\d+)$/m), 2);
    assert.equal(await readMetric(/^stevedore_instances\{component="worker",phase="ready"\} (\d+)$/m), 2);
    assert.equal(await readMetric(/^stevedore_connected (\d+)$/m), 1);
    assert.ok((await readMetric(/^stevedore_offers_received_total\{role="r"\} (\d+)$/m)) >= 2);
    await call('GET', '/v1/nothing').catch(() => undefined);
    await readMetric(/x/);
    const unknown = /^stevedore_api_requests_total\{method="GET",route="none",status="404"\} (\d+)$/m;
    assert.ok((await readMetric(unknown)) >= 1);
  });

  it('never hold a secret, and neither do events and metrics', async () => {
    const texts = [];
    for (const path of [
      ...reading.map((route) => fill(route.path)),
      '/v1/openapi.json',
      '/metrics',
      '/v1/health',
    ])
      texts.push((await readAnswer(await openAnswer(world.stateDirectory, ['GET', path]))).text);
    const controller = new AbortController();
    const events = await openAnswer(world.stateDirectory, ['GET', '/v1/events'], {
      signal: controller.signal,
    });
    const [first] = await events.take(1).toArray();
    texts.push(String(first));
    controller.abort();
    assert.match(texts.join('\n'), /worker-0 is ready/);
    assert.ok(world.master.authorizations[0]?.includes(Buffer.from(`me:${SECRET}`).toString('base64')));
    for (const secret of [PLANTED, SECRET, world.remote.token]) assert.ok(!texts.join('\n').includes(secret));
  });

  // What follows changes the cluster, in this order.
  const ordering = [
    ['/v1/instances/worker-0/restart'],
    ['/v1/instances/worker-0/pause'],
    ['/v1/instances/worker-0/resume'],
    ['/v1/instances/worker-1/replace'],
    ['/v1/instances/elsewhere-0/forget'],
    ['/v1/components/worker/scale', { count: 3 }],
    ['/v1/components/worker/restart'],
    ['/v1/restart'],
    ['/v1/plan/pause'],
    ['/v1/plan/resume'],
    ['/v1/hosts/h1/drain'],
    ['/v1/hosts/h1/undrain'],
  ] as const;
  for (const [path, body] of ordering)
    it(`POST ${path} is accepted once it is stored`, async () => {
      assert.deepEqual(answers.accepted.parse(await call('POST', path, body)), { accepted: true });
    });

  it('a rollback without a configuration before is refused, with what to do', async () => {
    await assert.rejects(call('POST', '/v1/plan/rollback'), /answered 409: There is no configuration before/);
  });

  it('a teardown ends with the framework', async () => {
    const report = call('POST', '/v1/teardown', { keepVolumes: true });
    await eventually('the end of the tasks', 10_000, () => {
      for (const { kill } of world.master.callsOf('KILL')) {
        const task = world.master.launched.find(({ task_id }) => task_id.value === kill.task_id.value);
        if (task !== undefined) world.master.update(task, 'TASK_KILLED');
      }
      return world.master.callsOf('TEARDOWN')[0];
    });
    assert.deepEqual(answers.teardownReport.parse(await report), { tornDown: true, frameworkId: 'M-0001' });
    assert.equal(await world.scheduler?.exit, 0);
  });
});
