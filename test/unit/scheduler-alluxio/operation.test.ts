import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderOptionDump } from '../../../config/option-reference.ts';
import { resolveOptions } from '../../../config/option-resolution.ts';
import { type OptionTable, listKeys } from '../../../config/option-table.ts';
import { StevedoreErrors } from '../../../protocol/errors.ts';
import { renderAlluxioSnapshot } from '../../../scheduler/alluxio/configuration-snapshot.ts';
import { ALLUXIO_NAME_SPACES, ALLUXIO_OPTIONS } from '../../../scheduler/alluxio/option-table.ts';
import { arbitraryFile, readDump, sampleOf, selectShown } from '../../support/option-samples.ts';
import { componentOf, serviceOf, settingsOf } from './settings-fixture.ts';

const MESOS = 'alluxio.integration.mesos';

describe('Alluxio as operators run it', () => {
  it('has placement, role and rollout of each component from its keys', () => {
    const { spec } = serviceOf({
      [`${MESOS}.constraints`]: 'rack:LIKE:a.*',
      [`${MESOS}.worker.exclude.hosts`]: 'old-*',
      [`${MESOS}.worker.placement.strategy`]: 'pack',
      [`${MESOS}.master.prefer`]: 'ssd:IS:yes',
      [`${MESOS}.worker.role`]: 'cache',
      [`${MESOS}.rollout`]: 'canary',
      [`${MESOS}.worker.rollout`]: '2',
    });
    const [master, worker] = [componentOf(spec, 'master'), componentOf(spec, 'worker')];
    const rack = { field: 'rack', operator: 'LIKE', value: 'a.*' };
    assert.deepEqual(master.placement, {
      constraints: [rack],
      preferences: [{ field: 'ssd', operator: 'IS', value: 'yes' }],
      excludedHosts: [],
      strategy: 'spread',
    });
    assert.deepEqual(worker.placement, {
      constraints: [rack],
      preferences: [],
      excludedHosts: ['old-*'],
      strategy: 'pack',
    });
    assert.deepEqual([master.role, worker.role], [undefined, 'cache']);
    assert.deepEqual([master.rollout?.strategy, worker.rollout?.strategy], ['canary', { parallel: 2 }]);
  });

  it('has a volume in the role of its component', () => {
    const journal = { 'alluxio.integration.master.journal.volume.size': '1GB' };
    const { spec } = serviceOf({ ...journal, [`${MESOS}.master.role`]: 'storage' });
    assert.equal(componentOf(spec, 'master').volumes?.length, 1);
    assert.throws(() => serviceOf({ ...journal, [`${MESOS}.worker.role`]: 'cache' }), /role/);
  });

  it('tells a malformed constraint with its key, line and place', () => {
    const file = { a: '1', [`${MESOS}.worker.constraints`]: 'hostname:UNIQUE,rack:LIKE:[a' };
    assert.throws(
      () => settingsOf({ file }),
      (error: unknown) => {
        assert.ok(error instanceof StevedoreErrors);
        assert.match(
          error.message,
          /^alluxio\.integration\.mesos\.worker\.constraints \(alluxio-site\.properties:2\): Character 27, at '.*\[a': '\[a' is no regular expression/,
        );
        return true;
      },
    );
  });

  it('tells its tasks nothing of masters, state and secrets', () => {
    const { site } = settingsOf({
      file: {
        [`${MESOS}.masters`]: 'zk://me:hunter2@z:2181/mesos',
        [`${MESOS}.state`]: 'zk://me:hunter2@z:2181/s',
        [`${MESOS}.secret`]: 'hunter2',
        [`${MESOS}.worker.constraints`]: 'hostname:UNIQUE',
        'alluxio.user.x': 'y',
      },
    });
    assert.deepEqual(site, [{ key: 'alluxio.user.x', value: 'y' }]);
  });
});

describe('snapshot of what two schedulers share', () => {
  const shared = { 'alluxio.worker.ramdisk.size': '1GB', [`${MESOS}.worker.constraints`]: 'rack:IS:a' };
  const snapshotOf = (file: Readonly<Record<string, string>>) =>
    renderAlluxioSnapshot(settingsOf({ file: { ...shared, ...file } }).configuration);

  it('leaves out what differs between their hosts', () => {
    const one = snapshotOf({ [`${MESOS}.api.advertise`]: 's1', [`${MESOS}.state.dir`]: '/a' });
    const other = snapshotOf({ [`${MESOS}.masters`]: 'zk://me:hunter2@z/mesos', [`${MESOS}.secret`]: 's' });
    assert.equal(one, other);
    assert.match(one, /worker\.constraints/);
  });

  it('keeps a key that another value refers to', () => {
    const snapshot = snapshotOf({
      [`${MESOS}.state.dir`]: '/a',
      'alluxio.master.journal.folder': `\${${MESOS}.state.dir}/journal`,
    });
    assert.match(snapshot, /"\/a"/);
  });
});

describe('all options of Alluxio', () => {
  const table: OptionTable = ALLUXIO_OPTIONS;
  const resolve = (file: Partial<Record<string, string>>) => {
    const settings = Object.entries(file).map(([key, value = '']) => ({ key, value, origin: 'f:1' }));
    return resolveOptions(table, { flags: [], environment: [], file: settings }, ALLUXIO_NAME_SPACES);
  };

  it('stand once, and no name of one is the name of another', () => {
    const keys = Object.values(table).flatMap(listKeys);
    assert.equal(new Set(keys).size, keys.length);
    for (const option of Object.values(table)) assert.ok(sampleOf(option), option.key);
  });

  it('come back the same from the configuration that is printed', () => {
    fc.assert(
      fc.property(arbitraryFile(table), (file) => {
        const first = resolve(file);
        assert.deepEqual(first.problems, []);
        const again = resolve(readDump(renderOptionDump(first.options)));
        assert.deepEqual(selectShown(table, again.values), selectShown(table, first.values));
      }),
      { numRuns: 60 },
    );
  });
});
