import assert from 'node:assert/strict';
import { type InstanceRecord, createInstance } from '../../../../scheduler/core/instance.ts';
import { type Instances, renderUpstream } from '../../../../scheduler/core/plan.ts';
import type { ComponentSpec, ServiceSpec } from '../../../../scheduler/core/service-spec.ts';
import { Table } from '../../../../scheduler/core/table.ts';

const component: ComponentSpec = {
  name: 'master',
  taskName: 'Master',
  count: 1,
  resources: { cpusMilli: 1, memMiB: 1, diskMiB: 0 },
  ports: [],
  after: [],
  uniqueHost: false,
  pinned: true,
  launch: () => assert.fail('nothing is launched here'),
};
const worker: ComponentSpec = { ...component, name: 'worker', after: ['master'] };
const spec: ServiceSpec = { service: 's', cluster: 'c', components: [component, worker], artifacts: [] };

function readyMaster(host: string, ports: Readonly<Record<string, number>>): Instances {
  const task = { host } as InstanceRecord['task'];
  return Table.of([['master-0', { ...createInstance('master', 0, 0), phase: 'ready', task, ports }]]);
}

describe('addresses that a component was rendered with', () => {
  const before = renderUpstream(spec, worker, readyMaster('h1', { rpc: 1, web: 2 }));

  it('are the same in whatever order ports were given', () => {
    assert.equal(renderUpstream(spec, worker, readyMaster('h1', { web: 2, rpc: 1 })), before);
  });

  it('differ by host and by number', () => {
    assert.notEqual(renderUpstream(spec, worker, readyMaster('h2', { rpc: 1, web: 2 })), before);
    assert.notEqual(renderUpstream(spec, worker, readyMaster('h1', { rpc: 1, web: 3 })), before);
  });
});
