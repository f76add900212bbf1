import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  importState,
  rekeyState,
  showState,
  writeExport,
} from '../../../../scheduler/commands/state-commands.ts';
import { parseStateFlags } from '../../../../scheduler/commands/state-flags.ts';
import { openSchedulerState, toRecordChanges } from '../../../../scheduler/state/scheduler-state.ts';
import { openSqliteState } from '../../../../scheduler/state/state-access.ts';
import { lockStateDirectory } from '../../../../scheduler/state/state-directory.ts';
import type { SqliteLocation } from '../../../../scheduler/state/state-location.ts';
import { createInstance } from '../../../../scheduler/core/instance.ts';
import {
  type ZooKeeperServer,
  startZooKeeper,
  zookeeperIsAvailable,
} from '../../../support/zookeeper-server.ts';
import { connectZooKeeper, openAsLeader } from '../../../support/zookeeper-leader.ts';

const COMMANDS = { show: showState, export: writeExport, import: importState, rekey: rekeyState };

describe('stevedore state', function () {
  this.timeout(60_000);
  let directory: string;
  let stateDirectory: string;
  let keyFile: string;

  async function run(verb: keyof typeof COMMANDS, ...argv: string[]): Promise<string> {
    const options = parseStateFlags(['--cluster', 'c1', ...argv]);
    assert.ok(options);
    return await COMMANDS[verb](options);
  }

  const sqlite = (key?: string): SqliteLocation => ({
    kind: 'sqlite',
    directory: stateDirectory,
    keyFile: key,
  });

  async function readClusterKey(key?: string): Promise<Uint8Array> {
    const { records, place, close } = openSqliteState(sqlite(key), 'c1');
    try {
      return (await openSchedulerState(records, 'c1', place)).clusterKey;
    } finally {
      await close();
    }
  }

  async function makeState(): Promise<Uint8Array> {
    const { records, place, close } = openSqliteState(sqlite(), 'c1');
    const state = await openSchedulerState(records, 'c1', place);
    const changed = [createInstance('worker', 0, 5), createInstance('worker', 1, 6)];
    await state.persist(toRecordChanges({ frameworkId: 'F', changed, removed: [], facts: {} }));
    await close();
    return state.clusterKey;
  }

  function writeKey(name: string): string {
    const path = join(directory, name);
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 });
    return path;
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stevedore-state-'));
    stateDirectory = join(directory, 'state');
    keyFile = writeKey('key');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('shows what is stored and nothing of the keys', async () => {
    const key = await makeState();
    const shown = await run('show', '--state-dir', stateDirectory);
    assert.match(shown, /instances\/worker-1\n/);
    assert.match(shown, /keys\/cluster {2}not encrypted/);
    assert.ok(!shown.includes(Buffer.from(key).toString('base64')));
  });

  it('makes nothing where there is no state', async () => {
    await assert.rejects(run('show', '--state-dir', stateDirectory), { code: 'ERR_STATE_MISSING' });
    await assert.rejects(run('export', '--state-dir', stateDirectory), { code: 'ERR_STATE_MISSING' });
    assert.throws(() => readFileSync(join(stateDirectory, 'state.sqlite')), { code: 'ENOENT' });
  });

  it('lets keys out encrypted only', async () => {
    const key = await makeState();
    const where = ['--state-dir', stateDirectory];
    const plain = await run('export', ...where);
    assert.ok(!plain.includes('keys/'));
    await assert.rejects(run('export', ...where, '--with-keys'), { code: 'ERR_STATE_EXPORT_KEYS' });
    const sealed = await run('export', ...where, '--with-keys', '--state-key-file', keyFile);
    assert.match(sealed, /keys\/cluster/);
    for (const text of [plain, sealed])
      assert.ok(!text.includes(Buffer.from(key).toString('base64').slice(0, 20)));
  });

  it('encrypts keys anew only when asked, and refuses every other key file', async () => {
    const key = await makeState();
    const where = ['--state-dir', stateDirectory];
    await assert.rejects(readClusterKey(keyFile), { code: 'ERR_STATE_NOT_SEALED' });
    await run('rekey', ...where, '--new-key-file', keyFile);
    assert.deepEqual(await readClusterKey(keyFile), key);
    await assert.rejects(readClusterKey(), { code: 'ERR_STATE_KEY_MISSING' });
    const other = writeKey('other');
    await assert.rejects(readClusterKey(other), { code: 'ERR_STATE_KEY_WRONG' });
    await assert.rejects(run('rekey', ...where, '--state-key-file', other, '--new-key-file', other), {
      code: 'ERR_STATE_KEY_WRONG',
    });
    const bytes = readFileSync(join(stateDirectory, 'state.sqlite'));
    await run('rekey', ...where, '--state-key-file', keyFile, '--new-key-file', other);
    assert.notDeepEqual(readFileSync(join(stateDirectory, 'state.sqlite')), bytes);
    assert.deepEqual(await readClusterKey(other), key);
    await run('rekey', ...where, '--state-key-file', other, '--decrypted');
    assert.deepEqual(await readClusterKey(), key);
  });

  it('refuses a key file that others may read or that holds no key', async () => {
    await makeState();
    chmodSync(keyFile, 0o640);
    await assert.rejects(readClusterKey(keyFile), /may reach it/);
    writeFileSync(join(directory, 'short'), 'abc', { mode: 0o600 });
    await assert.rejects(readClusterKey(join(directory, 'short')), /32 bytes/);
  });

  it('changes nothing while a scheduler runs, and reads all the same', async () => {
    await makeState();
    const exported = join(directory, 'export.json');
    writeFileSync(exported, await run('export', '--state-dir', stateDirectory));
    const lock = lockStateDirectory(stateDirectory);
    try {
      await run('export', '--state-dir', stateDirectory);
      await assert.rejects(run('import', '--state-dir', stateDirectory, '--from', exported), {
        code: 'ERR_STATE_LOCKED',
      });
    } finally {
      lock.release();
    }
  });

  describe('with ZooKeeper', () => {
    let server: ZooKeeperServer;
    before(async function () {
      if (!(await zookeeperIsAvailable())) return this.skip();
      server = await startZooKeeper();
    });
    after(() => server?.close());

    const newPlace = () => `zk://${server.address}/test-${randomBytes(4).toString('hex')}`;

    it('takes a state there and back again', async () => {
      await makeState();
      const key = ['--state-key-file', keyFile];
      const first = await run('export', '--state-dir', stateDirectory, '--with-keys', ...key);
      const from = join(directory, 'export.json');
      writeFileSync(from, first);
      const zk = ['--state', newPlace(), ...key];
      await assert.rejects(run('show', ...zk), { code: 'ERR_STATE_MISSING' });
      await run('import', ...zk, '--from', from);
      assert.equal(await run('export', ...zk, '--with-keys'), first);
      assert.match(await run('show', ...zk), /keys\/cluster {2}encrypted/);
      await assert.rejects(run('import', ...zk, '--from', from), { code: 'ERR_STATE_NOT_EMPTY' });
      await run('import', ...zk, '--from', from, '--replace');
      assert.equal(await run('export', ...zk, '--with-keys'), first);
    });

    it('lets a scheduler make keys where an export had none', async () => {
      const key = await makeState();
      const from = join(directory, 'export.json');
      writeFileSync(from, await run('export', '--state-dir', stateDirectory));
      const said = await run('import', '--state-dir', stateDirectory, '--from', from, '--replace');
      assert.match(said, /no keys: new ones are made/);
      const made = await readClusterKey();
      assert.equal(made.length, 32);
      assert.notDeepEqual(made, key);
      assert.deepEqual(await readClusterKey(), made);
    });

    it('refuses to put keys where everybody reads them', async () => {
      await makeState();
      const from = join(directory, 'export.json');
      writeFileSync(from, await run('export', '--state-dir', stateDirectory));
      const place = newPlace();
      await assert.rejects(run('import', '--state', place, '--from', from), {
        code: 'ERR_STATE_UNPROTECTED',
      });
      await run('import', '--state', place, '--from', from, '--state-unprotected');
      const credentials = join(directory, 'credentials');
      writeFileSync(credentials, 'scheduler:secret\n', { mode: 0o600 });
      const closed = ['--state', newPlace(), '--state-zk-credentials', credentials];
      await run('import', ...closed, '--from', from);
      await assert.rejects(run('show', '--state', closed[1] as string), { code: 'ERR_ZOOKEEPER_AUTH' });
      const late = run(
        'import',
        '--state',
        place,
        '--state-zk-credentials',
        credentials,
        '--from',
        from,
        '--replace',
      );
      await assert.rejects(late, { code: 'ERR_STATE_UNPROTECTED' });
    });

    it('changes nothing while a scheduler leads', async () => {
      const place = newPlace();
      const path = place.slice(place.lastIndexOf('/'));
      const client = await connectZooKeeper(server.address);
      try {
        await openAsLeader(client, { path, cluster: 'c1' });
        const options = ['--state-unprotected', '--state-zk-session-timeout', '1s', '--decrypted'];
        await assert.rejects(run('rekey', '--state', place, ...options), { code: 'ERR_STATE_IN_USE' });
      } finally {
        await client.close();
      }
    });
  });
});
