import assert from 'node:assert/strict';
import { describeNeeds } from '../../../../scheduler/api/needs.ts';
import { makeComponent } from '../../../support/engine-world.ts';

describe('what an instance needs', () => {
  it('is what offers are judged by, the executor included', () => {
    const ports = [
      { name: 'rpc', preferred: 19_998, required: true, key: 'rpc' },
      { name: 'web', preferred: 19_999, required: false, key: 'web' },
    ];
    const needs = describeNeeds(
      makeComponent({ ports, uniqueHost: true, hostname: 'h7', after: ['master'] }),
    );
    assert.deepEqual(needs, [
      'cpus 1.1',
      'mem 672 MiB',
      'port rpc: 19998',
      'port web: 19999 or any other',
      'host h7',
      'a host without another of its kind',
      'after master is ready',
    ]);
  });

  it('names constraints as they are written, other resources and volumes', () => {
    const needs = describeNeeds(
      makeComponent({
        resources: { cpusMilli: 400, memMiB: 40, diskMiB: 100, others: { gpus: 2 } },
        volumes: [{ name: 'journal', sizeMiB: 512, disk: 'MOUNT', containerPath: 'journal' }],
        placement: {
          constraints: [{ field: '@zone', operator: 'GROUP_BY', value: '3' }],
          preferences: [],
          excludedHosts: ['bad-*'],
          strategy: 'spread',
        },
      }),
    );
    assert.deepEqual(needs.slice(2), [
      'disk 100 MiB',
      'gpus 2',
      'volume journal: 512 MiB of a MOUNT disk',
      'constraint @zone:GROUP_BY:3',
      'not host bad-*',
    ]);
  });
});
