import assert from 'node:assert/strict';
import type { SchedulerCall } from '../../../protocol/mesos/scheduler.ts';
import type { LaunchSurroundings } from '../../../scheduler/core/task-info.ts';
import { type MesosEffect, performEffect } from '../../../scheduler/effect-interpreter.ts';
import { makeSpec } from '../../support/engine-world.ts';
import { VolumeWorld, makeKeeper, plainResources } from '../../support/volume-world.ts';

const SURROUNDINGS: LaunchSurroundings = {
  spec: makeSpec(),
  user: 'svc',
  servers: [],
  trust: [],
  executorCommand: { value: './run' },
  artifacts: {},
  createToken: () => '',
};

type Effects = ReturnType<VolumeWorld['round']>;

function sendAll(effects: Effects): SchedulerCall[] {
  const sent: SchedulerCall[] = [];
  const parts = {
    calls: { send: (call: SchedulerCall) => void sent.push(call) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    surroundings: () => SURROUNDINGS,
    onTornDown: () => undefined,
  };
  const isForMesos = ({ kind }: Effects[number]) =>
    kind !== 'persist' && kind !== 'use-configuration' && kind !== 'prepare-configuration';
  for (const effect of effects.filter(isForMesos)) performEffect(effect as MesosEffect, 'F', parts as never);
  return sent;
}

function acceptOf(calls: readonly SchedulerCall[]) {
  const call = calls.find(({ type }) => type === 'ACCEPT');
  return call?.type === 'ACCEPT' ? call.accept : undefined;
}

describe('effects as calls', () => {
  it('reserve, make a volume and launch on it in one ACCEPT, one operation after the other', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    const operations = acceptOf(sendAll(world.round()))?.operations ?? [];
    assert.deepEqual(
      operations.map(({ type }) => type),
      ['RESERVE', 'CREATE', 'LAUNCH'],
    );
    const [reserve, create, launch] = operations;
    assert.ok(reserve?.type === 'RESERVE' && create?.type === 'CREATE' && launch?.type === 'LAUNCH');
    const [volume] = create.create.volumes;
    const { disk, ...bare } = volume ?? { name: '', type: 'SET' as const };
    assert.deepEqual(reserve.reserve.resources, [bare]);
    assert.equal(disk?.volume?.container_path, 'data');
    const [task] = launch.launch.task_infos;
    assert.deepEqual(
      task?.resources?.filter((resource) => resource.disk),
      [volume],
    );
    for (const operation of operations) assert.ok(!('id' in operation), 'older agents report no outcome');
  });

  it('give back by an ACCEPT that launches nothing', () => {
    const world = new VolumeWorld(makeKeeper(), { h1: plainResources() });
    world.round();
    world.run('keeper-0');
    world.send({ kind: 'operator', action: { kind: 'teardown', graceMs: 1000 } });
    world.endTask('keeper-0', 'TASK_KILLED');
    const accept = acceptOf(sendAll(world.round()));
    assert.deepEqual(
      accept?.operations?.map(({ type }) => type),
      ['DESTROY', 'UNRESERVE'],
    );
    assert.deepEqual(accept?.filters, { refuse_seconds: 5 });
  });

  it('name the roles that nothing is wanted for, or something again', () => {
    const effects = [
      { kind: 'suppress', roles: ['a'] },
      { kind: 'revive', roles: ['b', 'c'] },
    ] as const;
    assert.deepEqual(sendAll(effects), [
      { framework_id: { value: 'F' }, type: 'SUPPRESS', suppress: { roles: ['a'] } },
      { framework_id: { value: 'F' }, type: 'REVIVE', revive: { roles: ['b', 'c'] } },
    ]);
  });
});
