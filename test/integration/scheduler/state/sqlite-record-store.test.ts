import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { openSchedulerState } from '../../../../scheduler/state/scheduler-state.ts';
import { openSqliteRecordStore } from '../../../../scheduler/state/sqlite-record-store.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const MODULE = join(ROOT, 'scheduler/state/sqlite-record-store.ts');
const FORMAT_1 = join(ROOT, 'test/fixtures/state/format-1.sql');

describe('records in SQLite, when things go wrong', function () {
  this.timeout(30_000);
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stevedore-sqlite-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function makeFormat1(): void {
    const database = new DatabaseSync(join(directory, 'state.sqlite'));
    database.exec(readFileSync(FORMAT_1, 'utf8'));
    database.close();
  }

  it('a write is whole or absent after its process was killed in the midst of it', async () => {
    const script = `
      import { openSqliteRecordStore } from '${MODULE}';
      const store = openSqliteRecordStore('${directory}', []);
      for (let round = 1; ; round += 1) {
        const value = Buffer.from(String(round));
        await store.write(new Map(Array.from({ length: 2000 }, (_, i) => ['r/' + i, value])));
        console.log(round);
      }`;
    for (let kill = 0; kill < 4; kill += 1) {
      const args = ['--input-type=module', '-e', script];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let last = 0;
      createInterface({ input: child.stdout }).on('line', (line) => (last = Number(line)));
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 13 * kill));
      child.kill('SIGKILL');
      await once(child, 'close');
      const store = openSqliteRecordStore(directory, []);
      const records = [...(await store.read()).values()].map((value) =>
        Number(Buffer.from(value).toString()),
      );
      await store.close();
      assert.equal(records.length, 2000);
      assert.equal(new Set(records).size, 1, 'a write was there in part');
      assert.ok((records[0] as number) >= last, 'a write that was acknowledged is gone');
    }
  });

  it('says which state could not be written, and why', async () => {
    const store = openSqliteRecordStore(directory, []);
    const other = new DatabaseSync(join(directory, 'state.sqlite'));
    other.exec('DROP TABLE records');
    other.close();
    await assert.rejects(store.write(new Map([['a', Buffer.from('1')]])), (error: Error) => {
      assert.equal((error as { code?: string }).code, 'ERR_STATE_WRITE');
      assert.match(error.message, /no such table/);
      return error.message.includes(directory);
    });
    await store.close();
  });

  it('two processes that make it at the same time get one store', async () => {
    const script = `
      import { openSqliteRecordStore } from '${MODULE}';
      const store = openSqliteRecordStore('${directory}', []);
      for (let i = 0; i < 20; i += 1) await store.write(new Map([[process.pid + '/' + i, Buffer.from('x')]]));
      await store.close();`;
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const codes = await Promise.all(
      children.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
    );
    assert.deepEqual(codes, [0, 0, 0]);
    const store = openSqliteRecordStore(directory, []);
    assert.equal((await store.read()).size, 60);
    await store.close();
  });

  it('the first format is taken over, and its file kept', async () => {
    makeFormat1();
    const store = openSqliteRecordStore(directory);
    const state = await openSchedulerState(store, 'alluxio', directory);
    assert.equal(state.stored.frameworkId, '7f5b-0001');
    assert.deepEqual(state.servedPorts, { tls: 4443, plain: 4080 });
    assert.equal(Buffer.from(state.clusterKey).toString('hex').slice(0, 8), '4f28694a');
    const [master, worker] = state.stored.instances.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    assert.equal(master?.phase, 'waiting');
    assert.equal(worker?.task?.taskId, 'alluxio.worker-0.1');
    assert.deepEqual(worker?.ports, { rpc: 31001 });
    await store.close();
    const copy = join(directory, 'state.sqlite.format-1');
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    const kept = new DatabaseSync(copy, { readOnly: true });
    assert.equal(kept.prepare('SELECT count(*) AS n FROM instances').get()?.n, 2);
    kept.close();
    const again = openSqliteRecordStore(directory);
    assert.equal((await openSchedulerState(again, 'alluxio', directory)).stored.instances.length, 2);
    await assert.rejects(openSchedulerState(again, 'other', directory), { code: 'ERR_STATE_CLUSTER' });
    await again.close();
  });

  it('a takeover of the first format that fails changes nothing', () => {
    makeFormat1();
    const database = new DatabaseSync(join(directory, 'state.sqlite'));
    database.exec("CREATE VIEW records AS SELECT 'in the way'");
    database.close();
    assert.throws(() => openSqliteRecordStore(directory));
    const kept = new DatabaseSync(join(directory, 'state.sqlite'), { readOnly: true });
    assert.equal(kept.prepare('PRAGMA user_version').get()?.user_version, 1);
    assert.equal(kept.prepare('SELECT count(*) AS n FROM facts').get()?.n, 5);
    kept.close();
  });

  it('a file that is no database is refused and left alone', () => {
    const path = join(directory, 'state.sqlite');
    writeFileSync(path, 'x'.repeat(5000));
    assert.throws(() => openSqliteRecordStore(directory), { code: 'ERR_STATE_DAMAGED' });
    assert.equal(readFileSync(path, 'utf8'), 'x'.repeat(5000));
    assert.ok(!existsSync(`${path}.format-1`));
  });
});
