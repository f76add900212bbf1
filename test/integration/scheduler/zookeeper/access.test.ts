import assert from 'node:assert/strict';
import { generate } from 'selfsigned';
import { issueAuthority, issueLeaf } from '../../../../server/certificate-issue.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { Clients, bytes, text, untilState } from './clients.ts';

type Pem = Awaited<ReturnType<typeof issueAuthority>>;

async function issueClientLeaf(ca: Pem): Promise<Pem> {
  const pair = await generate([{ name: 'commonName', value: 'scheduler' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    ca,
    extensions: [{ name: 'extKeyUsage', clientAuth: true }],
  });
  return { key: pair.private, cert: pair.cert };
}

describe('access to a real ZooKeeper', function () {
  this.timeout(60_000);
  const clients = new Clients();
  let server: ZooKeeperServer;
  let authority: Pem;

  before(async function () {
    this.timeout(360_000);
    if (!(await zookeeperIsAvailable())) this.skip();
    authority = await issueAuthority(Date.now());
    const leaf = await issueLeaf(authority, ['127.0.0.1', 'localhost'], Date.now());
    server = await startZooKeeper({ tls: { ...leaf, ca: authority.cert } });
  });
  after(async () => {
    await clients.closeAll();
    await server?.close();
  });

  it('is the creator’s own when it has credentials', async () => {
    const owner = clients.open(server.address, { digest: 'stevedore:p@ss:word' }).client;
    await owner.createPath('/secrets/of');
    await owner.create({ path: '/secrets/of/mine', data: bytes('secret'), mode: 'persistent' });
    assert.equal(text((await owner.getData('/secrets/of/mine'))?.data), 'secret');
    for (const digest of [undefined, 'stevedore:wrong', 'other:p@ss:word']) {
      const { client, lines } = clients.open(server.address, { digest });
      const refused = { code: 'ERR_ZOOKEEPER_AUTH', message: /\/secrets\/of/ };
      await assert.rejects(client.getData('/secrets/of/mine'), refused);
      await assert.rejects(client.getChildren('/secrets/of'), refused);
      await assert.rejects(client.delete('/secrets/of/mine', -1), refused);
      const part = { kind: 'set', path: '/secrets/of/mine', data: bytes(''), version: -1 } as const;
      await assert.rejects(client.multi([part]), refused);
      assert.equal(client.state, 'connected');
      assert.doesNotMatch(lines.join(), /p@ss|wrong/);
    }
  });

  it('is kept across a lost connection: credentials come before anything else', async () => {
    const { client, states } = clients.open(server.address, { digest: 'again:pw', sessionTimeoutMs: 8000 });
    await client.create({ path: '/again', data: bytes('1'), mode: 'persistent' });
    await server.restart();
    await untilState(client, 'connected');
    assert.equal(text((await client.getData('/again'))?.data), '1');
    assert.ok(!states.includes('expired'));
  });

  it('may be open to readers by a list of permissions', async () => {
    const owner = clients.open(server.address, { digest: 'stevedore:pw' }).client;
    const acl = [
      { scheme: 'auth', id: '', permissions: 31 },
      { scheme: 'world', id: 'anyone', permissions: 1 },
    ];
    await owner.create({ path: '/readable', data: bytes('all'), mode: 'persistent', acl });
    const reader = clients.open(server.address).client;
    assert.equal(text((await reader.getData('/readable'))?.data), 'all');
    await assert.rejects(reader.setData('/readable', bytes(''), -1), { code: 'ERR_ZOOKEEPER_AUTH' });
  });

  it('may be encrypted, with a certificate of the client', async () => {
    const tls = { ca: authority.cert, ...(await issueClientLeaf(authority)) };
    const { client } = clients.open(`127.0.0.1:${server.tlsPort}`, { tls, sessionTimeoutMs: 8000 });
    await client.create({ path: '/tls', data: bytes('x'.repeat(200_000)), mode: 'ephemeral' });
    assert.equal((await client.exists('/tls'))?.dataLength, 200_000);
    assert.equal(client.state, 'connected');
  });

  it('is not given to a server of another authority, nor without the certificate that it asks for', async () => {
    const other = await issueAuthority(Date.now());
    const address = `127.0.0.1:${server.tlsPort}`;
    const wrong = clients.open(address, { tls: { ca: other.cert } });
    await assert.rejects(wrong.client.exists('/'), { code: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
    assert.match(wrong.lines.join(), /certificate/);
    const bare = clients.open(address, { tls: { ca: authority.cert } });
    await assert.rejects(bare.client.exists('/'), { code: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
    const plain = clients.open(address);
    await assert.rejects(plain.client.exists('/'), { code: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
    assert.throws(() => clients.open(address, { tls: { ca: 'no PEM' } }), { code: 'ERR_ZOOKEEPER_TLS' });
  });
});
