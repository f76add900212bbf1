import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordStore } from '../../../../scheduler/state/record-store.ts';
import { openSqliteRecordStore } from '../../../../scheduler/state/sqlite-record-store.ts';
import type { ZooKeeperClient } from '../../../../scheduler/zookeeper/zookeeper-client.ts';
import { MemoryRecordStore } from '../../../support/memory-record-store.ts';
import { connectZooKeeper, openAsLeader } from '../../../support/zookeeper-leader.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';

/** Where the records of one test are; each `open` is a scheduler that starts. */
interface Place {
  open(): Promise<RecordStore>;
  remove(): Promise<void>;
}

interface Kind {
  prepare(context: Mocha.Context): Promise<void>;
  place(): Promise<Place>;
  end(): Promise<void>;
}

const nothing = async () => undefined;

const memory: Kind = {
  prepare: nothing,
  place: async () => {
    const store = new MemoryRecordStore();
    return { open: async () => store, remove: nothing };
  },
  end: nothing,
};

const sqlite: Kind = {
  prepare: nothing,
  place: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stevedore-records-'));
    return {
      open: async () => openSqliteRecordStore(directory, []),
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    };
  },
  end: nothing,
};

class ZooKeeperKind implements Kind {
  #server: ZooKeeperServer | undefined;
  #client: ZooKeeperClient | undefined;

  async prepare(context: Mocha.Context): Promise<void> {
    if (!(await zookeeperIsAvailable())) return context.skip();
    this.#server = await startZooKeeper();
    this.#client = await connectZooKeeper(this.#server.address);
  }

  async place(): Promise<Place> {
    const client = this.#client as ZooKeeperClient;
    const path = `/test-${randomBytes(4).toString('hex')}`;
    return { open: () => openAsLeader(client, { path, cluster: 'c1' }), remove: nothing };
  }

  async end(): Promise<void> {
    await this.#client?.close();
    await this.#server?.close();
  }
}

const text = (value: string) => Buffer.from(value);

function toTexts(records: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...records].map(([name, value]) => [name, Buffer.from(value).toString()]));
}

function declare(title: string, kind: Kind): void {
  describe(`records in ${title}`, function () {
    this.timeout(60_000);
    let place: Place;
    before(async function () {
      await kind.prepare(this);
    });
    after(() => kind.end());
    beforeEach(async () => {
      place = await kind.place();
    });
    afterEach(() => place.remove());

    it('are there after the store was closed and opened again', async () => {
      const store = await place.open();
      assert.equal((await store.read()).size, 0);
      await store.write(
        new Map([
          ['framework-id', text('F')],
          ['instances/worker-1', text('w')],
        ]),
      );
      await store.write(
        new Map([
          ['framework-id', text('G')],
          ['gone', null],
        ]),
      );
      await store.close();
      const again = await place.open();
      assert.deepEqual(toTexts(await again.read()), { 'framework-id': 'G', 'instances/worker-1': 'w' });
      await again.write(
        new Map([
          ['framework-id', null],
          ['instances/worker-1', text('x')],
        ]),
      );
      assert.deepEqual(toTexts(await again.read()), { 'instances/worker-1': 'x' });
      await again.close();
    });

    it('may have any name and be empty', async () => {
      const names = ['.', '..', 'a/b', 'ä ö/%2F', 'zookeeper', 'x'.repeat(200), '/', 'a//b', '☃'];
      const store = await place.open();
      await store.write(new Map(names.map((name) => [name, text(name)])));
      await store.write(new Map([['empty', new Uint8Array()]]));
      const read = toTexts(await store.read());
      assert.deepEqual(read, { ...Object.fromEntries(names.map((name) => [name, name])), empty: '' });
      await store.close();
    });

    it('may be big, and grow and shrink', async () => {
      const store = await place.open();
      const big = randomBytes(3_000_000);
      await store.write(
        new Map([
          ['big', big],
          ['small', text('s')],
        ]),
      );
      assert.ok(big.equals((await store.read()).get('big') as Uint8Array));
      const bigger = randomBytes(4_000_001);
      await store.write(new Map([['big', bigger]]));
      assert.ok(bigger.equals((await store.read()).get('big') as Uint8Array));
      await store.write(new Map([['big', text('tiny')]]));
      assert.deepEqual(toTexts(await store.read()), { big: 'tiny', small: 's' });
      await store.close();
    });

    it('may be many in one write', async () => {
      const store = await place.open();
      const value = 'v'.repeat(400);
      const many = new Map(
        Array.from({ length: 5000 }, (_, i) => [`instances/w-${i}`, text(`${value}${i}`)]),
      );
      await store.write(many);
      await store.close();
      const again = await place.open();
      const read = await again.read();
      assert.equal(read.size, 5000);
      assert.equal(Buffer.from(read.get('instances/w-4999') as Uint8Array).toString(), `${value}4999`);
      await again.write(new Map([...many.keys()].slice(1).map((name) => [name, null])));
      assert.deepEqual([...(await again.read()).keys()], ['instances/w-0']);
      await again.close();
    });

    it('are written in the order in which writes are asked for', async () => {
      const store = await place.open();
      const writes = Array.from({ length: 20 }, (_, i) => store.write(new Map([['n', text(String(i))]])));
      await Promise.all(writes);
      assert.deepEqual(toTexts(await store.read()), { n: '19' });
      await store.close();
    });
  });
}

declare('memory', memory);
declare('SQLite', sqlite);
declare('ZooKeeper', new ZooKeeperKind());
