import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimUp, readUpRecord, refuseSecond, writeUpRecord } from '../../../scripts/up/up-record.ts';

describe('the record of an up', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stevedore-up-'));
    path = join(directory, 'run/up.json');
  });

  afterEach(async () => await rm(directory, { recursive: true, force: true }));

  it('is absent before the first one', async () => assert.equal(await readUpRecord(path), undefined));

  it('comes back as it was written', async () => {
    const record = await claimUp(path, new Date(0));
    const program = { name: 'mesos', pid: 1, startTime: '7' };
    await writeUpRecord(path, { ...record, programs: [program] });
    assert.deepEqual(await readUpRecord(path), { ...record, programs: [program] });
    assert.deepEqual(await readdir(join(directory, 'run')), ['up.json']);
  });

  it('refuses a second one while the first runs, and names it', async () => {
    await claimUp(path, new Date(0));
    await assert.rejects(claimUp(path, new Date(1)), {
      message: new RegExp(`running already.*process ${process.pid}, since 1970-01-01`),
    });
  });

  it('refuses nobody when its owner is gone', async () => {
    const record = await claimUp(path, new Date(0));
    const gone = { ...record, owner: { ...record.owner, startTime: '1' } };
    assert.doesNotThrow(() => refuseSecond(gone, directory));
  });
});
