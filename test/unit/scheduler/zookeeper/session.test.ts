import assert from 'node:assert/strict';
import { SessionWorld, TIMEOUT_MS } from './session-world.ts';

const THIRD_MS = TIMEOUT_MS / 3;
const [PING, AUTH, SET_WATCHES, NOTIFICATION] = [-2, -4, -8, -1];

/** Connected, and the answer to request 1 carried a transaction. */
function createConnected(...servers: string[]): SessionWorld {
  const world = new SessionWorld(...servers);
  world.connect();
  world.read(1);
  world.reply(1, { zxid: 40n });
  return world;
}

describe('a ZooKeeper session', () => {
  it('is made with the first server that welcomes', () => {
    const world = new SessionWorld();
    assert.equal(world.state, 'connecting');
    assert.deepEqual(world.connect(), ['open', 'greet', 'authenticate', 'announce']);
    assert.deepEqual(world.states, ['connected']);
    assert.equal(world.of('greet')[0]?.greeting.sessionId, 0n);
  });

  it('sends what waited once it is there, behind the credentials', () => {
    const world = new SessionWorld();
    world.send({ kind: 'tick' });
    assert.deepEqual([world.read(1), world.write(2)], [[], []]);
    world.send({ kind: 'opened' });
    assert.deepEqual(world.welcome(), ['authenticate', 'send', 'send', 'announce']);
    assert.deepEqual(world.of('send'), [
      { kind: 'send', id: 1, xid: 1 },
      { kind: 'send', id: 2, xid: 2 },
    ]);
    assert.deepEqual(world.reply(1, { code: -101 }), ['complete']);
  });

  it('pings after a third of the timeout without a word, one ping at a time', () => {
    const world = createConnected();
    assert.deepEqual(world.pass(THIRD_MS - 1), []);
    assert.deepEqual(world.pass(1), ['ping']);
    assert.deepEqual(world.pass(THIRD_MS - 1), []);
    world.reply(PING);
    assert.deepEqual(world.pass(1), ['ping']);
  });

  it('does not ping while there are requests', () => {
    const world = createConnected();
    for (let id = 2; id < 10; id += 1) {
      world.pass(THIRD_MS - 1);
      world.read(id);
      world.reply(id);
    }
    assert.equal(world.of('ping').length, 0);
  });

  it('is suspended when two thirds of the timeout brought no answer, and tries another server', () => {
    const world = createConnected('a:1', 'b:1');
    world.pass(2 * THIRD_MS - 1);
    assert.equal(world.state, 'connected');
    assert.deepEqual(world.pass(1), ['disconnect', 'announce']);
    assert.equal(world.state, 'suspended');
    world.pass(50);
    assert.deepEqual(
      world.of('open').map(({ server }) => server),
      ['a:1', 'b:1'],
    );
  });

  it('counts from the sending of what was answered, not from the answer', () => {
    const world = createConnected();
    world.pass(THIRD_MS);
    world.pass(THIRD_MS - 1);
    world.reply(PING);
    // The server may have heard the ping right when it was sent, and nothing since.
    assert.equal(world.model.session?.provenMs, THIRD_MS);
  });

  it('does not take news of watches for a sign that the server hears us', () => {
    const world = createConnected();
    for (let passed = 0; passed < 2 * THIRD_MS; passed += 100) {
      world.reply(NOTIFICATION);
      world.pass(100);
    }
    assert.equal(world.state, 'suspended');
  });

  it('goes on with the same session and sets its watches again', () => {
    const world = createConnected();
    world.send({ kind: 'lost', reason: 'reset' });
    assert.equal(world.state, 'suspended');
    world.pass(100);
    world.send({ kind: 'opened' });
    assert.deepEqual(world.welcome(), ['authenticate', 'restore-watches', 'announce']);
    const { sessionId, password, lastZxid } = world.of('greet')[1]?.greeting ?? {};
    assert.deepEqual([sessionId, String(password), lastZxid], [7n, 'secret', 40n]);
    assert.deepEqual(world.of('restore-watches'), [{ kind: 'restore-watches', zxid: 40n }]);
    assert.deepEqual(world.states, ['connected', 'suspended', 'connected']);
  });

  it('sends reads again after a lost connection and fails writes, whose outcome nobody knows', () => {
    const world = createConnected();
    world.read(2);
    world.write(3);
    world.read(4);
    world.send({ kind: 'lost', reason: 'reset' });
    assert.deepEqual(world.failures, { 3: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
    world.write(5);
    world.pass(100);
    world.send({ kind: 'opened' });
    world.welcome();
    assert.deepEqual(
      world.of('send').map(({ id }) => id),
      [1, 2, 3, 4, 2, 4, 5],
    );
  });

  it('gives up a request that found no server for a whole timeout', () => {
    const world = new SessionWorld();
    world.send({ kind: 'tick' });
    world.write(1);
    world.send({ kind: 'lost', reason: 'refused' });
    world.pass(TIMEOUT_MS - 1);
    assert.deepEqual(world.failures, {});
    world.pass(1);
    assert.deepEqual(world.failures, { 1: 'ERR_ZOOKEEPER_CONNECTION_LOST' });
  });

  it('drops a connection that answers out of turn', () => {
    const world = createConnected();
    world.read(2);
    world.read(3);
    assert.deepEqual(world.reply(3), ['disconnect', 'announce']);
  });

  it('drops a connection that refuses credentials or watches, and tells whoever waits', () => {
    const world = createConnected();
    world.read(2);
    world.reply(AUTH, { code: -115 });
    assert.deepEqual([world.state, world.failures], ['suspended', { 2: 'ERR_ZOOKEEPER_AUTH' }]);
    const other = createConnected();
    assert.deepEqual(other.reply(SET_WATCHES), []);
    assert.deepEqual(other.reply(SET_WATCHES, { code: -5 }), ['disconnect', 'announce']);
  });

  it('follows a session that moved to another server', () => {
    const world = createConnected();
    world.write(2);
    world.reply(2, { code: -118 });
    assert.deepEqual([world.state, world.failures], ['suspended', { 2: 'ERR_ZOOKEEPER_CONNECTION_LOST' }]);
  });
});

describe('the order of servers', () => {
  it('is gone through at once, then with growing waits', () => {
    const world = new SessionWorld('a:1', 'b:1', 'c:1');
    const openedAt: number[] = [];
    world.send({ kind: 'tick' });
    for (let attempt = 0; attempt < 40; attempt += 1) {
      openedAt.push(world.nowMs);
      world.send({ kind: 'lost', reason: 'refused' });
      const { link } = world.model;
      world.pass(link.kind === 'down' ? link.retryAtMs - world.nowMs : 0);
    }
    const waits = openedAt.slice(1).map((at, index) => at - (openedAt[index] ?? 0));
    assert.deepEqual(waits.slice(0, 2), [25, 25]);
    assert.ok((waits[2] ?? 0) >= 50 && (waits.at(-1) ?? 0) >= 1000);
    assert.ok(Math.max(...waits) <= 5000);
    const servers = world.of('open').map(({ server }) => server);
    assert.deepEqual(servers.slice(0, 4), ['a:1', 'b:1', 'c:1', 'a:1']);
    assert.ok(world.of('log').length < 10, 'it does not fill the log');
  });

  it('moves on when a server accepts and then says nothing, and is more patient with each round', () => {
    const world = new SessionWorld('a:1', 'b:1');
    const [opened, patienceMs] = [[] as string[], [] as number[]];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      world.pass(world.model.link.kind === 'down' ? world.model.link.retryAtMs - world.nowMs : 0);
      world.send({ kind: 'opened' });
      opened.push(world.of('open').at(-1)?.server ?? '');
      const sinceMs = world.nowMs;
      while (world.model.link.kind === 'greeting') world.pass(10);
      patienceMs.push(world.nowMs - sinceMs);
    }
    assert.deepEqual(opened.slice(0, 3), ['a:1', 'b:1', 'a:1']);
    assert.deepEqual(patienceMs, [1500, 1500, 3000, 3000, 4500, 4500, 4500]);
  });

  it('has no more patience with a server that is just back', () => {
    const world = new SessionWorld();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      world.pass(world.model.link.kind === 'down' ? world.model.link.retryAtMs - world.nowMs : 0);
      world.send({ kind: 'lost', reason: 'refused' });
    }
    world.pass(world.model.link.kind === 'down' ? world.model.link.retryAtMs - world.nowMs : 0);
    world.send({ kind: 'opened' });
    world.pass(3000);
    assert.equal(world.model.link.kind, 'down');
  });

  it('waits longer for a server that welcomes and then refuses', () => {
    const world = new SessionWorld();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      world.connect();
      world.reply(AUTH, { code: -115 });
      world.pass(world.model.link.kind === 'down' ? world.model.link.retryAtMs - world.nowMs : 0);
    }
    assert.ok(world.model.failures >= 8);
  });
});
