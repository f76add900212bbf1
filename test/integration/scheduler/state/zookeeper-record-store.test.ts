import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { RecordStore } from '../../../../scheduler/state/record-store.ts';
import { createLayout } from '../../../../scheduler/state/zookeeper-layout.ts';
import { readSnapshot } from '../../../../scheduler/state/zookeeper-snapshot.ts';
import type { ZooKeeperClient } from '../../../../scheduler/zookeeper/zookeeper-client.ts';
import { eventually } from '../../../support/eventually.ts';
import { connectZooKeeper, openAsLeader } from '../../../support/zookeeper-leader.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { Crash, type FaultyClient, makeFaulty } from './faulty-client.ts';

/** So small that a few records need several requests and several nodes. */
const TINY = { requestBytes: 3000, nodeBytes: 500 };
const CLUSTER = 'c1';

const text = (value: string) => Buffer.from(value);

function toTexts(records: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const names = [...records.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, Buffer.from(records.get(name) ?? '').toString()]));
}

/** As many records as need several requests. */
function makeMany(value: string, count = 40): Map<string, Uint8Array> {
  return new Map(
    Array.from({ length: count }, (_, i) => [`instances/${i}`, text(`${value}${i}`.repeat(20))]),
  );
}

describe('records in ZooKeeper, when things go wrong', function () {
  this.timeout(60_000);
  let server: ZooKeeperServer;
  let client: ZooKeeperClient;
  let faulty: FaultyClient;
  let path: string;

  before(async function () {
    if (!(await zookeeperIsAvailable())) return this.skip();
    server = await startZooKeeper({ tickTimeMs: 2000 });
    // Longer than a restart of the server takes, also on a busy machine.
    client = await connectZooKeeper(server.address, { sessionTimeoutMs: 30_000 });
  });
  after(async () => {
    await client?.close();
    await server?.close();
  });
  beforeEach(() => {
    path = `/test-${randomBytes(4).toString('hex')}`;
    faulty = makeFaulty(client);
  });

  const open = (by: ZooKeeperClient = client, limits = TINY): Promise<RecordStore> =>
    openAsLeader(by, { path, cluster: CLUSTER, limits });
  const layout = () => createLayout(path, CLUSTER);
  const read = async () => toTexts((await readSnapshot(client, layout()))?.records ?? new Map());
  const countBlobs = async () => (await client.getChildren(layout().blobs))?.length;

  it('a write whose request was lost is made once, after looking', async () => {
    const store = await open(faulty);
    faulty.count = 0;
    faulty.decide = (count) => (count === 1 ? 'request lost' : 'done');
    await store.write(new Map([['a', text('1')]]));
    assert.deepEqual(await read(), { a: '1' });
    await store.write(new Map([['a', text('2')]]));
    assert.equal(faulty.count, 3);
  });

  it('a write whose answer was lost is not made again', async () => {
    const store = await open(faulty);
    faulty.count = 0;
    faulty.decide = (count) => (count === 1 ? 'answer lost' : 'done');
    await store.write(new Map([['a', text('1')]]));
    assert.equal(faulty.count, 1);
    await store.write(
      new Map([
        ['a', text('2')],
        ['b', text('3')],
      ]),
    );
    assert.deepEqual(await read(), { a: '2', b: '3' });
  });

  it('answers may be lost anywhere in a write of many steps', async () => {
    const store = await open(faulty);
    const many = makeMany('x');
    faulty.decide = (count) => (['done', 'answer lost', 'request lost'] as const)[count % 3] ?? 'done';
    await store.write(new Map([...many, ['big', randomBytes(2500)]]));
    faulty.decide = () => 'done';
    const { big, ...rest } = await read();
    assert.deepEqual(rest, toTexts(many));
    assert.ok(big);
    await store.write(new Map([['big', randomBytes(1400)]]));
    assert.equal(await countBlobs(), 3, 'what nothing refers to is gone by the next big write');
  });

  it('a write of many steps happens as a whole or not at all, wherever the process ends', async () => {
    const [before, after] = [makeMany('old', 30), makeMany('new', 40)];
    const gone = new Map([...after].map(([name, value], i) => [name, i < 5 ? null : value] as const));
    const expected = toTexts(new Map([...after].slice(5)));
    let outcomes = '';
    for (let crashAt = 1; ; crashAt += 1) {
      path = `/test-${randomBytes(4).toString('hex')}`;
      faulty = makeFaulty(client);
      const store = await open(faulty);
      await store.write(before);
      faulty.count = 0;
      faulty.decide = (count) => (count === crashAt ? 'crash' : 'done');
      const ended = await store.write(gone).then(
        () => true,
        (error: unknown) => assert.ok(error instanceof Error && !(error instanceof assert.AssertionError)),
      );
      const seen = await read();
      const next = await open();
      const found = toTexts(await next.read());
      assert.deepEqual(seen, found, 'opening changes nothing that others read');
      const isNew = JSON.stringify(found) !== JSON.stringify(toTexts(before));
      assert.deepEqual(found, isNew ? expected : toTexts(before));
      outcomes += isNew ? 'n' : 'o';
      assert.equal(await countBlobs(), 0, 'nothing is left over');
      await next.write(new Map([['more', text('m')]]));
      assert.equal((await read()).more, 'm');
      if (ended === true) break;
    }
    assert.match(outcomes, /^o{3,}n{3,}$/);
  });

  it('the former leader cannot write any more, by whatever way', async () => {
    const former = await open();
    const second = await connectZooKeeper(server.address);
    try {
      await former.write(new Map([['a', text('1')]]));
      const next = await open(second);
      for (const value of [text('2'), randomBytes(2000)])
        await assert.rejects(former.write(new Map([['a', value]])), { code: 'ERR_STATE_FENCED' });
      await assert.rejects(former.write(makeMany('x')), { code: 'ERR_STATE_FENCED' });
      await next.write(new Map([['b', text('3')]]));
      assert.deepEqual(await read(), { a: '1', b: '3' });
    } finally {
      await second.close();
    }
  });

  it('a leader whose election node is gone cannot write, though nobody else leads', async () => {
    const store = await open();
    const election = `${path}/${CLUSTER}/election`;
    for (const node of (await client.getChildren(election)) ?? [])
      await client.delete(`${election}/${node}`, -1);
    await assert.rejects(store.write(new Map([['a', text('1')]])), { code: 'ERR_STATE_FENCED' });
    assert.deepEqual(await read(), {});
  });

  it('a session that ends during a write leaves its outcome open, and says so', async () => {
    const own = await connectZooKeeper(server.address);
    const wrapped = makeFaulty(own);
    try {
      const store = await open(wrapped);
      wrapped.decide = () => {
        void own.close();
        return 'request lost';
      };
      await assert.rejects(store.write(new Map([['a', text('1')]])), { code: 'ERR_STATE_OUTCOME_UNKNOWN' });
    } finally {
      await own.close();
    }
  });

  it('a reader sees one moment, also when the leader writes between two of its requests', async () => {
    const store = await open();
    await store.write(makeMany('before-'));
    let reads = 0;
    const getData = async (node: string) => {
      reads += 1;
      if (reads === 10) await store.write(makeMany('after-'));
      return await client.getData(node);
    };
    const reader = new Proxy(client, {
      get: (target, name) => {
        const value: unknown = name === 'getData' ? getData : Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const seen = toTexts((await readSnapshot(reader, layout()))?.records ?? new Map());
    assert.deepEqual(seen, toTexts(makeMany('after-')));
    assert.ok(reads > 50, 'it was read again');
  });

  it('a reader finds whole writes, however fast they follow each other', async () => {
    const store = await open();
    let stop = false;
    const writing = (async () => {
      for (let round = 1; !stop; round += 1) await store.write(makeMany(`r${round}-`));
    })();
    try {
      for (let look = 0; look < 15; look += 1) {
        const rounds = Object.values(await read()).map((value) => value.split('-')[0]);
        assert.ok(new Set(rounds).size <= 1, `records of several moments: ${[...new Set(rounds)].join()}`);
      }
    } finally {
      stop = true;
      await writing;
    }
  });

  it('a server that is killed and started again loses nothing that was written', async () => {
    const store = await open();
    let written = 0;
    let stop = false;
    const writing = (async () => {
      while (!stop) {
        await store.write(new Map([['n', text(String(written + 1))]]));
        written += 1;
      }
    })();
    try {
      for (let round = 1; round <= 2; round += 1) {
        const from = written;
        await eventually('writes go on', 10_000, () => written > from + 10 || undefined);
        await server.restart();
      }
    } finally {
      stop = true;
      await writing;
    }
    assert.deepEqual(await read(), { n: String(written) });
  });

  it('a state of a newer version, of another cluster, or damaged is refused and left alone', async () => {
    const store = await open();
    await store.write(new Map([['big', randomBytes(2000)]]));
    const { commit, records, blobs } = layout();
    const stored = await client.getData(commit);
    const change = async (fields: object) => {
      const parsed = JSON.parse(Buffer.from(stored?.data ?? []).toString()) as object;
      await client.setData(commit, Buffer.from(JSON.stringify({ ...parsed, ...fields })), -1);
    };
    await change({ format: 9 });
    await assert.rejects(open(), { code: 'ERR_STATE_VERSION' });
    await change({ cluster: 'other' });
    await assert.rejects(open(), { code: 'ERR_STATE_CLUSTER' });
    await change({});
    const [part] = (await client.getChildren(blobs)) ?? [];
    await client.setData(`${blobs}/${part}`, text('x'), -1);
    await assert.rejects(open(), { code: 'ERR_STATE_DAMAGED' });
    await client.setData(`${records}/big`, Buffer.of(7), -1);
    await assert.rejects(open(), { code: 'ERR_STATE_DAMAGED' });
  });

  it('a crash is no answer that a store may retry', async () => {
    const store = await open(faulty);
    faulty.decide = () => 'crash';
    await assert.rejects(store.write(new Map([['a', text('1')]])), Crash);
  });
});
