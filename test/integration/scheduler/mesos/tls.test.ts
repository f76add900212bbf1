import assert from 'node:assert/strict';
import type { ServerOptions } from 'node:https';
import { FakeMaster, type FakeMasterOptions } from '../../../support/fake-master.ts';
import { ConnectionBench, makeCertificate } from './connection-under-test.ts';

describe('masters over TLS', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let certificate: { cert: string; key: string };
  const masters: FakeMaster[] = [];

  before(async () => {
    certificate = await makeCertificate();
  });
  beforeEach(() => {
    bench = new ConnectionBench();
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(masters.splice(0).map((master) => master.close()));
  });

  async function start(options: FakeMasterOptions): Promise<FakeMaster> {
    const master = await FakeMaster.start(options);
    masters.push(master);
    return master;
  }

  const startMaster = (tls: ServerOptions = certificate) => start({ tls });

  it('trusts the authority that it was given, and keeps to TLS through a redirect', async () => {
    const [standby, leader] = [await startMaster(), await startMaster()];
    standby.redirect = `//${leader.address}/master/api/v1/scheduler`;
    const ca = bench.write('ca.pem', certificate.cert);
    const connection = bench.start(`https://${standby.address}`, { masterAccess: { ca } });
    assert.equal(await connection.untilSubscribed(), leader.address);
    connection.calls.send({ type: 'SUPPRESS', framework_id: { value: 'M-0001' } });
    await leader.untilCall('SUPPRESS');
    assert.equal(connection.logged('is not checked'), 0);
  });

  it('takes TLS for addresses without a scheme where the options say so, over IPv6', async () => {
    const master = await start({ tls: certificate, host: '::1' });
    const ca = bench.write('ca.pem', certificate.cert);
    const connection = bench.start(master.address, { masterAccess: { ca, tls: true } });
    assert.equal(await connection.untilSubscribed(), master.address);
  });

  it('does not talk to a master whose certificate it cannot check', async () => {
    const master = await startMaster();
    const connection = bench.start(`https://${master.address}`);
    await connection.until('the refusal', () => connection.logged('no authority that is trusted') > 0);
    assert.equal(master.calls.length, 0);
  });

  it('takes any certificate only when told, and says so at the start', async () => {
    const master = await startMaster();
    const connection = bench.start(`https://${master.address}`, { masterAccess: { insecure: true } });
    await connection.untilSubscribed();
    assert.equal(connection.logged(/WARN.*is not checked/), 1);
  });

  it('shows its own certificate to a master that asks for one', async () => {
    const client = await makeCertificate();
    const tls = { ...certificate, ca: client.cert, requestCert: true, rejectUnauthorized: true };
    const master = await startMaster(tls);
    const ca = bench.write('ca.pem', certificate.cert);
    const clientCertificate = bench.write('client.pem', client.cert);
    const clientKey = bench.write('client.key', client.key);
    const masterAccess = { ca, clientCertificate, clientKey };
    await bench.start(`https://${master.address}`, { masterAccess }).untilSubscribed();
    const without = bench.start(`https://${master.address}`, { masterAccess: { ca } });
    await without.until('the refusal', () => without.logged('it wants a client certificate') > 0);
    assert.equal(without.opened.length, 0);
  });

  it('follows no redirect from https to plain http: nothing is sent there', async () => {
    const [standby, plain] = [await startMaster(), await start({})];
    standby.redirect = `http://${plain.address}/master/api/v1/scheduler`;
    const ca = bench.write('ca.pem', certificate.cert);
    const secretFile = bench.write('secret', 's3cr3t');
    const connection = bench.start(`https://${standby.address}`, {
      masterAccess: { ca },
      framework: { principal: 'me', secretFile },
    });
    await connection.until('the refusal', () => connection.logged('from https to plain http') > 0);
    assert.deepEqual(plain.authorizations, []);
  });

  it('says which scheme to write when the other one is meant', async () => {
    const [plain, secure] = [await start({}), await startMaster()];
    const wrong = [bench.start(`https://${plain.address}`), bench.start(`http://${secure.address}`)];
    await wrong[0]?.until('a hint', () => wrong[0]?.logged('write http://'));
    await wrong[1]?.until('a hint', () => wrong[1]?.logged('write https://'));
  });

  it('says at the start which file is wrong', () => {
    const ca = bench.write('ca.pem', 'no certificate');
    const key = bench.write('other.key', certificate.key.replace(/\n.{8}/, '\nAAAAAAAA'));
    const cert = bench.write('client.pem', certificate.cert);
    const start = (masterAccess: object) => () => bench.start('https://h:5050', { masterAccess });
    assert.throws(start({ ca }), { code: 'ERR_MASTER_CERTIFICATE' });
    assert.throws(start({ ca: '/nowhere/ca.pem' }), /authority.*\/nowhere\/ca\.pem/);
    assert.throws(start({ clientCertificate: cert }), /other half/);
    assert.throws(start({ clientCertificate: cert, clientKey: key }), { code: 'ERR_MASTER_CERTIFICATE' });
  });
});
