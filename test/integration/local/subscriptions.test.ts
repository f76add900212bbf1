/** Streams, stream ids, failover, the end of frameworks, offers and their filters, credentials. */
import assert from 'node:assert/strict';
import { type LocalMesos, startLocalMesos } from './local-mesos.ts';
import { TestScheduler } from './test-scheduler.ts';

describe("a scheduler's subscription", () => {
  let mesos: LocalMesos;
  const schedulers: TestScheduler[] = [];
  const create = (headers: Readonly<Record<string, string>> = {}): TestScheduler => {
    const scheduler = new TestScheduler(mesos.master.port, headers);
    schedulers.push(scheduler);
    return scheduler;
  };

  before(async () => {
    mesos = await startLocalMesos();
  });
  afterEach(() => {
    for (const scheduler of schedulers.splice(0)) scheduler.close();
    for (const framework of mesos.master.master.frameworks.values())
      mesos.master.master.removeFramework(framework);
  });
  after(() => mesos.close());

  it('fails over: the old stream hears of it and ends, the new one goes on under the same id', async () => {
    const [old, next] = [create(), create()];
    await old.subscribe({ name: 'one' });
    await next.subscribe({ name: 'one', id: { value: old.frameworkId } });
    await old.until('the terminal chunk', () => old.stream?.chunks.terminated === true);
    assert.deepEqual(old.events.at(-1), { type: 'ERROR', error: { message: 'Framework failed over' } });
    assert.equal(old.stream?.ended, false);
    assert.equal(next.frameworkId, old.frameworkId);
    await next.until('an offer', () => next.offers.length > 0);
  });

  it('refuses calls with no stream id, or with that of another stream', async () => {
    const scheduler = create();
    await scheduler.subscribe({ name: 'two' });
    const other = await scheduler.call(
      'REVIVE',
      {},
      { 'Mesos-Stream-Id': '11111111-2222-3333-4444-555555555555' },
    );
    assert.match(other.head, /^HTTP\/1\.1 400 /);
    assert.equal(
      other.body,
      `The stream ID '11111111-2222-3333-4444-555555555555' included in this request didn't match the stream ID currently associated with framework ID ${scheduler.frameworkId}`,
    );
    const upper = await scheduler.call('REVIVE', {}, { 'Mesos-Stream-Id': scheduler.streamId.toUpperCase() });
    assert.match(upper.head, /^HTTP\/1\.1 400 /);
    const right = await scheduler.call('REVIVE', {});
    assert.match(right.head, /^HTTP\/1\.1 202 /);
  });

  it('answers 403 while the scheduler is away, and takes it back within its failover timeout', async () => {
    const scheduler = create();
    await scheduler.subscribe({ name: 'three' });
    scheduler.close();
    await scheduler.until(
      'the end',
      () => mesos.master.master.frameworks.get(scheduler.frameworkId)?.stream === undefined,
    );
    const away = await scheduler.call('REVIVE', {});
    assert.match(away.head, /^HTTP\/1\.1 403 /);
    assert.equal(away.body, 'Framework is not subscribed');
    const back = create();
    await back.subscribe({ name: 'three', id: { value: scheduler.frameworkId } });
    assert.equal(back.events[0]?.type, 'SUBSCRIBED');
  });

  it('forgets a framework whose failover timeout is over', async () => {
    const scheduler = create();
    await scheduler.subscribe({ name: 'four', failover_timeout: 0 });
    scheduler.close();
    await scheduler.until('the removal', () =>
      mesos.master.master.completed.some(({ id }) => id === scheduler.frameworkId),
    );
    const back = create();
    await back.subscribe({ name: 'four', id: { value: scheduler.frameworkId } });
    assert.deepEqual(back.events, [{ type: 'ERROR', error: { message: 'Framework has been removed' } }]);
  });

  it('sends heartbeats', async () => {
    const other = await startLocalMesos({ master: { heartbeatMs: 30 } });
    const scheduler = new TestScheduler(other.master.port);
    try {
      await scheduler.subscribe({ name: 'beats' });
      await scheduler.until(
        'beats',
        () => scheduler.events.filter((event) => event.type === 'HEARTBEAT').length > 3,
      );
    } finally {
      scheduler.close();
      await other.close();
    }
  });

  it('holds back what was declined until the filter ends or REVIVE clears it', async () => {
    const scheduler = create();
    await scheduler.subscribe({ name: 'five' });
    await scheduler.until('an offer', () => scheduler.offers.length === 1);
    const [offer] = scheduler.offers;
    await scheduler.call('DECLINE', {
      decline: { offer_ids: [offer?.id], filters: { refuse_seconds: 3600 } },
    });
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal(scheduler.offers.length, 1);
    await scheduler.call('REVIVE', {});
    await scheduler.until('another offer', () => scheduler.offers.length === 2);
  });

  it('offers nothing while suppressed', async () => {
    const scheduler = create();
    await scheduler.subscribe({ name: 'six' });
    await scheduler.until('an offer', () => scheduler.offers.length === 1);
    await scheduler.call('SUPPRESS', {});
    await scheduler.call('DECLINE', {
      decline: { offer_ids: [scheduler.offers[0]?.id], filters: { refuse_seconds: 0 } },
    });
    await new Promise((resolve) => setTimeout(resolve, 350));
    assert.equal(scheduler.offers.length, 1);
  });

  it('offers to one framework what another declined', async () => {
    const [first, second] = [create(), create()];
    await first.subscribe({ name: 'seven' });
    await first.until('an offer', () => first.offers.length === 1);
    await second.subscribe({ name: 'eight' });
    await first.call('DECLINE', {
      decline: { offer_ids: [first.offers[0]?.id], filters: { refuse_seconds: 60 } },
    });
    await second.until('the offer', () => second.offers.length === 1);
  });

  it('asks for credentials when it has any, and holds the principal to the framework', async () => {
    const credentials = new Map([['me', 'secret']]);
    const guarded = await startLocalMesos({ master: { credentials } });
    const basic = (text: string): Record<string, string> => ({
      Authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    });
    const [stranger, wrong, right, other] = [
      {},
      basic('me:wrong'),
      basic('me:secret'),
      basic('me:secret'),
    ].map((headers) => new TestScheduler(guarded.master.port, headers)) as [
      TestScheduler,
      TestScheduler,
      TestScheduler,
      TestScheduler,
    ];
    try {
      for (const refused of [stranger, wrong]) {
        const answer = await refused.call('TEARDOWN', {});
        assert.match(
          answer.head,
          /^HTTP\/1\.1 401 Unauthorized\r\n.*\r\nWWW-Authenticate: Basic realm="mesos-master-scheduler"\r\n/,
        );
      }
      await right.subscribe({ name: 'nine', principal: 'me' });
      assert.equal(right.events[0]?.type, 'SUBSCRIBED');
      const claim = {
        type: 'SUBSCRIBE',
        subscribe: { framework_info: { user: 'root', name: 'x', principal: 'other' } },
      };
      const answer = await other.call('SUBSCRIBE', { ...claim, framework_id: undefined });
      assert.equal(
        answer.body,
        "Failed to validate scheduler::Call: Authenticated principal 'me' does not match principal 'other' set in `FrameworkInfo`",
      );
    } finally {
      right.close();
      await guarded.close();
    }
  });
});
