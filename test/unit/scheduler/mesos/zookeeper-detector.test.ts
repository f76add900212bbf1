import assert from 'node:assert/strict';
import { setImmediate as settle } from 'node:timers/promises';
import type { MasterAddress } from '../../../../scheduler/mesos/master-address.ts';
import { ZooKeeperDetector } from '../../../../scheduler/mesos/zookeeper-detector.ts';
import type {
  SessionState,
  Watcher,
  ZooKeeperClient,
} from '../../../../scheduler/zookeeper/zookeeper-client.ts';

/** The masters' nodes as a client sees them, and the ways in which that goes wrong. */
class FakeNodes {
  nodes = new Map<string, string>();
  pathExists = true;
  failure: Error | undefined;
  closed = false;
  reads = 0;
  #watchers = new Set<Watcher>();
  #listeners = new Set<(state: SessionState) => void>();

  readonly client = {
    state: 'connected',
    onState: (listener: (state: SessionState) => void) => {
      this.#listeners.add(listener);
      return () => void this.#listeners.delete(listener);
    },
    getChildren: async (_path: string, watcher: Watcher) => {
      this.reads += 1;
      if (this.failure !== undefined) throw this.failure;
      if (!this.pathExists) return undefined;
      this.#watchers.add(watcher);
      return [...this.nodes.keys()];
    },
    exists: async (_path: string, watcher: Watcher) => {
      this.#watchers.add(watcher);
      return this.pathExists ? {} : undefined;
    },
    getData: async (path: string) => {
      const data = this.nodes.get(path.slice('/mesos/'.length));
      return data === undefined ? undefined : { data: Buffer.from(data) };
    },
    close: async () => void (this.closed = true),
  } as unknown as ZooKeeperClient;

  async change(nodes: Record<string, string>): Promise<void> {
    this.nodes = new Map(Object.entries(nodes));
    this.pathExists = true;
    const fired = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of fired) watcher({ type: 'children' });
    await settle();
  }

  async enter(state: SessionState): Promise<void> {
    if (state === 'expired') this.#watchers.clear();
    for (const listener of this.#listeners) listener(state);
    await settle();
  }
}

const pid = (host: string) => `master@${host}:5050`;

describe('ZooKeeper master detector', () => {
  let nodes: FakeNodes;
  let log: string[];
  let leaders: string[];
  let detector: ZooKeeperDetector;
  const controller = new AbortController();

  beforeEach(() => {
    nodes = new FakeNodes();
    log = [];
    leaders = [];
  });
  afterEach(async () => {
    await detector.close();
  });

  async function start(found: Record<string, string>): Promise<void> {
    nodes.nodes = new Map(Object.entries(found));
    const tell = (fields: object, text: string) => void log.push(`${text} ${JSON.stringify(fields)}`);
    detector = new ZooKeeperDetector({
      client: nodes.client,
      path: '/mesos',
      protocol: 'http:',
      log: { info: tell, warn: tell, error: tell },
      retryMs: 1,
    });
    detector.watch(({ hostname }) => void leaders.push(hostname));
    await settle();
  }

  const detect = async () => (await detector.detect(controller.signal)).hostname;

  it('gives the leader, and tells only of another one', async () => {
    await start({ '0000000002': pid('m2'), '0000000001': pid('m1') });
    assert.equal(await detect(), 'm1');
    assert.deepEqual(leaders, []);
    await nodes.change({ '0000000002': pid('m2') });
    assert.deepEqual(leaders, ['m2']);
    assert.equal(await detect(), 'm2');
    await nodes.change({ '0000000002': pid('m2'), '0000000003': pid('m1') });
    assert.deepEqual(leaders, ['m2']);
  });

  it('waits for a first leader, says so once, and can be told to stop', async () => {
    await start({});
    let found: MasterAddress | undefined;
    void detector.detect(controller.signal).then((leader) => (found = leader));
    await nodes.change({});
    await nodes.change({ log_replicas: '' });
    assert.equal(found, undefined);
    assert.equal(log.length, 1);
    assert.match(log[0] as string, /no Mesos master leads yet/);
    const stop = new AbortController();
    const waiting = detector.detect(stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(waiting, /stopped/);
    await nodes.change({ '0000000001': pid('m1') });
    assert.equal((found as MasterAddress | undefined)?.hostname, 'm1');
  });

  it('waits for a path that masters have not made yet', async () => {
    nodes.pathExists = false;
    await start({});
    await nodes.change({ '0000000001': pid('m1') });
    assert.equal(await detect(), 'm1');
  });

  it('a lost connection and a new session are no change of leader', async () => {
    await start({ '0000000001': pid('m1') });
    await nodes.enter('suspended');
    assert.equal(await detect(), 'm1');
    await nodes.enter('expired');
    const readsBefore = nodes.reads;
    await nodes.enter('connected');
    assert.ok(nodes.reads > readsBefore);
    assert.deepEqual(leaders, []);
    // The new session watches again.
    await nodes.change({ '0000000002': pid('m2') });
    assert.deepEqual(leaders, ['m2']);
  });

  it('the same master under a new node is the same leader, also after a time without any', async () => {
    await start({ '0000000001': pid('m1') });
    await nodes.change({});
    await nodes.change({ '0000000002': pid('m1') });
    assert.deepEqual(leaders, []);
    assert.equal(await detect(), 'm1');
  });

  it('keeps the leader that it knew while nodes cannot be read, tells it once, and reads again', async () => {
    await start({ '0000000001': pid('m1') });
    nodes.failure = new Error('connection lost');
    await nodes.change({ '0000000002': pid('m2') });
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await detect(), 'm1');
    assert.equal(log.filter((line) => line.includes('connection lost')).length, 1);
    nodes.failure = undefined;
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(leaders, ['m2']);
  });

  it('says which node it cannot read, and goes on with the next leader', async () => {
    await start({ info_0000000001: 'nonsense' });
    assert.match(log[0] as string, /cannot read where.*info_0000000001/);
    await nodes.change({ 'json.info_0000000002': '{"address":{"ip":"10.0.0.2","port":5050}}' });
    assert.equal(await detect(), '10.0.0.2');
  });

  it('closes its session with itself', async () => {
    await start({});
    await detector.close();
    assert.ok(nodes.closed);
  });
});
