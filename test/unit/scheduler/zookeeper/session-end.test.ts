import assert from 'node:assert/strict';
import { SessionWorld, TIMEOUT_MS } from './session-world.ts';

const SESSION_EXPIRED = -112;

function createConnected(): SessionWorld {
  const world = new SessionWorld();
  world.connect();
  return world;
}

describe('the end of a ZooKeeper session', () => {
  it('comes by our own clock when no server can be reached', () => {
    const world = createConnected();
    world.pass(TIMEOUT_MS - 1);
    assert.equal(world.state, 'suspended');
    world.pass(1);
    assert.deepEqual(world.states, ['connected', 'suspended', 'expired', 'connecting']);
    assert.equal(world.of('drop-watches').length, 1);
  });

  it('is seen by a process that was stopped before any of its timers fires', () => {
    const world = createConnected();
    world.stop(TIMEOUT_MS - 1);
    assert.equal(world.state, 'suspended');
    world.stop(1);
    assert.equal(world.state, 'expired');
  });

  it('fails a request of someone who does not know yet, and does not let it run in the next session', () => {
    const world = createConnected();
    world.write(1);
    world.stop(TIMEOUT_MS);
    world.write(2);
    const expired = 'ERR_ZOOKEEPER_SESSION_EXPIRED';
    assert.deepEqual(world.failures, { 1: expired, 2: expired });
    assert.deepEqual(world.states, ['connected', 'expired', 'connecting']);
  });

  it('does not believe an answer that waited in a stopped process', () => {
    const world = createConnected();
    world.write(1);
    world.stop(TIMEOUT_MS);
    const kinds = world.reply(1);
    assert.ok(!kinds.includes('complete'));
    assert.equal(world.model.session, undefined);
  });

  it('comes when a server no longer has it', () => {
    const world = createConnected();
    world.send({ kind: 'lost', reason: 'reset' });
    world.read(1);
    world.pass(100);
    world.send({ kind: 'opened' });
    world.welcome({ timeoutMs: 0, sessionId: 0n });
    assert.deepEqual(world.states, ['connected', 'suspended', 'expired', 'connecting']);
    assert.deepEqual(world.failures, { 1: 'ERR_ZOOKEEPER_SESSION_EXPIRED' });
  });

  it('comes when an answer says so', () => {
    const world = createConnected();
    world.write(1);
    world.reply(1, { code: SESSION_EXPIRED });
    assert.deepEqual(world.states, ['connected', 'expired', 'connecting']);
  });

  it('is followed by a new session that remembers nothing', () => {
    const world = createConnected();
    world.reply(-1, { zxid: 50n });
    world.pass(TIMEOUT_MS);
    const kinds = [...world.send({ kind: 'opened' }), ...world.welcome({ sessionId: 8n })];
    assert.deepEqual(kinds, ['greet', 'authenticate', 'announce']);
    const { sessionId, lastZxid } = world.of('greet').at(-1)?.greeting ?? {};
    assert.deepEqual([sessionId, lastZxid], [0n, 0n]);
    assert.equal(world.state, 'connected');
  });

  it('is kept off by a server that welcomes it again', () => {
    const world = createConnected();
    world.pass((TIMEOUT_MS * 2) / 3);
    world.pass(100);
    world.send({ kind: 'opened' });
    world.welcome();
    world.pass(TIMEOUT_MS / 2);
    assert.equal(world.state, 'connected');
  });

  it('is asked for when the client closes, and waited for', () => {
    const world = createConnected();
    world.read(1);
    assert.deepEqual(world.send({ kind: 'close' }), ['end-session', 'announce']);
    assert.equal(world.state, 'closed');
    assert.deepEqual(world.write(2), ['fail']);
    world.reply(1);
    const kinds = world.reply(2);
    assert.deepEqual(kinds, ['disconnect', 'drop-watches', 'finished']);
    assert.deepEqual(world.failures, { 2: 'ERR_ZOOKEEPER_CLOSED' });
    assert.deepEqual([world.pass(100_000), world.send({ kind: 'close' })], [[], []]);
  });

  it('is not waited for longer than two seconds, or after the connection is lost', () => {
    const silent = createConnected();
    silent.send({ kind: 'close' });
    assert.deepEqual(silent.pass(1999), []);
    assert.ok(silent.pass(1).includes('finished'));
    const lost = createConnected();
    lost.send({ kind: 'close' });
    assert.ok(lost.send({ kind: 'lost', reason: 'reset' }).includes('finished'));
  });

  it('cannot be told to anybody without a connection', () => {
    const world = new SessionWorld();
    world.send({ kind: 'tick' });
    world.read(1);
    const kinds = world.send({ kind: 'close' });
    assert.deepEqual(kinds, ['disconnect', 'fail', 'drop-watches', 'finished', 'announce']);
    assert.deepEqual([world.state, world.failures], ['closed', { 1: 'ERR_ZOOKEEPER_CLOSED' }]);
  });
});
