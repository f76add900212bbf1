import assert from 'node:assert/strict';
import type { ZooKeeperClient } from '../../../../scheduler/zookeeper/zookeeper-client.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { Clients, bytes, text } from './clients.ts';

const NOTHING = new Uint8Array();

describe('operations at a real ZooKeeper', function () {
  this.timeout(60_000);
  const clients = new Clients();
  let server: ZooKeeperServer;
  let client: ZooKeeperClient;

  const make = (path: string, data = '') => client.create({ path, data: bytes(data), mode: 'persistent' });

  before(async function () {
    this.timeout(360_000);
    if (!(await zookeeperIsAvailable())) this.skip();
    server = await startZooKeeper();
    client = clients.open(server.address, { sessionTimeoutMs: 4000 }).client;
  });
  after(async () => {
    await clients.closeAll();
    await server?.close();
  });

  it('create, read, change and delete a node', async () => {
    assert.equal(await make('/node', 'one'), '/node');
    const first = await client.getData('/node');
    assert.equal(text(first?.data), 'one');
    const stat = await client.setData('/node', bytes('two!'), first?.stat.version ?? -1);
    assert.deepEqual([stat.version, stat.dataLength, stat.ephemeralOwner], [1, 4, 0n]);
    assert.ok(stat.mzxid > stat.czxid);
    assert.deepEqual(await client.exists('/node'), stat);
    await assert.rejects(client.setData('/node', NOTHING, 0), { code: 'ERR_ZOOKEEPER_BAD_VERSION' });
    await assert.rejects(client.delete('/node', 0), { code: 'ERR_ZOOKEEPER_BAD_VERSION' });
    await client.delete('/node', 1);
    assert.equal(await client.exists('/node'), undefined);
  });

  it('see an absent node as undefined, and refuse to write to one', async () => {
    assert.equal(await client.getData('/absent'), undefined);
    assert.equal(await client.getChildren('/absent'), undefined);
    await assert.rejects(client.setData('/absent', NOTHING, -1), { code: 'ERR_ZOOKEEPER_NO_NODE' });
    await assert.rejects(make('/absent/child'), { code: 'ERR_ZOOKEEPER_NO_NODE' });
  });

  it('keep parents and names apart', async () => {
    await client.createPath('/parent/of/ä-child');
    await client.createPath('/parent/of/ä-child');
    assert.deepEqual(await client.getChildren('/parent/of'), ['ä-child']);
    await assert.rejects(make('/parent/of'), { code: 'ERR_ZOOKEEPER_NODE_EXISTS' });
    await assert.rejects(client.delete('/parent', -1), { code: 'ERR_ZOOKEEPER_NOT_EMPTY' });
    await assert.rejects(make('relative'), { code: 'ERR_ZOOKEEPER_REFUSED' });
  });

  it('number sequential nodes, and own ephemeral ones by session', async () => {
    await make('/queue');
    const request = { path: '/queue/n_', data: NOTHING, mode: 'ephemeral-sequential' } as const;
    assert.equal(await client.create(request), '/queue/n_0000000000');
    assert.equal(await client.create({ ...request, mode: 'persistent-sequential' }), '/queue/n_0000000001');
    const stat = await client.exists('/queue/n_0000000000');
    assert.deepEqual([stat?.ephemeralOwner, client.sessionId === 0n], [client.sessionId, false]);
    const child = client.create({ path: '/queue/n_0000000000/x', data: NOTHING, mode: 'persistent' });
    await assert.rejects(child, { code: 'ERR_ZOOKEEPER_REFUSED', message: /no children/ });
  });

  it('change many nodes together or none', async () => {
    await make('/all', 'old');
    await client.multi([
      { kind: 'check', path: '/all', version: 0 },
      { kind: 'create', path: '/all/a', data: bytes('a'), mode: 'persistent' },
      { kind: 'set', path: '/all', data: bytes('new'), version: 0 },
      { kind: 'create', path: '/all/b', data: NOTHING, mode: 'persistent' },
      { kind: 'delete', path: '/all/b', version: -1 },
    ]);
    assert.deepEqual(
      [text((await client.getData('/all'))?.data), await client.getChildren('/all')],
      ['new', ['a']],
    );
    const half = client.multi([
      { kind: 'delete', path: '/all/a', version: -1 },
      { kind: 'check', path: '/all', version: 0 },
      { kind: 'delete', path: '/elsewhere', version: -1 },
    ]);
    await assert.rejects(half, { code: 'ERR_ZOOKEEPER_BAD_VERSION', message: /check in a multi of \/all:/ });
    const parent = client.multi([{ kind: 'delete', path: '/all', version: -1 }]);
    await assert.rejects(parent, { code: 'ERR_ZOOKEEPER_NOT_EMPTY' });
    assert.deepEqual(await client.getChildren('/all'), ['a']);
  });

  it('carry 900 kB, and say what happened to more than a server takes', async () => {
    const data = new Uint8Array(900_000).map((_, index) => index * 7);
    await client.create({ path: '/big', data, mode: 'persistent' });
    assert.deepEqual((await client.getData('/big'))?.data, data);
    const tooBig = client.setData('/big', new Uint8Array(1_100_000), -1);
    await assert.rejects(tooBig, { code: 'ERR_ZOOKEEPER_CONNECTION_LOST', message: /1100016 bytes.*jute/ });
    assert.equal((await client.exists('/big'))?.version, 0);
  });

  it('keep their order when thousands are under way', async () => {
    await make('/many');
    const names = Array.from({ length: 2000 }, (_, index) => `/many/${index}`);
    await Promise.all(names.map((name) => make(name, name)));
    const read = await Promise.all(names.map((name) => client.getData(name)));
    assert.deepEqual(
      read.map((found) => text(found?.data)),
      names,
    );
    assert.equal((await client.getChildren('/many'))?.length, 2000);
  });

  it('tell watchers once of the next change', async () => {
    const heard: string[] = [];
    const watcher = (what: string) => (event: { type: string }) => void heard.push(`${what} ${event.type}`);
    assert.equal(await client.getData('/w', watcher('absent data')), undefined);
    assert.equal(await client.getChildren('/w', watcher('absent children')), undefined);
    assert.equal(await client.exists('/w', watcher('exists')), undefined);
    await make('/w');
    await client.getData('/w', watcher('data'));
    await client.getChildren('/w', watcher('children'));
    await make('/w/x');
    await client.setData('/w', bytes('1'), -1);
    await client.setData('/w', bytes('2'), -1);
    await client.getData('/w', watcher('data'));
    await client.delete('/w/x', -1);
    await client.delete('/w', -1);
    const created = ['absent data created', 'absent children created', 'exists created'];
    const expected = [...created, 'children children', 'data changed', 'data deleted'];
    await eventually('all news', 3000, () => (heard.length >= expected.length ? true : undefined));
    assert.deepEqual(heard, expected);
  });
});
