import assert from 'node:assert/strict';
import { type InstanceRecord, createInstance } from '../../../../../scheduler/core/instance.ts';
import { judgeChange } from '../../../../../scheduler/core/rollout/change-validators.ts';
import type { ComponentSpec } from '../../../../../scheduler/core/service-spec.ts';
import { makeComponent, makeSpec } from '../../../../support/engine-world.ts';
import { describeSpec } from './rollout-world.ts';

const volume = { name: 'data', sizeMiB: 10, disk: 'ROOT', containerPath: 'data' } as const;
const stateful = makeComponent({ name: 'master', pinned: true, count: 3, settings: { type: 'RAFT' } });

function judge(before: ComponentSpec[], after: ComponentSpec[], instances: readonly InstanceRecord[] = []) {
  const spec = makeSpec(...after);
  return judgeChange({
    before: describeSpec(makeSpec(...before)),
    after: describeSpec(spec),
    spec,
    instances,
  });
}

function judgeOne(changes: Partial<ComponentSpec>, instances: readonly InstanceRecord[] = []): string[] {
  return judge([stateful], [{ ...stateful, ...changes }], instances);
}

describe('changes that cannot be made', () => {
  it('nothing is wrong with other resources, settings and more instances', () => {
    const resources = { cpusMilli: 1, memMiB: 1, diskMiB: 1 };
    assert.deepEqual(judgeOne({ count: 5, settings: { type: 'RAFT', other: 'x' }, resources }), []);
  });

  it('service, cluster, user and principal', () => {
    const before = describeSpec(makeSpec(stateful));
    const identity = { service: 'x', cluster: 'y', user: 'bob', principal: 'p' };
    const change = { before, after: { ...before, identity }, spec: makeSpec(stateful), instances: [] };
    const reasons = judgeChange(change);
    assert.equal(reasons.length, 4);
    assert.match(reasons.join('\n'), /user of the tasks cannot change from alice to bob/);
    assert.match(reasons.join('\n'), /principal of the framework cannot change from none to p/);
  });

  it('fewer instances with state, unless decommission is allowed', () => {
    assert.match(judgeOne({ count: 2 })[0] ?? '', /master cannot shrink from 3 to 2/);
    assert.deepEqual(judgeOne({ count: 2, allowDecommission: true }), []);
    assert.deepEqual(judge([makeComponent({ count: 3 })], [makeComponent({ count: 1 })]), []);
    const following = { ...stateful, count: 'every-agent' } as const;
    assert.match(judge([following], [stateful])[0] ?? '', /from every-agent to 3/);
  });

  it('a component with state that is taken out', () => {
    assert.match(judge([stateful], [])[0] ?? '', /master cannot be taken out/);
    assert.deepEqual(judge([{ ...stateful, allowDecommission: true }], []), []);
    assert.deepEqual(judge([makeComponent()], []), []);
  });

  it('volumes, and the role that they are reserved for', () => {
    const held = makeComponent({ volumes: [volume], role: 'a' });
    const reasons = judge([held], [{ ...held, volumes: [{ ...volume, sizeMiB: 20 }], role: 'b' }]);
    assert.match(reasons.join('\n'), /volumes of worker cannot change[^]*role of worker cannot change/);
    assert.deepEqual(judge([makeComponent()], [held]), [], 'nothing was held before');
  });

  it('a setting that the state depends on, also when it is unset', () => {
    const fixedSettings = ['type', 'folder'];
    const reasons = judgeOne({ fixedSettings, settings: { type: 'UFS' } });
    assert.deepEqual(reasons, [
      'type cannot change from RAFT to UFS while master has state: it would not be found again. Keep the former value.',
    ]);
    assert.match(judgeOne({ fixedSettings, settings: {} })[0] ?? '', /from RAFT to unset/);
    assert.deepEqual(judgeOne({ fixedSettings }), []);
  });

  it('another host while the state lies on one', () => {
    const there = { ...createInstance('master', 0, 0), hostname: 'h1' };
    assert.match(judgeOne({ hostname: 'h2' }, [there])[0] ?? '', /state of master-0 lies on h1/);
    assert.deepEqual(judgeOne({ hostname: 'h1' }, [there]), []);
  });

  it('another port than the one that the state names', () => {
    const port = { name: 'raft', preferred: 20_000, required: true, key: 'raft.port', partOfState: true };
    const there = { ...createInstance('master', 0, 0), ports: { raft: 19_200 } };
    assert.match(judgeOne({ ports: [port] }, [there])[0] ?? '', /raft.port cannot be 20000/);
    assert.deepEqual(judgeOne({ ports: [{ ...port, preferred: 19_200 }] }, [there]), []);
    assert.deepEqual(judgeOne({ ports: [{ ...port, required: false }] }, [there]), []);
  });
});
