/** What operations made of an agent's resources, on its disk and over its restarts. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAgent } from '../../../local/agent/server.ts';
import { parseResources } from '../../../local/resources-syntax.ts';
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Resource } from '../../../protocol/mesos/resource.ts';
import { type LocalMesos, startLocalMesos, untilTrue } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

const RESERVED = { type: 'DYNAMIC' as const, role: 'tests/a' };

function disk(value: number, source?: object): Resource {
  const shape = source === undefined ? {} : { disk: { source } };
  return { name: 'disk', type: 'SCALAR', scalar: { value }, reservations: [RESERVED], ...shape } as Resource;
}

function volume(id: string, of: Resource, container_path = 'data'): Resource {
  return { ...of, disk: { ...of.disk, persistence: { id }, volume: { mode: 'RW', container_path } } };
}

describe('volumes of a local agent', () => {
  let mesos: LocalMesos;
  let scheduler: TestScheduler;
  let root: string;
  let mount: object;

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'stevedore-mount-'));
    mount = { type: 'MOUNT', mount: { root } };
    const unreserved = ({ reservations: _reservations, ...resource }: Resource): Resource => resource;
    const resources = [...parseResources('cpus:4;mem:4096;disk:1000'), unreserved(disk(500, mount))];
    mesos = await startLocalMesos({ agent: { resources, updateRetryMs: 300 } });
    scheduler = new TestScheduler(mesos.master.port);
    await scheduler.subscribe({ name: 'volumes', roles: ['tests/a'] } as never);
  });
  afterEach(async () => {
    scheduler.close();
    await mesos.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function accept(...operations: object[]): Promise<void> {
    const count = scheduler.offers.length;
    await scheduler.until('an offer', () => scheduler.offers.length > 0);
    const { id } = scheduler.offers.at(-1) as Offer;
    await scheduler.call('ACCEPT', {
      accept: { offer_ids: [id], operations, filters: { refuse_seconds: 0 } },
    });
    await scheduler.until('the next offer', () => scheduler.offers.length > Math.max(1, count));
  }

  async function make(made: Resource, of: Resource): Promise<void> {
    const reserve = { type: 'RESERVE', reserve: { resources: [of] } };
    await accept(reserve, { type: 'CREATE', id: { value: 'c' }, create: { volumes: [made] } });
  }

  const statuses = () =>
    scheduler.events.flatMap((event) =>
      event.type === 'UPDATE_OPERATION_STATUS' ? [event.update_operation_status.status] : [],
    );

  it('are directories by role and id, in which Mesos writes a blank for a slash', async () => {
    await make(volume('v1', disk(64)), disk(64));
    assert.ok(existsSync(path.join(mesos.workDir, 'volumes/roles/tests a/v1')));
  });

  it('of a mounted disk are the mount itself; to destroy one empties it', async () => {
    const whole = disk(500, mount);
    await make(volume('v1', whole), whole);
    mkdirSync(path.join(root, 'kept'));
    writeFileSync(path.join(root, 'kept/file'), 'x');
    await accept({ type: 'DESTROY', destroy: { volumes: [volume('v1', whole)] } });
    await untilTrue('an empty mount', () => readdirSync(root).length === 0);
  });

  it('outlive the agent, and so does word of them that nobody acknowledged', async function () {
    this.timeout(20_000);
    await make(volume('v1', disk(64)), disk(64));
    await scheduler.until('a repetition', () => statuses().length > 1);
    assert.deepEqual(statuses()[0], statuses()[1]);
    await mesos.agent.close();
    mesos.agent = await startAgent(mesos.agentOptions, 0);
    const count = statuses().length;
    await scheduler.until('word from the new process', () => statuses().length > count);
    const { operation_id, uuid, agent_id, state } = statuses().at(-1) ?? {};
    assert.equal(state, 'OPERATION_FINISHED');
    const acknowledge_operation_status = { operation_id, agent_id, uuid: uuid?.value };
    await scheduler.call('ACKNOWLEDGE_OPERATION_STATUS', { acknowledge_operation_status });
    await untilTrue('the acknowledgement', () => mesos.agent.agent.checkpoint.readOperations().length === 0);
    assert.ok(mesos.agent.agent.resources.total.some((resource) => resource.disk?.persistence?.id === 'v1'));
  });

  it('keep an agent from starting whose flags no longer hold them', async () => {
    await make(volume('v1', disk(64)), disk(64));
    await mesos.agent.close();
    const resources = parseResources('cpus:4;mem:4096;disk:50');
    await assert.rejects(startAgent({ ...mesos.agentOptions, resources }, 0), {
      code: 'ERR_LOCAL_RESERVATIONS_LOST',
    });
    mesos.agent = await startAgent(mesos.agentOptions, 0);
  });

  it('are not linked below directories, as by the isolator filesystem/posix', async () => {
    const made = volume('v1', disk(64), 'a/b');
    await make(made, disk(64));
    const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } };
    await scheduler.launch({ name: 'looks', command: { value: 'test ! -e a' }, resources: [cpus, made] });
    await scheduler.untilState('looks', 'TASK_FINISHED');
  });
});
