import assert from 'node:assert/strict';
import { findLeader, startZooKeeperEnsemble } from '../../../support/zookeeper-ensemble.ts';
import { type ZooKeeperServer, zookeeperIsAvailable } from '../../../support/zookeeper-server.ts';
import { Clients, bytes, text, untilState } from './clients.ts';

describe('a session at an ensemble of ZooKeeper servers', function () {
  this.timeout(90_000);
  const clients = new Clients();
  let servers: ZooKeeperServer[] = [];

  before(async function () {
    this.timeout(360_000);
    if (!(await zookeeperIsAvailable())) this.skip();
    servers = await startZooKeeperEnsemble();
  });
  after(async () => {
    await clients.closeAll();
    await Promise.all(servers.map((server) => server.close()));
  });

  it('survives the death of the leader, with what it owns and watches', async () => {
    const addresses = servers.map(({ address }) => address);
    // Every election has to fit into it, also on a busy machine.
    const { client, states } = clients.open(addresses, { sessionTimeoutMs: 10_000 });
    await client.create({ path: '/owned', data: bytes('before'), mode: 'ephemeral' });
    const { sessionId } = client;
    const heard = new Promise((resolve) => void client.getData('/owned', ({ type }) => resolve(type)));
    await client.exists('/owned');
    const leader = await findLeader(servers);
    await leader.stop();
    const read = await client.getData('/owned');
    assert.deepEqual([text(read?.data), read?.stat.ephemeralOwner], ['before', sessionId]);
    await untilState(client, 'connected');
    const other = clients.open(addresses, { sessionTimeoutMs: 10_000 }).client;
    await other.setData('/owned', bytes('after'), 0);
    assert.equal(await heard, 'changed');
    assert.equal(text((await client.getData('/owned'))?.data), 'after');
    assert.equal(client.sessionId, sessionId);
    assert.ok(!states.includes('expired'));
  });

  it('is in doubt while no majority is there, and over after its timeout', async () => {
    const running = servers.filter(({ pid }) => pid !== 0);
    const { client, states } = clients.open(
      running.map(({ address }) => address),
      { sessionTimeoutMs: 4000 },
    );
    await client.exists('/');
    const [dead, ...rest] = running;
    await dead?.stop();
    await untilState(client, 'suspended');
    await untilState(client, 'connecting');
    assert.deepEqual(states.slice(-3), ['suspended', 'expired', 'connecting']);
    assert.equal(rest.length, 1);
  });
});
