import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'node:tls';
import { once } from 'node:events';
import type { AuthorityStore } from '../../../server/authority-store.ts';
import { openCertificates } from '../../../server/certificates.ts';
import { TestServer } from './test-server.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
const hosts = ['agent-facing.example', '10.1.2.3', '::1'];
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('certificates', () => {
  const now = Date.now();
  let directory: string;
  const open = (at = now, names = hosts) => openCertificates({ directory, hosts: names, now: at });

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'stevedore-certs-')), 'certs');
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

  it('are made for ten years and ninety days, from yesterday on, with SHA-256', async () => {
    const { caPem, leaf } = await open();
    const [ca, server] = [new X509Certificate(caPem), new X509Certificate(leaf.cert)];
    const daysOf = (certificate: X509Certificate) => [
      Math.round((Date.parse(certificate.validFrom) - now) / DAY_MS),
      Math.round((Date.parse(certificate.validTo) - now) / DAY_MS),
    ];
    assert.deepEqual(daysOf(ca), [-1, 3653]);
    assert.deepEqual(daysOf(server), [-1, 90]);
    assert.equal(ca.ca, true);
    assert.equal(server.ca, false);
    const { stdout } = await run('openssl', ['x509', '-noout', '-text', '-in', join(directory, 'ca.pem')]);
    assert.match(stdout, /ecdsa-with-SHA256[^]*prime256v1[^]*CA:TRUE, pathlen:0/);
  });

  it('hold for every name and address, and for no other', async () => {
    const server = new X509Certificate((await open()).leaf.cert);
    assert.ok(server.checkHost('agent-facing.example'));
    assert.ok(server.checkIP('10.1.2.3'));
    assert.ok(server.checkIP('::1'));
    assert.equal(server.checkHost('other.example'), undefined);
  });

  it('satisfy openssl, strictly', async () => {
    await open();
    const ca = join(directory, 'ca.pem');
    const leaf = join(directory, 'server-with-key.pem');
    const options = ['-purpose', 'sslserver', '-verify_hostname', 'agent-facing.example'];
    const { stdout } = await run('openssl', ['verify', ...options, '-CAfile', ca, leaf]);
    assert.match(stdout, /: OK/);
  });

  it('lie where only their owner reads them', async () => {
    await open();
    assert.equal(await modeOf(directory), 0o700);
    const names = await readdir(directory);
    assert.deepEqual(names.sort(), ['ca-with-key.pem', 'ca.pem', 'server-with-key.pem']);
    for (const name of names) assert.equal(await modeOf(join(directory, name)), 0o600);
    assert.doesNotMatch(await readFile(join(directory, 'ca.pem'), 'utf8'), /PRIVATE/);
  });

  it('leave the mode of a directory alone in which an operator keeps other things', async () => {
    await open();
    await writeFile(join(directory, 'other'), '');
    await chmod(directory, 0o755);
    await open();
    assert.equal(await modeOf(directory), 0o755);
  });

  it('stay while they serve', async () => {
    const first = await open();
    const second = await open(now + 55 * DAY_MS, hosts.toReversed());
    assert.deepEqual({ ...second, isNew: true }, { ...first, isNew: true });
    assert.equal(second.isNew, false);
  });

  it('renew the leaf when a third of its life is left, under the same CA', async () => {
    const first = await open();
    const second = await open(now + 61 * DAY_MS);
    assert.equal(second.isNew, true);
    assert.equal(second.caPem, first.caPem);
    assert.notEqual(second.leaf.cert, first.leaf.cert);
  });

  it('renew the leaf when the names change, more or fewer', async () => {
    await open();
    assert.equal((await open(now, [...hosts, 'more.example'])).isNew, true);
    assert.equal((await open(now, hosts)).isNew, true);
  });

  it('replace a CA that has expired, and the leaf with it', async () => {
    const first = await open();
    const second = await open(now + 3700 * DAY_MS);
    assert.notEqual(second.caPem, first.caPem);
    assert.equal(await readFile(second.caPath, 'utf8'), second.caPem);
    const leaf = new X509Certificate(second.leaf.cert);
    assert.ok(leaf.verify(new X509Certificate(second.caPem).publicKey));
  });

  it('remember the CA that was before', async () => {
    const first = await open();
    assert.deepEqual(first.formerCaPems, []);
    const second = await open(now + 3700 * DAY_MS);
    assert.deepEqual(second.formerCaPems, [first.caPem]);
    const third = await open(now + 7400 * DAY_MS);
    assert.deepEqual(third.formerCaPems, [second.caPem, first.caPem]);
    assert.deepEqual(third.formerCaPems, (await open(now + 7400 * DAY_MS)).formerCaPems);
  });

  it('come from where the CA is kept, so that the next server is trusted by the same clients', async () => {
    const kept = new Map<string, string>();
    const authority: AuthorityStore = {
      describe: (name) => `the state: ${name}`,
      read: async (name) => kept.get(name),
      create: async (name, text) => void kept.set(name, text),
      replace: async (name, text) => void kept.set(name, text),
    };
    const first = await openCertificates({ directory, authority, hosts, now });
    const elsewhere = join(directory, 'elsewhere');
    const second = await openCertificates({ directory: elsewhere, authority, hosts: ['other'], now });
    assert.equal(second.caPem, first.caPem);
    assert.notEqual(second.leaf.cert, first.leaf.cert);
    assert.deepEqual((await readdir(elsewhere)).sort(), ['ca.pem', 'server-with-key.pem']);
    kept.set('ca-with-key.pem', 'nonsense');
    const again = openCertificates({ directory, authority, hosts, now });
    await assert.rejects(again, { code: 'ERR_CERTIFICATE_FILE', message: /the state: ca-with-key.pem/ });
  });

  it('are one pair when two processes make them at the same time', async () => {
    const all = await Promise.all([open(), open(), open()]);
    assert.equal(new Set(all.map(({ caPem }) => caPem)).size, 1);
    for (const { caPem, leaf } of all) {
      assert.ok(new X509Certificate(leaf.cert).verify(new X509Certificate(caPem).publicKey));
    }
  });

  it('are refused with the path when the file is damaged', async () => {
    await open();
    const path = join(directory, 'ca-with-key.pem');
    await writeFile(path, 'nonsense');
    await assert.rejects(open(), { code: 'ERR_CERTIFICATE_FILE', message: new RegExp(path) });
  });
});

describe('certificate of a running server', () => {
  // So long ago that its renewal comes with the present.
  let now = Date.now() - 61 * DAY_MS;
  let test: TestServer;
  before(async () => {
    test = await TestServer.start({ now: () => now });
  });
  after(() => test.stop());

  async function readSerial(): Promise<string> {
    const port = Number(new URL(test.server.tlsUrl).port);
    const socket = connect({ port, host: '127.0.0.1', ca: test.server.caPem });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  it('is replaced while it runs', async () => {
    const first = await readSerial();
    assert.equal(await test.server.renewCertificate(), false);
    assert.equal(await readSerial(), first);
    now += 61 * DAY_MS;
    assert.equal(await test.server.renewCertificate(), true);
    assert.notEqual(await readSerial(), first);
  });
});
