/** Masters that a real ZooKeeper names: each a fake one, with an ephemeral node as Mesos makes it. */
import assert from 'node:assert/strict';
import { createZooKeeperClient } from '../../../../scheduler/zookeeper/client.ts';
import type { ZooKeeperClient } from '../../../../scheduler/zookeeper/zookeeper-client.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { ConnectionBench, makeCertificate } from './connection-under-test.ts';

const quiet = { info: () => undefined, warn: () => undefined };

/** The part of a Mesos master that stands for election. */
class Contender {
  readonly master: FakeMaster;
  readonly client: ZooKeeperClient;

  constructor(master: FakeMaster, client: ZooKeeperClient) {
    this.master = master;
    this.client = client;
  }

  async stand(): Promise<void> {
    const { port } = this.master;
    const info = {
      id: 'm',
      ip: 16_777_343,
      port,
      pid: `master@127.0.0.1:${port}`,
      address: { ip: '127.0.0.1', port },
    };
    await this.client.createPath('/mesos');
    const data = Buffer.from(JSON.stringify(info));
    await this.client.create({ path: '/mesos/json.info_', data, mode: 'ephemeral-sequential' });
  }

  /** As when it is killed: its node goes, but its connections may stay open for a while. */
  async withdraw(): Promise<void> {
    await this.client.close();
  }
}

describe('masters in a real ZooKeeper', function () {
  this.timeout(60_000);
  let zooKeeper: ZooKeeperServer;
  let bench: ConnectionBench;
  const contenders: Contender[] = [];
  const controller = new AbortController();

  before(async function () {
    if (!(await zookeeperIsAvailable())) this.skip();
    zooKeeper = await startZooKeeper();
  });
  after(() => zooKeeper?.close());
  beforeEach(() => {
    bench = new ConnectionBench();
  });
  afterEach(async () => {
    await bench.close();
    for (const { client, master } of contenders.splice(0)) {
      await client.close();
      await master.close();
    }
  });

  async function addContender(digest?: string): Promise<Contender> {
    const client = createZooKeeperClient({
      servers: [zooKeeper.address],
      digest,
      sessionTimeoutMs: 5000,
      chance: Math.random,
      log: quiet,
      signal: controller.signal,
    });
    const contender = new Contender(await FakeMaster.start(), client);
    contenders.push(contender);
    return contender;
  }

  const option = () => `zk://${zooKeeper.address}/mesos`;

  it('waits for the first leader, saying so once, and subscribes with it', async () => {
    const connection = bench.start(option());
    await connection.until('it waits', () => connection.logged('no Mesos master leads yet') > 0);
    const contender = await addContender();
    await contender.stand();
    assert.equal(await connection.untilSubscribed(), contender.master.address);
    assert.equal(connection.logged('no Mesos master leads yet'), 1);
  });

  it('leaves a master that leads no more at once, though its stream is still open', async () => {
    const [first, second] = [await addContender(), await addContender()];
    await first.stand();
    await second.stand();
    const connection = bench.start(option());
    assert.equal(await connection.untilSubscribed(), first.master.address);
    await first.withdraw();
    assert.equal(await connection.untilSubscribed(2), second.master.address);
    assert.match(connection.closed[0] ?? '', /another Mesos master leads now/);
  });

  it('keeps the stream while ZooKeeper is away and comes back, and hears of the next leader after that', async () => {
    const [first, second] = [await addContender(), await addContender()];
    await first.stand();
    await second.stand();
    const connection = bench.start(option());
    await connection.untilSubscribed();
    await zooKeeper.restart();
    await connection.until('all are back', () => first.client.state === 'connected');
    assert.deepEqual([connection.opened.length, connection.closed.length], [1, 0]);
    connection.calls.send({ type: 'SUPPRESS', framework_id: { value: 'M-0001' } });
    await first.master.untilCall('SUPPRESS');
    await first.withdraw();
    assert.equal(await connection.untilSubscribed(2), second.master.address);
  });

  it('comes back to a master whose stream was cut while ZooKeeper was away', async () => {
    const contender = await addContender();
    await contender.stand();
    const connection = bench.start(option());
    await connection.untilSubscribed();
    zooKeeper.freeze();
    try {
      contender.master.cut();
      await connection.untilSubscribed(2);
    } finally {
      zooKeeper.thaw();
    }
  });

  it('asks ZooKeeper over TLS, with a certificate of its own', async () => {
    const { cert, key } = await makeCertificate();
    const secured = await startZooKeeper({ tls: { ca: cert, cert, key } });
    try {
      const files = { ca: bench.write('ca.pem', cert), clientCertificate: bench.write('cert.pem', cert) };
      const zooKeeperTls = { ...files, clientKey: bench.write('key.pem', key) };
      const connection = bench.start(`zk://localhost:${secured.tlsPort}/mesos`, {
        masterAccess: { zooKeeperTls },
      });
      await connection.until('an answer', () => connection.logged('no Mesos master leads yet') > 0);
    } finally {
      await secured.close();
    }
  });

  it('reads nodes that ZooKeeper protects with a password, which is told nowhere', async () => {
    const contender = await addContender('me:s3cr3t');
    await contender.client.createPath('/protected');
    const data = Buffer.from(`master@${contender.master.address}`);
    await contender.client.create({ path: '/protected/info_', data, mode: 'ephemeral-sequential' });
    const file = bench.write('master', `zk://me:s3cr3t@${zooKeeper.address}/protected`);
    const connection = bench.start(`file://${file}`);
    assert.equal(await connection.untilSubscribed(), contender.master.address);
    assert.ok(!connection.log.join('').includes('s3cr3t'));
  });
});
