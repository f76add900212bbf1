import assert from 'node:assert/strict';
import { resolvePlaceholders } from '../../../protocol/placeholders.ts';
import { componentOf, launchMaster, launchWorker, serviceOf, setOf } from './settings-fixture.ts';

const argvOf = (launch: ReturnType<typeof launchMaster>) => launch.command.choices[0]?.argv ?? [];
const LOCAL = {
  'alluxio.integration.mesos.alluxio.jar.url': 'LOCAL',
  'alluxio.home': '/srv/alluxio',
};

describe('launch of an Alluxio master', () => {
  it('runs java itself from the tree that was delivered', () => {
    const argv = argvOf(launchMaster());
    assert.equal(argv[0], '/bin/sh');
    assert.equal(argv[4], '@{tree.alluxio}');
    assert.ok(argv.includes('-Dalluxio.logs.dir=@{sandbox}/logs'));
    assert.equal(argv.at(-1), 'alluxio.master.AlluxioMaster');
  });

  it('keeps its journal and metastore outside the sandbox, and says whether it was formatted', () => {
    const directories = (formatted: string[]) => launchMaster({}, { formatted }).directories;
    assert.deepEqual(directories([]), [
      { name: 'journal', kind: 'state', formatted: false },
      { name: 'metastore', kind: 'state' },
      { name: 'work', kind: 'scratch' },
    ]);
    assert.equal(directories(['journal'])[0]?.formatted, true);
    assert.equal(setOf(launchMaster())['alluxio.master.journal.folder'], '@{directory.journal}');
    assert.equal(componentOf(serviceOf().spec, 'master').pinned, true);
  });

  it('checks java, then the address of the journal, then formats', () => {
    const { prepare } = launchMaster();
    assert.deepEqual(
      prepare.map(({ name, formats }) => [name, formats]),
      [
        ['java-version', undefined],
        ['journal-address', undefined],
        ['format', 'journal'],
      ],
    );
    assert.deepEqual(prepare[2]?.command.choices[0]?.argv.slice(-2), ['alluxio.cli.Format', 'master']);
    assert.equal(prepare[1]?.command.choices[0]?.argv.at(-1), '127.0.0.2:31002');
  });

  it('uses a journal folder on the agent as configured', () => {
    const launch = launchMaster({ 'alluxio.master.journal.folder': '/data/journal' });
    assert.equal(launch.directories[0]?.path, '/data/journal');
    assert.throws(() => launchMaster({ 'alluxio.master.journal.folder': 'journal' }), /no absolute path/);
  });

  it('formats no journal that lies elsewhere', () => {
    const launch = launchMaster({
      'alluxio.master.journal.type': 'UFS',
      'alluxio.master.journal.folder': 'hdfs://nn/journal',
    });
    assert.deepEqual(
      launch.prepare.map(({ name }) => name),
      ['java-version'],
    );
    assert.equal(setOf(launch)['alluxio.master.journal.folder'], 'hdfs://nn/journal');
  });

  it('is ready when it leads', () => {
    const { kind, port, path } = launchMaster().readiness;
    assert.deepEqual([kind, port, path], ['http', 31001, '/api/v1/master/info']);
  });

  it('holds no placeholder that an executor does not know', () => {
    const known = Object.fromEntries(
      [
        'sandbox',
        'config',
        'ramdisk',
        'tree.alluxio',
        'directory.journal',
        'directory.metastore',
        'directory.work',
      ].map((name) => [name, '/x']),
    );
    for (const launch of [launchMaster(), launchWorker()]) resolvePlaceholders(JSON.stringify(launch), known);
  });
});

describe('launch of an Alluxio worker', () => {
  it('puts tier 0 into a private ramdisk of the configured size, and turns the short circuit off', () => {
    const launch = launchWorker({ 'alluxio.worker.ramdisk.size': '128MB' });
    assert.deepEqual(launch.ramdisk, { sizeBytes: 134217728, sharing: 'private' });
    const set = setOf(launch);
    assert.equal(set['alluxio.worker.tieredstore.level0.dirs.path'], '@{ramdisk}');
    assert.equal(set['alluxio.worker.tieredstore.level0.dirs.quota'], '134217728');
    assert.equal(set['alluxio.worker.ramdisk.size'], '134217728');
    assert.equal(set['alluxio.user.short.circuit.enabled'], 'false');
  });

  it("shares the host's tmpfs when asked to", () => {
    const host = { 'alluxio.integration.mesos.ramdisk.sharing': 'host' };
    const launch = launchWorker({
      ...host,
      'alluxio.worker.tieredstore.level0.dirs.path': '/dev/shm/alluxio',
    });
    assert.deepEqual(launch.ramdisk, { sizeBytes: 1024 ** 3, sharing: 'host', path: '/dev/shm/alluxio' });
    assert.equal(setOf(launch)['alluxio.user.short.circuit.enabled'], undefined);
    assert.throws(() => serviceOf(host), /absolute path of one directory/);
  });

  it('counts disk tiers as disk and keeps their directories where the operator put them', () => {
    const file = {
      'alluxio.worker.tieredstore.levels': '3',
      'alluxio.worker.tieredstore.level1.dirs.path': '/ssd/a,/ssd/b',
      'alluxio.worker.tieredstore.level1.dirs.quota': '10GB,20GB',
      'alluxio.worker.tieredstore.level2.dirs.quota': '1TB',
    };
    const launch = launchWorker(file);
    assert.deepEqual(launch.directories, [
      { name: 'tier1-0', kind: 'state', path: '/ssd/a' },
      { name: 'tier1-1', kind: 'state', path: '/ssd/b' },
      { name: 'tier2-0', kind: 'state' },
      { name: 'work', kind: 'scratch' },
    ]);
    assert.equal(
      setOf(launch)['alluxio.worker.tieredstore.level1.dirs.path'],
      '@{directory.tier1-0},@{directory.tier1-1}',
    );
    const worker = componentOf(serviceOf(file).spec, 'worker');
    assert.equal(worker.resources.diskMiB, 30 * 1024 + 1024 * 1024);
    assert.equal(worker.pinned, true);
    assert.equal(componentOf(serviceOf().spec, 'worker').pinned, false);
  });

  it('names the tiers, for the master too, since each process checks them', () => {
    const file = {
      'alluxio.worker.tieredstore.levels': '2',
      'alluxio.worker.tieredstore.level1.dirs.quota': '1GB',
    };
    const alias = 'alluxio.worker.tieredstore.level1.alias';
    for (const launch of [launchMaster(file), launchWorker(file)]) assert.equal(setOf(launch)[alias], 'SSD');
    assert.equal(setOf(launchMaster({ ...file, [alias]: 'HDD' }))[alias], undefined);
  });

  it('asks for the size of every disk tier', () => {
    assert.throws(
      () => serviceOf({ 'alluxio.worker.tieredstore.levels': '2' }),
      /level1\.dirs\.quota is not set/,
    );
  });

  it('refuses a tier 0 that is larger than the ramdisk', () => {
    const file = {
      'alluxio.worker.ramdisk.size': '1GB',
      'alluxio.worker.tieredstore.level0.dirs.quota': '2GB',
    };
    assert.throws(() => serviceOf(file), /2048 MiB .* ramdisk of 1024 MiB/);
  });

  it('sizes the ramdisk by the quota of tier 0 when only that is set', () => {
    const launch = launchWorker({ 'alluxio.worker.tieredstore.level0.dirs.quota': '256MB' });
    assert.equal(launch.ramdisk?.sizeBytes, 256 * 1024 ** 2);
  });

  it('makes no ramdisk for a tier 0 on disk or for pages', () => {
    const disk = {
      'alluxio.worker.tieredstore.level0.alias': 'SSD',
      'alluxio.worker.tieredstore.level0.dirs.quota': '2GB',
    };
    assert.equal(launchWorker(disk).ramdisk, undefined);
    const pages = { 'alluxio.worker.block.store.type': 'PAGE', 'alluxio.worker.page.store.sizes': '1000MB' };
    assert.equal(launchWorker(pages).ramdisk, undefined);
    assert.equal(componentOf(serviceOf(pages).spec, 'worker').resources.diskMiB, 1100);
  });

  it('keeps a small tier usable, unless the operator says how much is reserved', () => {
    const reserved = 'alluxio.worker.management.tier.align.reserved.bytes';
    assert.equal(
      setOf(launchWorker({ 'alluxio.worker.ramdisk.size': '1000MB' }))[reserved],
      String(100 * 1024 ** 2),
    );
    assert.equal(setOf(launchWorker({ 'alluxio.worker.ramdisk.size': '100GB' }))[reserved], undefined);
    assert.equal(setOf(launchWorker({ [reserved]: '0' }))[reserved], undefined);
  });

  it('writes through, since no job master would persist later', () => {
    const key = 'alluxio.user.file.writetype.default';
    assert.equal(setOf(launchWorker())[key], 'CACHE_THROUGH');
    assert.equal(setOf(launchWorker({ [key]: 'MUST_CACHE' }))[key], undefined);
  });
});

describe('distribution and java', () => {
  const artifactsOf = (file: Record<string, string>) =>
    serviceOf(file).spec.artifacts.map(({ name, format, source }) => ({ name, format, source }));

  it('packs the installation of the start script without its configuration, logs and data', () => {
    const [alluxio] = artifactsOf({});
    assert.equal(alluxio?.source.kind, 'directory');
    assert.equal(alluxio.source.path, '/opt/alluxio-2.9.6');
    for (const name of ['conf', 'logs', 'journal', 'underFSStorage'])
      assert.ok(alluxio.source.exclude?.includes(name), name);
  });

  it('takes tarballs by URL, also with a query, and by path', () => {
    const key = 'alluxio.integration.mesos.alluxio.jar.url';
    assert.deepEqual(artifactsOf({ [key]: 'https://x/a-2.9.6-bin.tar.gz?sig=1' })[0], {
      name: 'alluxio',
      format: 'tar.gz',
      source: { kind: 'url', url: 'https://x/a-2.9.6-bin.tar.gz?sig=1' },
    });
    assert.deepEqual(artifactsOf({ [key]: '/srv/alluxio.tar' })[0], {
      name: 'alluxio',
      format: 'tar',
      source: { kind: 'file', path: '/srv/alluxio.tar' },
    });
    assert.throws(() => serviceOf({ [key]: 's3://bucket/a.tgz' }), /neither an http/);
  });

  it('runs what is installed on the agents with LOCAL, in any case and in quotes', () => {
    for (const local of ['LOCAL', 'local', '"LOCAL"']) {
      const file = { ...LOCAL, 'alluxio.integration.mesos.alluxio.jar.url': local };
      assert.deepEqual(
        artifactsOf(file).map(({ name }) => name),
        ['site'],
      );
      assert.equal(argvOf(launchMaster(file))[4], '/srv/alluxio');
    }
    const { warnings } = serviceOf({ ...LOCAL, 'alluxio.integration.mesos.alluxio.jar.url': '"LOCAL"' });
    assert.ok(warnings.some((warning) => warning.includes('quotes')));
  });

  it("runs on a delivered JDK, on the agents' JDK at a path, or on one in the usual places", () => {
    const delivered = launchMaster({ 'alluxio.integration.mesos.jdk.url': 'https://x/jdk8.tgz' });
    assert.deepEqual(delivered.artifacts, ['alluxio', 'jdk', 'site']);
    assert.equal(delivered.command.choices[0]?.requires, '@{tree.jdk}/bin/java');
    const local = launchMaster({ 'alluxio.integration.mesos.jdk.path': '/opt/jdk11/' });
    assert.deepEqual(
      local.command.choices.map(({ requires }) => requires),
      ['/opt/jdk11/bin/java'],
    );
    assert.ok(launchMaster().command.choices.some(({ requires }) => requires === '/usr/bin/java'));
  });

  it('accepts Java 8, 11 and 17, as java tells its version', () => {
    const pattern = new RegExp(launchMaster().prepare[0]?.expect?.pattern ?? '');
    for (const text of [
      'openjdk version "17.0.15" 2025-04-15',
      'java version "1.8.0_292"',
      'openjdk version "11" x',
    ])
      assert.match(text, pattern);
    for (const text of ['openjdk version "25.0.3"', 'openjdk version "1.7.0"', 'openjdk version "110.1"'])
      assert.doesNotMatch(text, pattern);
  });
});
