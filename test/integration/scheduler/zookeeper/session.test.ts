import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../../support/eventually.ts';
import {
  type ZooKeeperServer,
  findFreePort,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { Clients, bytes, text, untilState } from './clients.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const NOTHING = new Uint8Array();

describe('sessions at a real ZooKeeper', function () {
  this.timeout(60_000);
  const clients = new Clients();
  let server: ZooKeeperServer;

  before(async function () {
    this.timeout(360_000);
    if (!(await zookeeperIsAvailable())) this.skip();
    server = await startZooKeeper();
  });
  after(async () => {
    await clients.closeAll();
    await server?.close();
  });

  it('end at once with close(), together with what is ephemeral', async () => {
    const one = clients.open(server.address, { sessionTimeoutMs: 8000 }).client;
    const other = clients.open(server.address, { sessionTimeoutMs: 8000 }).client;
    await one.create({ path: '/mine', data: NOTHING, mode: 'ephemeral' });
    const gone = new Promise((resolve) => void other.exists('/mine', ({ type }) => resolve(type)));
    assert.notEqual(await other.exists('/mine'), undefined);
    const before = performance.now();
    await one.close();
    assert.equal(await gone, 'deleted');
    assert.ok(performance.now() - before < 3000, 'it did not wait for the session timeout');
    assert.equal(one.state, 'closed');
    await assert.rejects(one.exists('/mine'), { code: 'ERR_ZOOKEEPER_CLOSED' });
  });

  it('end with the signal', async () => {
    const controller = new AbortController();
    const { client, states } = clients.open(server.address, { signal: controller.signal });
    await untilState(client, 'connected');
    controller.abort();
    await client.close();
    assert.deepEqual(states, ['connected', 'closed']);
    assert.doesNotMatch(await server.ask('dump'), new RegExp(`0x${client.sessionId.toString(16)}\\b`));
    assert.equal(clients.open(server.address, { signal: controller.signal }).client.state, 'closed');
  });

  it('stay alive without requests', async () => {
    const { client, states } = clients.open(server.address, { sessionTimeoutMs: 3000 });
    await client.create({ path: '/idle', data: NOTHING, mode: 'ephemeral' });
    await delay(6500);
    assert.deepEqual(states, ['connected']);
    assert.notEqual(await client.exists('/idle'), undefined);
  });

  it('survive a server that is killed and comes back, with their watches and what changed meanwhile', async () => {
    const { client, states } = clients.open(server.address, { sessionTimeoutMs: 8000 });
    const other = clients.open(server.address, { sessionTimeoutMs: 8000 }).client;
    await client.createPath('/kept/absent');
    await client.delete('/kept/absent', -1);
    await client.create({ path: '/kept/mine', data: NOTHING, mode: 'ephemeral' });
    const heard: string[] = [];
    const { sessionId } = client;
    await client.getChildren('/kept', ({ type }) => void heard.push(type));
    await client.exists('/kept/absent', ({ type }) => void heard.push(type));
    await server.stop();
    await untilState(client, 'suspended');
    const read = client.getData('/kept');
    await server.start();
    assert.equal(text((await read)?.data), '', 'a read waits for the server');
    assert.deepEqual([client.state, client.sessionId], ['connected', sessionId]);
    assert.deepEqual(states, ['connected', 'suspended', 'connected']);
    await other.create({ path: '/kept/absent', data: NOTHING, mode: 'persistent' });
    await eventually('both watches', 3000, () => (heard.length === 2 ? true : undefined));
    assert.deepEqual(heard.sort(), ['children', 'created']);
    assert.equal((await client.exists('/kept/mine'))?.ephemeralOwner, sessionId);
  });

  it('hear after a lost connection what changed while it was lost', async () => {
    const proxy = new CuttableProxy(server.port);
    const { client } = clients.open(await proxy.listen(), { sessionTimeoutMs: 4000 });
    const other = clients.open(server.address).client;
    try {
      await client.create({ path: '/news', data: bytes('old'), mode: 'persistent' });
      const heard = new Promise((resolve) => void client.getData('/news', ({ type }) => resolve(type)));
      await client.exists('/news');
      proxy.cut();
      await other.setData('/news', bytes('new'), -1);
      proxy.heal();
      assert.equal(await heard, 'changed');
      assert.equal(text((await client.getData('/news'))?.data), 'new');
    } finally {
      proxy.close();
    }
  });

  it('find the server that works among dead ones', async () => {
    const dead = [`127.0.0.1:${await findFreePort()}`, 'no-such-host.invalid:2181'];
    for (const chance of [0.1, 0.9]) {
      let drawn = 0;
      const order = () => (drawn++ === 0 ? chance : 0.5);
      const { client } = clients.open([server.address, ...dead], { chance: order, sessionTimeoutMs: 4000 });
      assert.notEqual(await client.exists('/'), undefined);
    }
  });

  it('wait for a server that is not there yet, without filling the log', async () => {
    await server.stop();
    const { client, states, lines } = clients.open(server.address);
    const early = client.exists('/');
    await assert.rejects(early, {
      code: 'ERR_ZOOKEEPER_CONNECTION_LOST',
      message: /no server was connected/,
    });
    await delay(3000);
    assert.equal(client.state, 'connecting');
    assert.ok(lines.length > 0 && lines.length < 8, lines.join('\n'));
    await server.start();
    await untilState(client, 'connected');
    assert.deepEqual(states, ['connected']);
  });
});
