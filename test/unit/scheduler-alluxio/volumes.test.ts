import assert from 'node:assert/strict';
import { StevedoreErrors } from '../../../protocol/errors.ts';
import { componentOf, launchMaster, launchWorker, serviceOf, setOf } from './settings-fixture.ts';

const ROLE = { 'alluxio.integration.mesos.role': 'storage' };
const JOURNAL = { ...ROLE, 'alluxio.integration.master.journal.volume.size': '10GB' };
const TIER = {
  ...ROLE,
  'alluxio.worker.tieredstore.levels': '2',
  'alluxio.worker.tieredstore.level1.dirs.quota': '100GB,50GB',
  'alluxio.integration.worker.tier1.volume': 'MOUNT',
};

function problemsOf(file: Readonly<Record<string, string>>): string[] {
  try {
    serviceOf(file);
    return [];
  } catch (error) {
    if (error instanceof StevedoreErrors) return error.problems.map(({ code }) => code);
    throw error;
  }
}

describe('Alluxio in persistent volumes', () => {
  it('has its journal in one when a size is given, in a folder of it', () => {
    const master = componentOf(serviceOf(JOURNAL).spec, 'master');
    assert.deepEqual(master.volumes, [
      { name: 'journal', sizeMiB: 10 * 1024, disk: 'ROOT', containerPath: 'journal' },
    ]);
    assert.deepEqual([master.reserve, master.resources.diskMiB], ['volumes', 0]);
    const launch = launchMaster(JOURNAL);
    const journal = launch.directories.find(({ name }) => name === 'journal');
    assert.deepEqual(journal, {
      name: 'journal',
      kind: 'state',
      path: '@{sandbox}/journal/data',
      formatted: false,
    });
    assert.equal(setOf(launch)['alluxio.master.journal.folder'], '@{directory.journal}');
    assert.ok(launch.prepare.some(({ formats }) => formats === 'journal'));
  });

  it('has none unless it is asked to', () => {
    for (const name of ['master', 'worker'] as const)
      assert.equal(componentOf(serviceOf(ROLE).spec, name).volumes, undefined);
  });

  it('has a tier in volumes of its quotas, which are no plain disk then', () => {
    const { spec } = serviceOf(TIER);
    const worker = componentOf(spec, 'worker');
    assert.deepEqual(
      worker.volumes?.map(({ name, sizeMiB, disk }) => [name, sizeMiB, disk]),
      [
        ['tier1-0', 100 * 1024, 'MOUNT'],
        ['tier1-1', 50 * 1024, 'MOUNT'],
      ],
    );
    assert.equal(worker.resources.diskMiB, 0);
    assert.equal(
      setOf(launchWorker(TIER))['alluxio.worker.tieredstore.level1.dirs.path'],
      '@{directory.tier1-0},@{directory.tier1-1}',
    );
  });

  it('reserves all that they have when it is asked to', () => {
    const { spec } = serviceOf({ ...JOURNAL, 'alluxio.integration.mesos.reserve': 'all' });
    assert.equal(componentOf(spec, 'master').reserve, 'all');
  });

  it('is refused where they cannot be, or where another place is named', () => {
    const { 'alluxio.integration.mesos.role': _role, ...everybody } = JOURNAL;
    assert.deepEqual(problemsOf(everybody), ['ERR_ALLUXIO_VOLUME_ROLE']);
    assert.deepEqual(problemsOf({ ...JOURNAL, 'alluxio.master.journal.folder': '/journal' }), [
      'ERR_ALLUXIO_VOLUME_PATH',
    ]);
    assert.deepEqual(problemsOf({ ...TIER, 'alluxio.worker.tieredstore.level1.dirs.path': '/ssd' }), [
      'ERR_ALLUXIO_VOLUME_PATH',
    ]);
    assert.deepEqual(problemsOf({ ...ROLE, 'alluxio.integration.worker.tier0.volume': 'ROOT' }), [
      'ERR_ALLUXIO_VOLUME_PATH',
    ]);
  });
});
