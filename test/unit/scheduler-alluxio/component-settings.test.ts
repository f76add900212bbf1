import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buildAlluxioService } from '../../../scheduler/alluxio/alluxio-service.ts';
import {
  buildFromSnapshot,
  renderAlluxioSnapshot,
} from '../../../scheduler/alluxio/configuration-snapshot.ts';
import { judgeChange } from '../../../scheduler/core/rollout/change-validators.ts';
import { compareAspects } from '../../../scheduler/core/rollout/configuration-difference.ts';
import { describeVersion } from '../../../scheduler/core/rollout/configuration-description.ts';
import type { ServiceSpec } from '../../../scheduler/core/service-spec.ts';
import { componentOf, serviceOf, settingsOf } from './settings-fixture.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

function describeSpec(spec: ServiceSpec) {
  return describeVersion(spec, { snapshot: 's', user: 'u', artifactDigests: {}, hash });
}

type File = Readonly<Record<string, string>>;

/** Which components a change of the file restarts, with the reasons. */
function restartsOf(before: File, after: File): Record<string, string[]> {
  const [old, fresh] = [serviceOf(before), serviceOf(after)].map(({ spec }) => describeSpec(spec).components);
  const texts = (name: string) =>
    compareAspects(old?.[name]?.aspects ?? {}, fresh?.[name]?.aspects ?? {})
      .filter(({ effect }) => effect === 'restart')
      .map(({ text }) => text);
  return { master: texts('master'), worker: texts('worker') };
}

function refusalsOf(before: File, after: File): string[] {
  const { spec } = serviceOf(after);
  const change = { before: describeSpec(serviceOf(before).spec), after: describeSpec(spec), spec };
  return judgeChange({ ...change, instances: [] });
}

describe('settings of a component', () => {
  it('a key of workers restarts workers only, and is named', () => {
    const { master, worker } = restartsOf(
      { 'alluxio.worker.ramdisk.size': '1GB' },
      { 'alluxio.worker.ramdisk.size': '2GB' },
    );
    assert.deepEqual(master, []);
    assert.ok(worker?.includes('alluxio.worker.ramdisk.size 1GB -> 2GB'), worker?.join('\n'));
    assert.ok(worker?.includes('memory 2048 -> 3072 MiB'), worker?.join('\n'));
  });

  it('a key of the journal restarts the master only', () => {
    const { master, worker } = restartsOf({}, { 'alluxio.master.journal.checkpoint.period.entries': '9' });
    assert.deepEqual(master, ['alluxio.master.journal.checkpoint.period.entries set to 9']);
    assert.deepEqual(worker, []);
  });

  it('a key that both read restarts both', () => {
    const { master, worker } = restartsOf({}, { 'alluxio.user.file.metadata.sync.interval': '1min' });
    assert.equal(master?.length, 1);
    assert.equal(worker?.length, 1);
  });

  it('Java options and memory of one component', () => {
    const { master, worker } = restartsOf(
      {},
      { 'alluxio.integration.mesos.worker.java.opts': '-XX:+UseG1GC' },
    );
    assert.deepEqual(master, []);
    assert.ok(worker?.includes('alluxio.integration.mesos.worker.java.opts set to -XX:+UseG1GC'));
  });

  it('a property among Java options is one, so that schedulers may differ in what concerns one host', () => {
    const at = (directory: string) => ({
      'alluxio.integration.mesos.java.opts': `-Dalluxio.integration.mesos.state.dir=${directory} -Dx=1`,
    });
    assert.deepEqual(restartsOf(at('/a'), at('/b')), { master: [], worker: [] });
    const property = {
      'alluxio.integration.mesos.java.opts': '-Dalluxio.user.file.metadata.sync.interval=1min',
    };
    assert.deepEqual(restartsOf({}, property).master, [
      'alluxio.user.file.metadata.sync.interval set to 1min',
    ]);
  });

  it('what concerns the framework restarts nothing', () => {
    const keys = {
      'alluxio.integration.mesos.failover.timeout': '1d',
      'alluxio.integration.mesos.worker.count': '2',
    };
    assert.deepEqual(restartsOf({}, keys), { master: [], worker: [] });
  });

  it('secrets are compared and never shown', () => {
    const file = (value: string) => ({
      'alluxio.integration.mesos.secret': value,
      'aws.secretKey': value,
      'fs.oss.accessKeySecret': value,
      'alluxio.proxy.url': `http://me:${value}@proxy/`,
    });
    const spec = serviceOf(file('hunter2')).spec;
    assert.doesNotMatch(JSON.stringify(describeSpec(spec)), /hunter2/);
    const { worker } = restartsOf(file('hunter2'), file('hunter3'));
    assert.deepEqual([...(worker ?? [])].sort(), [
      'secret alluxio.proxy.url changed',
      'secret aws.secretKey changed',
      'secret fs.oss.accessKeySecret changed',
    ]);
  });
});

describe('changes of Alluxio that are refused', () => {
  it('kind and place of the journal', () => {
    const [reason] = refusalsOf({}, { 'alluxio.master.journal.type': 'UFS' });
    assert.match(reason ?? '', /alluxio.master.journal.type cannot change from EMBEDDED to UFS/);
    assert.deepEqual(refusalsOf({}, { 'alluxio.master.journal.type': 'EMBEDDED' }), []);
    const moved = refusalsOf(
      { 'alluxio.master.journal.folder': '/a' },
      { 'alluxio.master.journal.folder': '/b' },
    );
    assert.equal(moved.length, 1);
  });

  it('not fewer workers, whose blocks are a cache', () => {
    const count = (value: string) => ({ 'alluxio.integration.mesos.worker.count': value });
    assert.deepEqual(refusalsOf(count('3'), count('1')), []);
  });

  it('bounds: one master, at least one worker', () => {
    const { spec } = serviceOf();
    assert.deepEqual(componentOf(spec, 'master').countBounds, { least: 1, most: 1 });
    assert.deepEqual(componentOf(spec, 'worker').countBounds, { least: 1 });
  });
});

describe('rollout of Alluxio', () => {
  const ruleOf = (text: string) =>
    componentOf(serviceOf({ 'alluxio.integration.mesos.worker.rollout': text }).spec, 'worker').rollout;

  it('of workers as the operator says; of the master one by one', () => {
    assert.deepEqual(ruleOf('4')?.strategy, { parallel: 4 });
    assert.deepEqual(ruleOf('Canary')?.strategy, 'canary');
    assert.deepEqual(componentOf(serviceOf().spec, 'master').rollout, {
      strategy: 'serial',
      stableForMs: 10_000,
      maxFailures: 1,
    });
  });

  it('another word is refused', () => {
    assert.throws(() => ruleOf('all'), /serial, canary, or a number from 1/);
  });
});

describe('snapshot of a configuration', () => {
  const written = {
    file: { 'alluxio.worker.ramdisk.size': '512MB', 'aws.secretKey': 'x' },
    environment: { ALLUXIO_RAM_FOLDER: '/mnt/r', UNRELATED: 'y' },
    flags: { 'alluxio.integration.mesos.worker.count': '4' },
  };

  it('builds the same service again', () => {
    const { configuration } = settingsOf(written);
    const snapshot = renderAlluxioSnapshot(configuration);
    const again = buildFromSnapshot(snapshot, configuration);
    assert.equal(componentOf(again, 'worker').count, 4);
    assert.equal(renderAlluxioSnapshot(configuration), snapshot);
    assert.deepEqual(describeSpec(again).components, describeSpec(serviceOfWritten()).components);
  });

  it('holds no variable that no option reads, and no line of a file', () => {
    const snapshot = renderAlluxioSnapshot(settingsOf(written).configuration);
    assert.doesNotMatch(snapshot, /UNRELATED|alluxio-site\.properties:1/);
    assert.match(snapshot, /ALLUXIO_RAM_FOLDER/);
  });

  it('holds no secret, and takes it from what is given when it is built', () => {
    const secret = { 'aws.secretKey': 'hunter2', 'alluxio.worker.jvm.opts': '-Xmx1g -Dmy.password=hunter3' };
    const settings = settingsOf({ ...written, file: { ...written.file, ...secret } });
    const { configuration } = settings;
    const snapshot = renderAlluxioSnapshot(configuration);
    assert.doesNotMatch(snapshot, /hunter/);
    const { configuration: without } = settingsOf({ ...written, file: {} });
    assert.throws(() => buildFromSnapshot(snapshot, without), /aws\.secretKey[\s\S]*jvm\.opts/);
    const again = buildFromSnapshot(snapshot, configuration);
    const given = buildAlluxioService(settings).spec;
    assert.deepEqual(describeSpec(again).components, describeSpec(given).components);
  });

  function serviceOfWritten(): ServiceSpec {
    return buildAlluxioService(settingsOf(written)).spec;
  }
});
