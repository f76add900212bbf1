import assert from 'node:assert/strict';
import { eventually } from '../../../support/eventually.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { Clients, untilState } from './clients.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const NOTHING = new Uint8Array();

describe('the end of sessions at a real ZooKeeper', function () {
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

  it('are replaced when the server ended them', async () => {
    const { client, states } = clients.open(server.address, { sessionTimeoutMs: 8000 });
    await client.create({ path: '/owned', data: NOTHING, mode: 'ephemeral' });
    const before = client.sessionId;
    let calls = 0;
    await client.exists('/owned', () => void (calls += 1));
    await server.expireSession(before);
    await eventually('a new session', 5000, () => (states.length >= 5 ? true : undefined));
    assert.deepEqual(states, ['connected', 'suspended', 'expired', 'connecting', 'connected']);
    assert.notEqual(client.sessionId, before);
    assert.equal(await client.exists('/owned'), undefined);
    assert.equal(calls, 0, 'watches of the old session are dropped');
  });

  it('are suspended and then over by our own clock when the server is frozen', async () => {
    const { client, states } = clients.open(server.address, { sessionTimeoutMs: 3000 });
    await client.create({ path: '/frozen', data: NOTHING, mode: 'ephemeral' });
    server.freeze();
    try {
      const began = performance.now();
      const write = client.setData('/frozen', NOTHING, -1);
      await assert.rejects(write, { code: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
      const suspendedMs = performance.now() - began;
      assert.equal(client.state, 'suspended');
      const read = client.exists('/frozen');
      await assert.rejects(read, { code: 'ERR_ZOOKEEPER_SESSION_EXPIRED' });
      const expiredMs = performance.now() - began;
      assert.ok(suspendedMs < expiredMs && expiredMs <= 3500, `${suspendedMs}, ${expiredMs}`);
    } finally {
      server.thaw();
    }
    await untilState(client, 'connected');
    assert.deepEqual(states, ['connected', 'suspended', 'expired', 'connecting', 'connected']);
  });

  it('are over for a process that was stopped before it does anything', async () => {
    const { client, states } = clients.open(server.address);
    await client.create({ path: '/stopped', data: NOTHING, mode: 'ephemeral' });
    // Blocks this process as SIGSTOP would: no timer and no socket is served meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1300);
    assert.equal(client.state, 'expired');
    assert.deepEqual(states, ['connected'], 'nobody has told it yet');
    const write = client.create({ path: '/late', data: NOTHING, mode: 'persistent' });
    await assert.rejects(write, { code: 'ERR_ZOOKEEPER_SESSION_EXPIRED' });
    await untilState(client, 'connected');
    assert.equal(await client.exists('/late'), undefined);
  });

  it('never have two owners when one host is cut off', async () => {
    const proxy = new CuttableProxy(server.port);
    const first = clients.open(await proxy.listen(), { sessionTimeoutMs: 2000 }).client;
    const second = clients.open(server.address, { sessionTimeoutMs: 8000 }).client;
    const lock = { path: '/lock', data: NOTHING, mode: 'ephemeral' } as const;
    try {
      for (let round = 0; round < 2; round += 1) {
        await untilState(first, 'connected');
        await first.create(lock);
        const free = new Promise<void>((resolve) => void second.exists('/lock', () => resolve()));
        await second.exists('/lock');
        proxy.cut();
        await free;
        await second.create(lock);
        assert.notEqual(first.state, 'connected');
        assert.notEqual(first.state, 'suspended');
        await second.delete('/lock', -1);
        proxy.heal();
      }
    } finally {
      proxy.close();
    }
  });
});
