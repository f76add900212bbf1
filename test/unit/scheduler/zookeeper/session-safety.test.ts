import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SessionEvent, SessionModel } from '../../../../scheduler/zookeeper/session-model.ts';
import { SessionSimulation } from './session-simulation.ts';
import { SessionWorld } from './session-world.ts';

const trouble = fc.record({
  what: fc.constantFrom('pass', 'pass', 'request', 'request', 'stop', 'go on', 'cut', 'heal'),
  ms: fc.integer({ min: 10, max: 2500 }),
});
/** Mostly quick, at times longer than a third of the timeout. */
const delays = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 })), {
  minLength: 1,
  maxLength: 20,
});

function run(steps: readonly { what: string; ms: number }[], delaysMs: readonly number[]) {
  let drawn = 0;
  const simulation = new SessionSimulation(() => delaysMs[drawn++ % delaysMs.length] ?? 0);
  const check = () => {
    const owned = simulation.believesToOwn;
    if (owned !== undefined) assert.equal(simulation.isGone(owned), false, `at ${simulation.nowMs} ms`);
  };
  simulation.pass(100, check);
  for (const { what, ms } of steps) {
    if (what === 'request') simulation.request();
    if (what === 'stop') simulation.isStopped = true;
    if (what === 'go on') simulation.goOn();
    if (what === 'cut' || what === 'heal') simulation.isCut = what === 'cut';
    simulation.pass(ms, check);
  }
  return simulation;
}

describe('a ZooKeeper session under any trouble', () => {
  it('is never believed in by its client when the server has ended it', () => {
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 25 }), delays, (steps, delaysMs) => {
        run(steps, delaysMs);
      }),
      { numRuns: 150 },
    );
  });

  it('holds over a link whose answers take up to a quarter of its timeout', () => {
    for (const delayMs of [100, 251, 300, 375]) {
      const simulation = new SessionSimulation(() => delayMs);
      simulation.pass(5_000, () => {});
      const owned = simulation.believesToOwn;
      simulation.pass(30_000, () =>
        assert.equal(simulation.model.link.kind, 'up', `with ${delayMs} ms each way`),
      );
      assert.notEqual(owned, undefined);
      assert.equal(simulation.believesToOwn, owned);
    }
  });

  it('answers every request once, and is there again when the trouble is over', () => {
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 25 }), delays, (steps, delaysMs) => {
        const simulation = run(steps, delaysMs);
        simulation.isCut = false;
        simulation.goOn();
        simulation.pass(15_000, () => {});
        const { settled, requested } = simulation;
        assert.deepEqual(
          settled.sort((one, other) => one - other),
          Array.from({ length: requested }, (_, index) => index + 1),
        );
        if (delaysMs.every((delayMs) => delayMs < 400)) assert.notEqual(simulation.believesToOwn, undefined);
      }),
      { numRuns: 60 },
    );
  });
});

const EVENTS: readonly SessionEvent[] = [
  { kind: 'tick' },
  { kind: 'opened' },
  { kind: 'welcomed', timeoutMs: 9000, sessionId: 7n, password: new Uint8Array(16) },
  { kind: 'welcomed', timeoutMs: 0, sessionId: 0n, password: new Uint8Array(16) },
  { kind: 'replied', xid: 1, zxid: 1n, code: 0, body: Buffer.alloc(0) },
  { kind: 'lost', reason: 'reset' },
  { kind: 'requested', id: 99, isRead: false },
  { kind: 'close' },
];

/** Ways into each kind of link, with and without a session, and the end. */
const SITUATIONS: Readonly<Record<string, (world: SessionWorld) => void>> = {
  down: () => {},
  opening: (world) => void world.send({ kind: 'tick' }),
  greeting: (world) => void [world.send({ kind: 'tick' }), world.send({ kind: 'opened' })],
  up: (world) => void world.connect(),
  'down, with a session': (world) => void [world.connect(), world.send({ kind: 'lost', reason: 'reset' })],
  'opening, with a session': (world) =>
    void [world.connect(), world.send({ kind: 'lost', reason: 'reset' }), world.pass(100)],
  closing: (world) => void [world.connect(), world.send({ kind: 'close' })],
  closed: (world) => void [world.send({ kind: 'tick' }), world.send({ kind: 'close' })],
};

/** What an event of the connection leaves alone where it does not belong. */
const MEANINGLESS: Readonly<Record<string, readonly string[]>> = {
  opened: ['down', 'greeting', 'up', 'down, with a session', 'closing', 'closed'],
  welcomed: ['down', 'opening', 'up', 'down, with a session', 'opening, with a session', 'closing', 'closed'],
  replied: ['down', 'opening', 'greeting', 'down, with a session', 'opening, with a session', 'closed'],
};

function linkAndSession({ link, session, isClosed }: SessionModel): unknown[] {
  return [link.kind, session, isClosed];
}

describe('the session machine', () => {
  for (const [situation, enter] of Object.entries(SITUATIONS)) {
    for (const event of EVENTS) {
      it(`${situation}: takes '${event.kind}' and stays consistent`, () => {
        const world = new SessionWorld();
        enter(world);
        const before = linkAndSession(world.model);
        // The first link comes up by itself at the first event of any kind.
        const isIdle = situation !== 'down' && (MEANINGLESS[event.kind] ?? []).includes(situation);
        world.send(event);
        if (isIdle) assert.deepEqual(linkAndSession(world.model), before);
        const { link, session, sent, waiting, isClosed } = world.model;
        assert.ok(link.kind !== 'up' || session !== undefined, 'a link that is up has a session');
        assert.ok(link.kind === 'up' || sent.length === 0, 'nothing is under way without a link');
        assert.ok(link.kind !== 'up' || waiting.length === 0, 'nothing waits while there is a link');
        assert.ok(!isClosed || (sent.length === 0 && waiting.length === 0), 'nobody waits for the closed');
        assert.equal(world.state, world.model.announced);
      });
    }
  }
});
