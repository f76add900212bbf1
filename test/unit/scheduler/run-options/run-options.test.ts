import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resolveOptions } from '../../../../config/option-resolution.ts';
import { DEFAULT_TIMING } from '../../../../scheduler/core/timing.ts';
import { createKeyNaming } from '../../../../scheduler/options/key-naming.ts';
import {
  createProcessOptions,
  createServiceOptions,
} from '../../../../scheduler/options/scheduler-options.ts';
import { describeRun } from '../../../../scheduler/run-options/run-options.ts';

const keyOf = createKeyNaming('', '-');
const TABLE = {
  ...createServiceOptions(keyOf, ['w'], { cluster: 'c' }),
  ...createProcessOptions(keyOf, { name: 'n', principal: '' }),
};

type File = Readonly<Record<string, string>>;

function describeFile(file: File) {
  const settings = Object.entries(file).map(([key, value], index) => ({
    key,
    value,
    origin: `f:${index + 1}`,
  }));
  const resolution = resolveOptions(TABLE, { flags: [], environment: [], file: settings });
  assert.deepEqual(resolution.problems, []);
  return describeRun(resolution, ['w']);
}

function optionsOf(file: File) {
  const { options, problems } = describeFile(file);
  assert.deepEqual(problems, []);
  return options;
}

const problemsOf = (file: File) => describeFile(file).problems.map(({ message }) => message);

describe('a run from options', () => {
  it('is that of one scheduler on its own when nothing is set', () => {
    const options = optionsOf({});
    assert.equal(options.master, undefined);
    assert.deepEqual(options.masterAccess, { tls: false, insecure: false });
    assert.equal(options.stateDirectory, join(homedir(), '.stevedore/c'));
    assert.deepEqual(options.state, {
      kind: 'sqlite',
      directory: options.stateDirectory,
      keyFile: undefined,
    });
    assert.equal(options.api, undefined);
    assert.deepEqual(options.timing, DEFAULT_TIMING);
    assert.deepEqual([options.maximumFailedTasks, options.offerConstraints], [-1, false]);
    assert.deepEqual(options.framework.roles, ['*']);
    assert.equal('labels' in options.framework, false);
  });

  it('reaches masters as told', () => {
    const { master, masterAccess } = optionsOf({
      masters: 'zk://z:2181/mesos',
      'masters.tls': 'true',
      'masters.ca': '/ca.pem',
      'masters.client-certificate': '/c.pem',
      'masters.client-key': '/k.pem',
      'masters.service-account-file': '/account.json',
      'masters.login-url': 'https://login',
      'masters.proxy': 'http://p:3128',
      'masters.proxy.credential-file': '/proxy',
      'masters.proxy.except': '.local, 10.0.0.1',
      'masters.zookeeper.ca': '/zk.pem',
    });
    assert.equal(master, 'zk://z:2181/mesos');
    assert.deepEqual(masterAccess, {
      ca: '/ca.pem',
      clientCertificate: '/c.pem',
      clientKey: '/k.pem',
      tls: true,
      insecure: false,
      credential: { kind: 'service-account', file: '/account.json', loginUrl: 'https://login' },
      proxy: { url: 'http://p:3128', credentialFile: '/proxy', except: ['.local', '10.0.0.1'] },
      zooKeeperTls: { ca: '/zk.pem' },
    });
    const bearer = optionsOf({ 'masters.token-file': '/t', 'masters.zookeeper.tls': 'true' });
    assert.deepEqual(bearer.masterAccess?.credential, { kind: 'bearer', tokenFile: '/t' });
    assert.deepEqual(bearer.masterAccess?.zooKeeperTls, {});
  });

  it('introduces the framework', () => {
    const { framework } = optionsOf({
      'framework.name': 'storage',
      principal: 'p',
      'secret-file': '/s',
      user: 'alluxio',
      roles: 'a,b',
      'w.role': 'd',
      'failover-timeout': '2h',
      'framework.labels': 'team:data',
      'framework.hostname': 'h',
      'framework.web-url': 'http://h/',
      'framework.capabilities': 'region_aware',
    });
    assert.deepEqual(framework, {
      name: 'storage',
      roles: ['a', 'b', 'd'],
      user: 'alluxio',
      principal: 'p',
      secretFile: '/s',
      failoverTimeoutSeconds: 7200,
      labels: { team: 'data' },
      capabilities: ['REGION_AWARE'],
      hostname: 'h',
      webUrl: 'http://h/',
    });
  });

  it('keeps its state in ZooKeeper and answers over TCP', () => {
    const { options, warnings } = describeFile({
      state: 'zk://a:2181,b:2181/stevedore',
      'state.zk-credentials': '/zk',
      'state.zk-session-timeout': '8s',
      'state.key-file': '/key',
      'api.port': '8443',
      'api.advertise': 's1',
      'api.certificate': '/api.pem',
      'api.key': '/api.key',
    });
    assert.deepEqual(options.state, {
      kind: 'zookeeper',
      address: { servers: ['a:2181', 'b:2181'], path: '/stevedore' },
      credentialsFile: '/zk',
      keyFile: '/key',
      unprotected: false,
      sessionTimeoutMs: 8000,
    });
    assert.deepEqual(options.api, {
      bindHost: '0.0.0.0',
      port: 8443,
      advertisedHost: 's1',
      certificateFile: '/api.pem',
      keyFile: '/api.key',
    });
    assert.deepEqual(warnings, []);
  });

  it('takes limits and waiting times', () => {
    const options = optionsOf({
      'maximum-failed-tasks': 'initial-workers',
      'unreachable.grace': '90s',
      'maintenance.lead': '2h',
      'offer-constraints': 'true',
    });
    assert.equal(options.maximumFailedTasks, 'initial-workers');
    assert.deepEqual(options.timing, {
      ...DEFAULT_TIMING,
      unreachableMs: 90_000,
      maintenanceLeadMs: 7_200_000,
    });
    assert.equal(options.offerConstraints, true);
  });
});

describe('options that do not go together', () => {
  it('are all told, each with its line', () => {
    const problems = problemsOf({
      masters: 'ftp://m:1',
      'masters.ca': '/ca.pem',
      'masters.insecure': 'true',
      'masters.client-key': '/k.pem',
      'masters.login-url': 'https://login',
      'masters.proxy.except': 'h',
      'masters.token-file': '/t',
      'secret-file': '/s',
      'state.zk-credentials': '/zk',
      'api.certificate': '/api.pem',
      'backoff.base': '10min',
    });
    const expected = [
      /^state\.zk-credentials \(f:9\) has no meaning without state\./,
      /^api\.certificate \(f:10\) has no meaning without api\.port\./,
      /^api\.certificate \(f:10\) has no meaning without api\.key\./,
      /^masters\.login-url \(f:5\) has no meaning without masters\.service-account-file\./,
      /^secret-file \(f:8\) and masters\.token-file \(f:7\) exclude each other\./,
      /^masters\.client-key \(f:4\) has no meaning without masters\.client-certificate\./,
      /^masters\.insecure \(f:3\) and masters\.ca \(f:2\) exclude each other\./,
      /^masters\.proxy\.except \(f:6\) has no meaning without masters\.proxy\./,
      /^masters \(f:1\): .*ftp/,
      /^secret-file \(f:8\) has no meaning without principal\./,
      /^backoff\.base \(f:11\): backoff\.base is longer than backoff\.max\./,
    ];
    assert.equal(problems.length, expected.length, problems.join('\n'));
    for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? '', pattern);
  });

  it('are values that nobody could use', () => {
    assert.match(problemsOf({ 'teardown.grace': '3min' })[0] ?? '', /^teardown\.grace \(f:1\): .*2min/);
    assert.deepEqual(problemsOf({ 'teardown.grace': '2min' }), []);
    assert.match(problemsOf({ 'masters.proxy': 'p:3128' })[0] ?? '', /^masters\.proxy \(f:1\): /);
    assert.match(problemsOf({ state: 'zk://z:2181' })[0] ?? '', /^state \(f:1\): .*path/);
    assert.match(
      problemsOf({ masters: 'm:5050', 'masters.zookeeper.tls': 'true' })[0] ?? '',
      /^masters\.zookeeper\.tls \(f:2\): masters names no ZooKeeper/,
    );
  });

  it('are no problem where a file may yet name ZooKeeper, and none when they are switched off', () => {
    assert.deepEqual(problemsOf({ masters: 'file:///etc/mesos/zk', 'masters.zookeeper.tls': 'true' }), []);
    assert.deepEqual(problemsOf({ 'state.unprotected': 'false', 'masters.insecure': 'false' }), []);
  });

  it('never show a password', () => {
    const { problems, warnings } = describeFile({
      masters: 'zk://me:hunter2@z:2181/mesos',
      state: 'zk://me:hunter2@z:2181',
      'masters.proxy': 'ftp://me:hunter2@p',
    });
    assert.equal(problems.length, 2);
    assert.match(warnings.join('\n'), /A password stands in masters \(f:1\)/);
    assert.match(warnings.join('\n'), /api\.port is not set/);
    assert.doesNotMatch(JSON.stringify([problems, warnings]), /hunter2/);
  });
});
