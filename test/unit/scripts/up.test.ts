import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { InstanceStatus, StatusReport } from '../../../scheduler/api/status.ts';
import { isReady, renderMissing, renderProgress } from '../../../scripts/up/cluster-progress.ts';
import { listDemoProperties } from '../../../scripts/up/demo-properties.ts';
import { listAddresses, renderClientCommands } from '../../../scripts/up/describe-cluster.ts';
import { layOut } from '../../../scripts/up/layout.ts';
import { parseDownOptions, parseUpOptions } from '../../../scripts/up/options.ts';

describe('the arguments of up', () => {
  it('have defaults for a machine without Mesos', () => {
    const options = parseUpOptions([]);
    assert.equal(options?.service, 'alluxio');
    assert.equal(options?.port, 5050);
    assert.equal(options?.mesos, undefined);
  });

  it('name the services when another one is asked for', () => {
    assert.throws(() => parseUpOptions(['--service', 'hdfs']), /'hdfs' is no service.*alluxio, fixture/);
  });

  it('refuse an address without a port, and a port that is none', () => {
    assert.throws(() => parseUpOptions(['--mesos', 'zk']), /--mesos is to be host:port, not 'zk'/);
    assert.throws(() => parseUpOptions(['--port', 'x']), /--port is to be a port number, not 'x'/);
  });

  it('take properties, values with equals signs whole', () => {
    assert.deepEqual(parseUpOptions(['-D', 'a.b=c=d', '-De=f'])?.properties, { 'a.b': 'c=d', e: 'f' });
    assert.throws(() => parseUpOptions(['-D', 'ab']), /-D is to be KEY=VALUE/);
  });

  it('keep everything of a cluster in its directory', () => {
    const layout = layOut(parseUpOptions(['--directory', '/x'])?.directory ?? '');
    const { cacheDirectory, ...own } = layout;
    assert.ok(Object.values(own).every((path) => path.startsWith('/x/')));
    assert.ok(cacheDirectory.endsWith('.cache'));
    assert.equal(parseDownOptions(['--directory', '/x'])?.directory, '/x');
    assert.equal(layout.recordPath, join(layout.runDirectory, 'up.json'));
  });
});

describe('the configuration of the Alluxio that up starts', () => {
  const demo = { ufsDirectory: '/ufs', cluster: 'alluxio', properties: {} };

  it('asks nobody outside', () => {
    assert.equal(listDemoProperties(demo)['alluxio.master.update.check.enabled'], 'false');
  });

  it('leaves a small ramdisk writable', () => {
    assert.equal(listDemoProperties(demo)['alluxio.worker.management.tier.align.reserved.bytes'], '0');
  });

  it('gives way to properties of the user', () => {
    const properties = { 'alluxio.worker.ramdisk.size': '256MB' };
    assert.equal(listDemoProperties({ ...demo, properties })['alluxio.worker.ramdisk.size'], '256MB');
  });

  it('takes every agent of a Mesos that is not ours', () => {
    const key = 'alluxio.integration.mesos.worker.count';
    const local = { javaHome: '/jdk', workerCount: 2 };
    assert.equal(listDemoProperties({ ...demo, local })[key], '2');
    assert.ok(!(key in listDemoProperties(demo)));
    assert.ok(!('alluxio.integration.mesos.bind.host' in listDemoProperties(demo)));
  });
});

describe('the progress of a cluster', () => {
  const instance = (name: string, phase: InstanceStatus['phase'], more = {}): InstanceStatus => ({
    name,
    component: name.slice(0, -2),
    phase,
    sinceMs: 0,
    host: '127.0.0.2',
    ports: { rpc: 19998, web: 19999 },
    restarts: 0,
    failures: 0,
    oldBundle: false,
    labels: {},
    ...more,
  });
  const report = (phase: StatusReport['phase'], ...instances: InstanceStatus[]): StatusReport => ({
    service: 'alluxio',
    cluster: 'alluxio',
    pid: 1,
    connected: true,
    phase,
    startedAtMs: 0,
    nowMs: 0,
    instances,
  });

  it('is ready when the plan is complete, not before the first instance is known', () => {
    assert.ok(isReady(report('complete', instance('master-0', 'ready'))));
    assert.ok(!isReady(report('deploying', instance('master-0', 'ready'))));
    assert.ok(!isReady(report('complete')));
  });

  it('tells why an instance waits', () => {
    const waiting = instance('worker-1', 'waiting', { host: undefined, waiting: 'needs 1.1 cpus' });
    const status = report('deploying', instance('master-0', 'ready'), waiting);
    assert.equal(renderProgress(status), 'master-0 ready on 127.0.0.2, worker-1 waiting (needs 1.1 cpus)');
    assert.equal(renderMissing(status), 'worker-1 waiting (needs 1.1 cpus)');
    assert.match(renderMissing(undefined), /has not answered/);
  });

  it('gives addresses and commands that name the master', () => {
    const master = instance('master-0', 'ready');
    assert.deepEqual(listAddresses([master]), ['  master-0  http://127.0.0.2:19999/api/v1/master/info']);
    const [write] = renderClientCommands(master, { program: 'bin/alluxio', javaHome: '/j' });
    assert.equal(
      write,
      'JAVA_HOME=/j bin/alluxio fs -Dalluxio.master.hostname=127.0.0.2 -Dalluxio.master.rpc.port=19998 copyFromLocal package.json /package.json',
    );
  });
});
