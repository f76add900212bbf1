import assert from 'node:assert/strict';
import { StevedoreError } from '../../../../protocol/errors.ts';
import { BoundSession, isConnectionLost, isPassing } from '../../../../scheduler/leadership/bound-session.ts';
import { renderLeaderData } from '../../../../scheduler/leadership/leader-data.ts';
import {
  type LeaderElection,
  createLeaderElection,
} from '../../../../scheduler/leadership/leader-election.ts';
import type {
  SessionState,
  Watcher,
  ZooKeeperClient,
} from '../../../../scheduler/zookeeper/zookeeper-client.ts';

/** A client of one ZooKeeper in memory, whose session says what the test says. */
class SessionInMemory {
  state: SessionState = 'connected';
  sessionId = 1n;
  readonly nodes = new Map<string, Uint8Array>();
  readonly #listeners = new Set<(state: SessionState) => void>();
  readonly #watchers = new Map<string, Watcher[]>();
  #sequence = 0;

  onState(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  say(state: SessionState): void {
    this.state = state;
    for (const listener of new Set(this.#listeners)) listener(state);
  }

  async createPath(): Promise<void> {}

  async getChildren(path: string): Promise<string[]> {
    return [...this.nodes.keys()].map((name) => name.slice(path.length + 1));
  }

  async setData(path: string, data: Uint8Array): Promise<void> {
    this.nodes.set(path, data);
    this.#wake(path, 'changed');
  }

  async getData(path: string, watcher?: Watcher) {
    if (watcher !== undefined) this.#watch(path, watcher);
    const data = this.nodes.get(path);
    return data && { data };
  }

  async exists(path: string, watcher?: Watcher) {
    if (watcher !== undefined) this.#watch(path, watcher);
    return this.nodes.has(path) ? {} : undefined;
  }

  async create({ path, data }: { path: string; data: Uint8Array }): Promise<string> {
    const name = `${path}${String(this.#sequence).padStart(10, '0')}`;
    this.#sequence += 1;
    this.nodes.set(name, data);
    return name;
  }

  async delete(path: string): Promise<void> {
    this.nodes.delete(path);
    this.#wake(path, 'deleted');
  }

  #watch(path: string, watcher: Watcher): void {
    this.#watchers.set(path, [...(this.#watchers.get(path) ?? []), watcher]);
  }

  #wake(path: string, type: 'changed' | 'deleted'): void {
    const watchers = this.#watchers.get(path) ?? [];
    this.#watchers.delete(path);
    for (const watcher of watchers) watcher({ type });
  }
}

const asClient = (session: SessionInMemory) => session as unknown as ZooKeeperClient;
const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('a bound session', () => {
  it('is over when the client has another one, however that came', () => {
    const session = new SessionInMemory();
    const bound = new BoundSession(asClient(session));
    assert.ok(bound.isConnected && !bound.isOver);
    session.state = 'suspended';
    assert.ok(!bound.isConnected && !bound.isOver);
    session.state = 'connected';
    session.sessionId = 2n;
    assert.ok(!bound.isConnected && bound.isOver);
  });

  it('stays over when the expired client connects anew under the same number', () => {
    const session = new SessionInMemory();
    const bound = new BoundSession(asClient(session));
    session.say('expired');
    session.say('connected');
    assert.ok(bound.isOver && !bound.isConnected);
  });

  it('resumes, or says that it cannot', async () => {
    const session = new SessionInMemory();
    const bound = new BoundSession(asClient(session));
    assert.equal(await bound.resume(), true);
    session.say('suspended');
    const resumed = bound.resume();
    session.say('connected');
    assert.equal(await resumed, true);
    session.say('suspended');
    const lost = bound.resume();
    session.say('expired');
    assert.equal(await lost, false);
  });

  it('tells lost answers from refusals', () => {
    assert.ok(isConnectionLost(new StevedoreError('ERR_ZOOKEEPER_CONNECTION_LOST')));
    assert.ok(!isConnectionLost(new StevedoreError('ERR_ZOOKEEPER_NO_NODE')));
    assert.ok(isPassing(new StevedoreError('ERR_ZOOKEEPER_SESSION_EXPIRED')));
    assert.ok(!isPassing(new StevedoreError('ERR_ZOOKEEPER_AUTH')));
    assert.ok(!isPassing(new Error('x')));
  });
});

describe('leader election', () => {
  const { signal } = new AbortController();
  let session: SessionInMemory;
  let ids: number;
  const join = (apiUrl = 'http://own'): LeaderElection =>
    createLeaderElection({
      client: asClient(session),
      path: '/e',
      data: { apiUrl, pid: 1, host: 'h', sinceMs: 0 },
      newId: () => `id${(ids += 1)}`,
    });

  beforeEach(() => {
    session = new SessionInMemory();
    ids = 0;
  });

  it('makes the first one lead, and the next when it resigns', async () => {
    const [first, second] = [join('http://first'), join('http://second')];
    assert.equal(await first.campaign(signal), '/e/id1-0000000000');
    assert.ok(first.isLeader);
    const waiting = second.campaign(signal);
    await soon();
    assert.ok(!second.isLeader);
    assert.equal(second.leader?.apiUrl, 'http://first');
    await first.resign();
    assert.ok(!first.isLeader);
    assert.equal(await waiting, '/e/id2-0000000001');
    assert.equal(second.leader?.apiUrl, 'http://second');
  });

  it('watches the one before and the leader, not all', async () => {
    const members = [join(), join('http://second'), join(), join()];
    await members[0]?.campaign(signal);
    const waiting: Promise<string | undefined>[] = [];
    for (const member of members.slice(1)) {
      waiting.push(member.campaign(signal));
      await soon();
    }
    await members[0]?.resign();
    await waiting[0];
    await soon();
    assert.equal(members[3]?.leader?.apiUrl, 'http://second');
    assert.ok(!members[2]?.isLeader && !members[3]?.isLeader);
  });

  it('goes on when the leader’s node is changed, and those that stand by read it again', async () => {
    const [first, second] = [join('http://first'), join('http://second')];
    await first.campaign(signal);
    void second.campaign(signal);
    await soon();
    const moved = renderLeaderData({ apiUrl: 'http://moved', pid: 1, host: 'h', sinceMs: 0 });
    await session.setData('/e/id1-0000000000', moved);
    await soon();
    assert.equal(second.leader?.apiUrl, 'http://moved');
    assert.ok(first.isLeader && !second.isLeader);
  });

  it('is not sure while no server answers, and waits for it', async () => {
    const leader = join();
    await leader.campaign(signal);
    session.say('suspended');
    assert.ok(!leader.isLeader);
    const confirmed = leader.confirm();
    await soon();
    session.say('connected');
    assert.equal(await confirmed, true);
  });

  it('is lost with the session, also when nobody was told of its end', async () => {
    const leader = join();
    await leader.campaign(signal);
    session.state = 'expired';
    assert.ok(!leader.isLeader);
    assert.equal(await leader.confirm(), false);
  });

  it('tells of a loss once, whatever it came by', async () => {
    for (const lose of [
      () => session.say('expired'),
      () => void session.delete([...session.nodes.keys()][0] as string),
    ]) {
      session = new SessionInMemory();
      const leader = join();
      let losses = 0;
      await leader.campaign(signal);
      leader.onLost(() => (losses += 1));
      lose();
      session.say('expired');
      assert.equal(losses, 1);
      assert.equal(await leader.confirm(), false);
      assert.equal(leader.leader, undefined);
      leader.onLost(() => (losses += 1));
      await soon();
      assert.equal(losses, 2, 'who listens too late hears of it all the same');
    }
  });

  it('takes part again in a new session, under another name', async () => {
    const leader = join();
    await leader.campaign(signal);
    session.say('expired');
    session.nodes.clear();
    session.sessionId = 2n;
    session.say('connected');
    assert.equal(await leader.campaign(signal), '/e/id2-0000000001');
    assert.ok(leader.isLeader);
  });

  it('finds its node again when the answer to its creation was lost', async () => {
    const create = session.create.bind(session);
    session.create = async (request) => {
      await create(request);
      session.create = create;
      throw new StevedoreError('ERR_ZOOKEEPER_CONNECTION_LOST');
    };
    assert.equal(await join().campaign(signal), '/e/id1-0000000000');
    assert.equal(session.nodes.size, 1);
  });

  it('does not wait for a node of its own that it could not delete', async () => {
    const leader = join();
    await leader.campaign(signal);
    const remove = session.delete.bind(session);
    session.delete = () => Promise.reject(new StevedoreError('ERR_ZOOKEEPER_CONNECTION_LOST'));
    await leader.resign();
    assert.ok(!leader.isLeader);
    session.delete = remove;
    assert.ok(await leader.campaign(signal));
    assert.ok(leader.isLeader);
    assert.equal(session.nodes.size, 1);
  });

  it('stands at the end of the queue after it resigned', async () => {
    const [first, second] = [join(), join()];
    await first.campaign(signal);
    const waiting = second.campaign(signal);
    await soon();
    await first.resign();
    const again = first.campaign(signal);
    await waiting;
    await soon();
    assert.ok(second.isLeader && !first.isLeader);
    await second.resign();
    assert.equal(await again, '/e/id1-0000000002');
  });

  it('stops waiting when it is told to', async () => {
    await join().campaign(signal);
    const stop = new AbortController();
    const waiting = join().campaign(stop.signal);
    await soon();
    stop.abort();
    assert.equal(await waiting, undefined);
  });

  it('does not hide what will not pass', async () => {
    session.create = () => Promise.reject(new StevedoreError('ERR_ZOOKEEPER_AUTH'));
    await assert.rejects(join().campaign(signal), { code: 'ERR_ZOOKEEPER_AUTH' });
  });
});
