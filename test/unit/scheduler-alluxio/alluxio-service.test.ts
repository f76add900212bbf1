import assert from 'node:assert/strict';
import { parseProperties } from '../../../config/properties.ts';
import { StevedoreErrors } from '../../../protocol/errors.ts';
import { buildAlluxioService } from '../../../scheduler/alluxio/alluxio-service.ts';
import type { ServiceSpec } from '../../../scheduler/core/service-spec.ts';
import { componentOf, launchMaster, launchWorker, serviceOf, setOf, settingsOf } from './settings-fixture.ts';

const codesOf = (build: () => unknown): string[] => {
  try {
    build();
  } catch (error) {
    if (error instanceof StevedoreErrors) return error.problems.map(({ code }) => code);
    throw error;
  }
  return [];
};

function siteOf(spec: ServiceSpec): Map<string, string> {
  const source = spec.artifacts.find(({ name }) => name === 'site')?.source;
  assert.equal(source?.kind, 'bytes');
  const { entries } = parseProperties(new TextDecoder().decode(source.bytes), 'site');
  return new Map(entries.map(({ key, value }) => [key, value]));
}

describe('Alluxio service', () => {
  it('starts workers after the master, one on every agent', () => {
    const { spec } = serviceOf();
    assert.deepEqual(
      spec.components.map(({ name, count, after, uniqueHost }) => ({ name, count, after, uniqueHost })),
      [
        { name: 'master', count: 1, after: [], uniqueHost: true },
        { name: 'worker', count: 'every-agent', after: ['master'], uniqueHost: true },
      ],
    );
    assert.equal(
      componentOf(serviceOf({ 'alluxio.integration.mesos.worker.count': '3' }).spec, 'worker').count,
      3,
    );
  });

  it('asks for the documented resources, and for the ramdisk as memory of the worker', () => {
    const { spec, warnings } = serviceOf();
    assert.deepEqual(componentOf(spec, 'master').resources, { cpusMilli: 1000, memMiB: 1024, diskMiB: 0 });
    assert.deepEqual(componentOf(spec, 'worker').resources, { cpusMilli: 1000, memMiB: 2048, diskMiB: 0 });
    assert.ok(warnings.some((warning) => warning.includes('1 GiB')));
    const configured = serviceOf({
      'alluxio.integration.worker.resource.cpu': '0.5',
      'alluxio.integration.worker.resource.mem': '512MB',
      'alluxio.worker.memory.size': '128MB',
    });
    const { resources } = componentOf(configured.spec, 'worker');
    assert.deepEqual(resources, { cpusMilli: 500, memMiB: 640, diskMiB: 0 });
  });

  it('passes every property on in one secret artifact, and in nothing that others can read', () => {
    const planted = {
      's3a.secretKey': 'planted-secret',
      'alluxio.user.x': 'é=#\n\\planted-value',
      other: 'planted',
    };
    const { spec } = serviceOf(planted);
    const site = siteOf(spec);
    for (const [key, value] of Object.entries(planted)) assert.equal(site.get(key), value);
    assert.equal(spec.artifacts.find(({ name }) => name === 'site')?.class, 'secret');
    for (const launch of [launchMaster(planted), launchWorker(planted)]) {
      assert.ok(launch.artifacts.includes('site'));
      assert.doesNotMatch(JSON.stringify(launch), /planted/);
    }
  });

  it('merges -D before environment before file, and keeps one name a key', () => {
    const settings = settingsOf({
      file: { 'alluxio.worker.memory.size': '1MB', a: 'file', 'alluxio.master.port': '5' },
      environment: { ALLUXIO_WORKER_MEMORY_SIZE: '2MB', ALLUXIO_UNDERFS_ADDRESS: '/env' },
      flags: { 'alluxio.worker.ramdisk.size': '3MB', a: 'flag' },
    });
    const site = new Map(settings.site.map(({ key, value }) => [key, value]));
    assert.equal(site.get('alluxio.worker.ramdisk.size'), '3MB');
    assert.equal(site.has('alluxio.worker.memory.size'), false);
    assert.equal(site.get('alluxio.master.mount.table.root.ufs'), '/env');
    assert.equal(site.get('alluxio.master.rpc.port'), '5');
    assert.equal(site.get('a'), 'flag');
  });

  it("keeps the framework's own secret from the tasks", () => {
    const { spec } = serviceOf({ 'alluxio.integration.mesos.secret': 'framework-secret' });
    assert.doesNotMatch([...siteOf(spec).values()].join(), /framework-secret/);
  });

  it('moves alluxio properties of Java options off the command line into the site', () => {
    const settings = settingsOf({
      environment: {
        ALLUXIO_WORKER_JAVA_OPTS: '-Dalluxio.user.key=k1 -XX:+UseG1GC',
        ALLUXIO_JAVA_OPTS: '-Dx=1',
      },
    });
    assert.deepEqual(settings.workerJavaOptions, ['-Dx=1', '-XX:+UseG1GC']);
    assert.deepEqual(settings.masterJavaOptions, ['-Dx=1']);
    assert.ok(settings.site.some(({ key, value }) => key === 'alluxio.user.key' && value === 'k1'));
    assert.ok(!settings.site.some(({ key }) => key.endsWith('java.opts')));
  });

  it('takes ports from the offer, and only those that were set are required', () => {
    const { ports } = componentOf(serviceOf({ 'alluxio.master.port': '31398' }).spec, 'master');
    assert.deepEqual(
      ports.map(({ name, preferred, required }) => [name, preferred, required]),
      [
        ['rpc', 31398, true],
        ['web', 19999, false],
        ['journal', 19200, false],
      ],
    );
    const set = setOf(launchMaster());
    assert.equal(set['alluxio.master.rpc.port'], '31000');
    assert.equal(set['alluxio.master.web.port'], '31001');
    assert.equal(set['alluxio.master.embedded.journal.port'], '31002');
    assert.equal(setOf(launchWorker())['alluxio.worker.rpc.port'], '31100');
  });

  it('takes port 0 for any port', () => {
    const [rpc] = componentOf(serviceOf({ 'alluxio.worker.rpc.port': '0' }).spec, 'worker').ports;
    assert.deepEqual([rpc?.preferred, rpc?.required], [29999, false]);
  });

  it('marks the port of an embedded journal as part of the state, and asks none for a UFS journal', () => {
    const journalPort = (file: Record<string, string>) =>
      componentOf(serviceOf(file).spec, 'master').ports.find(({ name }) => name === 'journal');
    assert.equal(journalPort({})?.partOfState, true);
    assert.equal(journalPort({ 'alluxio.master.journal.type': 'UFS' }), undefined);
  });

  it('tells workers where the master landed', () => {
    const set = setOf(launchWorker());
    assert.equal(set['alluxio.master.hostname'], '127.0.0.2');
    assert.equal(set['alluxio.master.rpc.port'], '31000');
    assert.equal(set['alluxio.worker.hostname'], '127.0.0.3');
    assert.throws(() => launchWorker({}, { peers: {} }), { code: 'ERR_ALLUXIO_MASTER_ABSENT' });
  });

  it('listens on its own address when that is an IP, on all behind a name, and where the operator says', () => {
    assert.equal(setOf(launchWorker())['alluxio.worker.bind.host'], '127.0.0.3');
    assert.equal(launchWorker().readiness.host, '127.0.0.3');
    const named = launchMaster({}, { host: 'node7' });
    assert.equal(setOf(named)['alluxio.master.bind.host'], '0.0.0.0');
    assert.equal(named.readiness.host, '127.0.0.1');
    const chosen = launchMaster({ 'alluxio.master.web.bind.host': '10.1.2.3' });
    assert.equal(setOf(chosen)['alluxio.master.web.bind.host'], undefined);
    assert.equal(chosen.readiness.host, '10.1.2.3');
  });

  it('refuses all impossible settings at once', () => {
    assert.deepEqual(
      codesOf(() =>
        serviceOf({
          'alluxio.integration.mesos.cluster': 'My Cluster',
          'alluxio.integration.mesos.master.node.count': '3',
          'alluxio.integration.mesos.alluxio.jar.url': 'LOCAL',
          'alluxio.integration.mesos.jdk.path': 'jdk1.8.0_151',
          'alluxio.integration.master.resource.mem': '64MB',
          'alluxio.worker.ramdisk.size': '0',
        }),
      ),
      [
        'ERR_ALLUXIO_CLUSTER_NAME',
        'ERR_ALLUXIO_MASTER_COUNT',
        'ERR_ALLUXIO_HOME',
        'ERR_ALLUXIO_JDK_PATH',
        'ERR_ALLUXIO_MEMORY',
        'ERR_ALLUXIO_RAMDISK_EMPTY',
      ],
    );
  });

  it('refuses several masters, however they are asked for', () => {
    for (const file of [
      { 'alluxio.zookeeper.enabled': 'true' },
      { 'alluxio.master.rpc.addresses': 'a:1,b:1' },
      { 'alluxio.master.embedded.journal.addresses': 'a:1,b:1' },
    ] as Record<string, string>[])
      assert.deepEqual(
        codesOf(() => serviceOf(file)),
        ['ERR_ALLUXIO_MASTER_COUNT'],
      );
  });

  it('refuses an unknown key of ours with the nearest name, and leaves those of Alluxio alone', () => {
    assert.throws(
      () => serviceOf({ 'alluxio.integration.mesos.jdk.uri': 'x' }),
      /alluxio-site\.properties:1.*Did you mean alluxio\.integration\.mesos\.jdk\.url\?/,
    );
    serviceOf({ 'alluxio.integration.yarn.workers.per.host.max': '2', 'alluxio.anything': '1' });
  });

  it('says what it decided otherwise', () => {
    const { warnings } = serviceOf({
      'alluxio.worker.data.port': '29999',
      'alluxio.master.hostname': 'node1',
      'alluxio.user.short.circuit.enabled': 'true',
      'alluxio.user.file.writetype.default': 'ASYNC_THROUGH',
    });
    for (const key of ['data.port', 'master.hostname', 'short.circuit', 'ASYNC_THROUGH', 'root.ufs'])
      assert.ok(
        warnings.some((warning) => warning.includes(key)),
        key,
      );
  });

  it('needs something to run', () => {
    assert.deepEqual(
      codesOf(() => buildAlluxioService({ ...settingsOf({}), installation: undefined as unknown as string })),
      ['ERR_ALLUXIO_NO_DISTRIBUTION'],
    );
  });
});
