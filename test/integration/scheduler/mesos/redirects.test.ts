import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { FakeMaster, type FakeMasterOptions } from '../../../support/fake-master.ts';
import { ConnectionBench } from './connection-under-test.ts';

describe('finding the leading master', function () {
  this.timeout(20_000);
  let bench: ConnectionBench;
  let masters: FakeMaster[];

  beforeEach(() => {
    bench = new ConnectionBench();
    masters = [];
  });
  afterEach(async () => {
    await bench.close();
    await Promise.all(masters.map((master) => master.close()));
  });

  async function startMaster(options: FakeMasterOptions = {}): Promise<FakeMaster> {
    const master = await FakeMaster.start(options);
    masters.push(master);
    return master;
  }

  const redirectTo = (master: FakeMaster) => `//${master.address}/master/api/v1/scheduler`;

  it('follows a redirect with the credential, and says once which master redirects where', async () => {
    const [standby, leader] = [await startMaster(), await startMaster()];
    standby.redirect = redirectTo(leader);
    const secretFile = bench.write('secret', 'x');
    const connection = bench.start(standby.address, { framework: { principal: 'me', secretFile } });
    assert.equal(await connection.untilSubscribed(), leader.address);
    assert.match(leader.authorizations[0] ?? '', /^Basic /);
    leader.cut();
    await connection.untilSubscribed(2);
    assert.equal(connection.logged('New master detected at master@'), 1);
    assert.ok(connection.logged('redirected to the leading master') <= 2);
  });

  it('backs off while two masters redirect to each other, and subscribes when one leads', async () => {
    const [one, other] = [await startMaster(), await startMaster()];
    one.redirect = redirectTo(other);
    other.redirect = redirectTo(one);
    const connection = bench.start(one.address, { timing: { backoffBaseMs: 200, backoffMaxMs: 200 } });
    await connection.until('the circle', () => connection.logged('it leads in a circle') > 0);
    const asked = one.authorizations.length + other.authorizations.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const more = one.authorizations.length + other.authorizations.length - asked;
    assert.ok(more <= 8, `${more} requests in 500 ms`);
    assert.equal(connection.logged('it leads in a circle'), 1);
    other.redirect = undefined;
    assert.equal(await connection.untilSubscribed(), other.address);
  });

  it('waits out a dead leader that is still named, saying so once, and finds the new one', async () => {
    const [standby, dead, next] = [await startMaster(), await startMaster(), await startMaster()];
    standby.redirect = redirectTo(dead);
    const connection = bench.start(standby.address);
    await connection.untilSubscribed();
    await dead.close();
    masters.splice(masters.indexOf(dead), 1);
    await connection.until('several attempts', () => standby.authorizations.length >= 6);
    assert.equal(connection.logged('cannot be reached'), 1);
    standby.redirect = redirectTo(next);
    assert.equal(await connection.untilSubscribed(2), next.address);
  });

  it('tries each of a list, of which the first is dead', async () => {
    const [dead, standby, leader] = [await startMaster(), await startMaster(), await startMaster()];
    standby.redirect = redirectTo(leader);
    const list = [dead, standby].map(({ address }) => address).join(',');
    await dead.close();
    masters.splice(masters.indexOf(dead), 1);
    assert.equal(await bench.start(list).untilSubscribed(), leader.address);
  });

  it('gives up on a master that takes the connection and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const leader = await startMaster();
    const list = `127.0.0.1:${(silent.address() as AddressInfo).port},${leader.address}`;
    try {
      const connection = bench.start(list, { timing: { subscribeTimeoutMs: 100 } });
      assert.equal(await connection.untilSubscribed(), leader.address);
      assert.equal(connection.logged('no answer within 0.1 s'), 1);
    } finally {
      silent.close();
    }
  });

  it('reads a file again when the master that it named is gone', async () => {
    const [first, second] = [await startMaster(), await startMaster()];
    const file = bench.write('master', `${first.address}\n`);
    const connection = bench.start(`file://${file}`);
    assert.equal(await connection.untilSubscribed(), first.address);
    bench.write('master', second.address);
    first.cut();
    assert.equal(await connection.untilSubscribed(2), second.address);
  });

  it('reaches masters over IPv6, also by a redirect', async () => {
    const [standby, leader] = [await startMaster({ host: '::1' }), await startMaster({ host: '::1' })];
    standby.redirect = redirectTo(leader);
    assert.match(standby.address, /^\[::1\]:\d+$/);
    assert.equal(await bench.start(standby.address).untilSubscribed(), leader.address);
  });

  it('waits for a master that is starting, whatever it answers meanwhile', async () => {
    const master = await startMaster();
    master.refusals.push({ status: 404 }, { status: 503, body: 'Master has not finished recovery' });
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    assert.equal(connection.logged('has not finished recovery'), 1);
  });

  it('ends before the first subscription when a person must correct something', async () => {
    const master = await startMaster();
    const body = "Authenticated principal 'me' does not match principal 'other' set in `FrameworkInfo`";
    master.refusals.push({ status: 400, body });
    const error = (await bench.start(master.address).ended) as Error & { code: string };
    assert.equal(error.code, 'ERR_MASTER_REFUSED');
    assert.match(error.message, /does not match principal 'other'/);
  });

  it('goes on after the first subscription, since tasks are running', async () => {
    const master = await startMaster();
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    master.refusals.push({ status: 401 }, { status: 403, body: 'a gate in between' });
    master.cut();
    await connection.untilSubscribed(2);
    assert.equal(connection.logged(/with 401/), 1);
    assert.equal(connection.logged(/403 a gate in between/), 1);
  });

  it('does not take a web server for a master', async () => {
    const master = await startMaster();
    master.refusals.push({ status: 200, body: '<html>' });
    const connection = bench.start(master.address);
    await connection.untilSubscribed();
    assert.equal(connection.logged('without a Mesos-Stream-Id'), 1);
  });
});
