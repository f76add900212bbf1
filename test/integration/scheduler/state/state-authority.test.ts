import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { createStateAuthority } from '../../../../scheduler/state/state-authority.ts';
import { createArtifactServer } from '../../../../server/artifact-server.ts';
import { MemoryRecordStore } from '../../../support/memory-record-store.ts';
import { SILENT_LOG } from '../../../support/zookeeper-leader.ts';

describe('certificate authority in the state', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stevedore-authority-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** As one of several schedulers, each with a disk of its own. */
  async function serve(scheduler: string, records?: MemoryRecordStore) {
    const home = join(directory, scheduler);
    mkdirSync(home, { recursive: true });
    const certificateDirectory = join(home, 'certs');
    const options = { place: 'memory', formerDirectory: certificateDirectory };
    return await createArtifactServer({
      storeDirectory: join(home, 'artifacts'),
      certificateDirectory,
      authority: records && createStateAuthority({ records, ...options }),
      bindHost: '127.0.0.1',
      tlsPort: 0,
      advertisedHosts: ['127.0.0.1'],
      authorize: () => false,
      now: Date.now,
      log: SILENT_LOG,
    });
  }

  async function connectTrusting(url: string, ca: string): Promise<void> {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca });
    await once(socket, 'secureConnect').finally(() => socket.destroy());
  }

  it('lets clients of one scheduler trust the next', async () => {
    const records = new MemoryRecordStore();
    const first = await serve('one', records);
    await first.close(0);
    const second = await serve('two', records);
    try {
      assert.deepEqual(second.trustPems, [first.caPem]);
      await connectTrusting(second.tlsUrl, first.caPem);
    } finally {
      await second.close(0);
    }
    assert.deepEqual([...(await records.read()).keys()], ['keys/certificate-authority']);
    assert.throws(() => readFileSync(join(directory, 'one/certs/ca-with-key.pem')), { code: 'ENOENT' });
  });

  it('takes over the one that was on disk, which running executors trust', async () => {
    const before = await serve('one');
    await before.close(0);
    const records = new MemoryRecordStore();
    const after = await serve('one', records);
    await after.close(0);
    assert.equal(after.caPem, before.caPem);
    const elsewhere = await serve('two', records);
    await elsewhere.close(0);
    assert.equal(elsewhere.caPem, before.caPem);
  });

  it('is another for each state', async () => {
    const [one, two] = [
      await serve('one', new MemoryRecordStore()),
      await serve('two', new MemoryRecordStore()),
    ];
    await Promise.all([one.close(0), two.close(0)]);
    assert.notEqual(one.caPem, two.caPem);
  });
});
