import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectoryOnce } from '../../../scripts/assemble/directory-cache.ts';

describe('a directory that is made once', () => {
  let root: string;
  let made: number;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'stevedore-cache-'));
    made = 0;
  });

  afterEach(async () => await rm(root, { recursive: true, force: true }));

  async function make(directory: string): Promise<void> {
    made += 1;
    await writeFile(join(directory, 'content'), String(made));
  }

  const wanted = (key: string) => ({ path: join(root, 'tree'), key, make });

  it('is not made again by the same recipe', async () => {
    assert.equal(await makeDirectoryOnce(wanted('a')), true);
    assert.equal(await makeDirectoryOnce(wanted('a')), false);
    assert.equal(made, 1);
  });

  it('is replaced by another recipe', async () => {
    await makeDirectoryOnce(wanted('a'));
    assert.equal(await makeDirectoryOnce(wanted('b')), true);
    assert.equal(await readFile(join(root, 'tree/content'), 'utf8'), '2');
  });

  it('leaves nothing behind when making it fails', async () => {
    const fail = async () => {
      throw new Error('cut off');
    };
    await assert.rejects(makeDirectoryOnce({ ...wanted('a'), make: fail }), /cut off/);
    assert.deepEqual(await readdir(root), []);
  });

  it('is whole when several make it at a time', async () => {
    await Promise.all([1, 2, 3].map(async () => await makeDirectoryOnce(wanted('a'))));
    assert.deepEqual(await readdir(root), ['tree']);
    assert.match(await readFile(join(root, 'tree/content'), 'utf8'), /^[123]$/);
  });
});
