import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StevedoreError } from '../../../../protocol/errors.ts';
import {
  parseServer,
  parseZooKeeperAddress,
  renderZooKeeperAddress,
  splitServer,
} from '../../../../scheduler/zookeeper/zookeeper-address.ts';

function problemOf(text: string): string {
  try {
    parseZooKeeperAddress(text);
  } catch (error) {
    assert.ok(error instanceof StevedoreError && error.code === 'ERR_ZOOKEEPER_SYNTAX');
    return error.message;
  }
  throw new Error(`${text} was accepted`);
}

describe('an address of ZooKeeper', () => {
  it('has servers and a path', () => {
    assert.deepEqual(parseZooKeeperAddress(' zk://h1:2181,h2:2182,[::1]:2183/mesos \n'), {
      servers: ['h1:2181', 'h2:2182', '[::1]:2183'],
      path: '/mesos',
    });
  });

  it('may leave out ports and end with a slash', () => {
    const expected = { servers: ['h1:2181', '[fe80::1]:2181'], path: '/a/b' };
    assert.deepEqual(parseZooKeeperAddress('zk://h1,[fe80::1]/a/b/'), expected);
  });

  it('has credentials up to the last @', () => {
    const { digest, servers } = parseZooKeeperAddress('zk://user:p@ss:word@h1:2181/mesos');
    assert.deepEqual([digest, servers], ['user:p@ss:word', ['h1:2181']]);
  });

  it('is refused with the reason', () => {
    assert.match(problemOf('h1:2181/mesos'), /does not begin with zk:/);
    assert.match(problemOf('zk://h1:2181'), /a path is missing/);
    for (const root of ['zk://h1:2181/', 'zk://h1:2181//']) assert.match(problemOf(root), /path/);
    for (const hosts of ['', 'h1,,h2', 'h1:x', '::1', 'h 1', 'h1:0', 'h1:65536']) {
      assert.match(problemOf(`zk://${hosts}/m`), /one of its servers is not host:port/, hosts);
    }
    for (const path of ['/a//b', '/a/../b', '/./a'])
      assert.match(problemOf(`zk://h${path}`), /relative part/);
    for (const user of ['user', ':p', 'user:']) assert.match(problemOf(`zk://${user}@h/m`), /user:password/);
  });

  it('never shows the password, wherever the mistake is', () => {
    for (const text of [
      'zk://u:hunter2@h1:x/m',
      'zk://u:hunter2@h1:2181',
      'zk://u:hunter2@h1/',
      'zk://u:hunter2/b@h1:2181/m',
      'zk://u:9/hunter2@h1:2181/m',
      'http://u:hunter2@h1/m',
      'u:hunter2@h1/m',
    ]) {
      assert.doesNotMatch(problemOf(text), /hunter2/, text);
    }
    const address = parseZooKeeperAddress('zk://u:hunter2@h1:2181/m');
    assert.equal(renderZooKeeperAddress(address), 'zk://u:***@h1:2181/m');
  });

  it('without credentials is parsed and rendered back', () => {
    const server = fc.constantFrom('h1:2181', 'zk-2.example.org:1', '[::1]:2181', '10.0.0.1:65535');
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
    const servers = fc.array(server, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(servers, fc.array(name, { minLength: 1, maxLength: 3 }), (hosts, names) => {
        const address = { servers: hosts, path: `/${names.join('/')}` };
        assert.deepEqual(parseZooKeeperAddress(renderZooKeeperAddress(address)), address);
      }),
    );
  });

  it('gives sockets a host without brackets', () => {
    assert.deepEqual(splitServer('[::1]:2181'), { host: '::1', port: 2181 });
    assert.deepEqual(splitServer('h1:1'), { host: 'h1', port: 1 });
    assert.equal(parseServer('h1'), 'h1:2181');
    assert.equal(parseServer('h1:'), undefined);
  });
});
