import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openApiServer } from '../../../scheduler/api/server.ts';
import { EventLog } from '../../../scheduler/api/event-log.ts';
import { callApi } from '../../../scheduler/api/client.ts';
import { readBundle } from '../../../scheduler/bundle.ts';
import { SchedulerMetrics } from '../../../scheduler/metrics/scheduler-metrics.ts';
import { createInstance } from '../../../scheduler/core/instance.ts';
import { openSchedulerState, toRecordChanges } from '../../../scheduler/state/scheduler-state.ts';
import { openSqliteRecordStore } from '../../../scheduler/state/sqlite-record-store.ts';
import { lockStateDirectory, prepareStateDirectory } from '../../../scheduler/state/state-directory.ts';

describe('state directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stevedore-state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('gives back what was persisted, after it was closed', async () => {
    const store = openSqliteRecordStore(directory);
    const { clusterKey, persist } = await openSchedulerState(store, 'c1', directory).then((state) => ({
      clusterKey: state.clusterKey,
      persist: state.persist.bind(state),
    }));
    const instance = createInstance('worker', 0, 5);
    const facts = { teardown: { graceMs: 1 } };
    const both = [instance, createInstance('worker', 1, 5)];
    await persist(toRecordChanges({ frameworkId: 'F', changed: both, removed: [], facts }));
    await persist(toRecordChanges({ frameworkId: 'F', changed: [], removed: ['worker-1'], facts: {} }));
    await store.close();
    const again = openSqliteRecordStore(directory);
    const state = await openSchedulerState(again, 'c1', directory);
    assert.deepEqual(state.stored, { frameworkId: 'F', instances: [instance], facts });
    assert.deepEqual(state.clusterKey, clusterKey);
    assert.equal(clusterKey.length, 32);
    await assert.rejects(openSchedulerState(again, 'c2', directory), /is of cluster 'c1', not of 'c2'/);
    await again.close();
    assert.equal(statSync(join(directory, 'state.sqlite')).mode & 0o777, 0o600);
  });

  it('keeps all of a change or nothing', async () => {
    const store = openSqliteRecordStore(directory);
    const bad = new Map<string, Uint8Array | null>([
      ['a', Buffer.from('1')],
      ['b', undefined as unknown as null],
    ]);
    await assert.rejects(store.write(bad));
    assert.equal((await store.read()).size, 0);
    await store.close();
  });

  it('refuses the state of a newer version', async () => {
    await openSqliteRecordStore(directory).close();
    const database = new DatabaseSync(join(directory, 'state.sqlite'));
    database.exec('PRAGMA user_version = 9');
    database.close();
    assert.throws(() => openSqliteRecordStore(directory), { code: 'ERR_STATE_VERSION' });
  });

  it('refuses a Mesos sandbox, also through a link, and makes nothing there', () => {
    const sandbox = join(directory, 'sandbox');
    mkdirSync(sandbox);
    symlinkSync(sandbox, join(directory, 'link'));
    const environment = { MESOS_SANDBOX: sandbox };
    const inside = join(sandbox, 'state');
    assert.throws(() => prepareStateDirectory(inside, environment), /ZooKeeper.*--state-dir/);
    assert.equal(existsSync(inside), false);
    assert.throws(() => prepareStateDirectory(join(directory, 'link'), environment), {
      code: 'ERR_STATE_IN_SANDBOX',
    });
    assert.equal(prepareStateDirectory(`${sandbox}-not`, environment), `${sandbox}-not`);
    assert.equal(statSync(`${sandbox}-not`).mode & 0o777, 0o700);
  });

  it('names the directory that cannot be made', () => {
    writeFileSync(join(directory, 'file'), '');
    assert.throws(() => prepareStateDirectory(join(directory, 'file', 'state'), {}), {
      code: 'ERR_STATE_DIRECTORY',
    });
  });

  it('a lock ends with its process, however that ends', async () => {
    const module = join(import.meta.dirname, '../../../scheduler/state/state-directory.ts');
    const script = `import { lockStateDirectory } from '${module}'; lockStateDirectory('${directory}'); console.log('locked'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      assert.throws(() => lockStateDirectory(directory), new RegExp(`\\(pid ${child.pid}\\)`));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    lockStateDirectory(directory).release();
  });

  it('answers also where the path of the socket is too long for the kernel', async () => {
    const long = join(directory, 'x'.repeat(120));
    mkdirSync(long);
    const stopped: string[] = [];
    const nothing = () => assert.fail();
    const control = {
      metrics: new SchedulerMetrics(),
      events: new EventLog(),
      status: nothing,
      explain: nothing,
      plan: nothing,
      planChange: nothing,
      act: nothing,
      teardown: nothing,
      stop: () => void stopped.push('stop'),
    };
    const role = { control, leader: () => undefined, token: undefined };
    const api = await openApiServer({ stateDirectory: long, role: () => role });
    try {
      assert.deepEqual(await callApi(long, 'POST', '/v1/stop'), { accepted: true });
      assert.deepEqual(stopped, ['stop']);
      await assert.rejects(callApi(long, 'GET', '/v1/nothing'), /answered 404/);
    } finally {
      await api.close();
    }
    await assert.rejects(callApi(long, 'GET', '/v1/status'), { code: 'ERR_API_UNREACHABLE' });
  });

  it('says that the bundle was not built, or only half of it is there', async () => {
    await assert.rejects(readBundle(directory), /Run 'make build' first/);
    const digest = 'a'.repeat(64);
    const manifest = { fileName: 'b.tar.gz', sizeBytes: 5, sha256: digest, sumsSha256: digest };
    writeFileSync(join(directory, 'executor-bundle.json'), JSON.stringify(manifest));
    writeFileSync(join(directory, 'b.tar.gz'), '123');
    await assert.rejects(readBundle(directory), /has 3 bytes instead of 5/);
    writeFileSync(join(directory, 'b.tar.gz'), '12345');
    assert.deepEqual(await readBundle(directory), { archivePath: join(directory, 'b.tar.gz'), manifest });
  });
});
