import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeSharedMemory } from '../../../scripts/up/shared-memory.ts';

describe('shared memory of executors', () => {
  let path: string;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'stevedore-shm-'));
    mkdirSync(join(path, 'private'));
    writeFileSync(join(path, 'private', '@lock'), '');
  });

  afterEach(() => rmSync(path, { recursive: true, force: true }));

  it('is removed when nobody has anything in it', async () => {
    await removeSharedMemory(path);
    assert.equal(existsSync(path), false);
    await removeSharedMemory(path);
  });

  it('stays when another task has', async () => {
    mkdirSync(join(path, 'private', 'task'));
    await removeSharedMemory(path);
    assert.equal(existsSync(join(path, 'private', 'task')), true);
  });
});
