/** Unpacking with the agent's own programs; a bare .gz by ourselves. */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { archiveKind } from './fetch-item.ts';

const run = promisify(execFile);

async function unpack(kind: 'tar' | 'zip' | 'gzip', file: string, directory: string): Promise<void> {
  if (kind === 'tar') await run('tar', ['-x', '--no-same-owner', '-f', file, '-C', directory]);
  else if (kind === 'zip') await run('unzip', ['-o', '-q', file, '-d', directory]);
  else {
    const name = path.basename(file, '.gz');
    await pipeline(createReadStream(file), createGunzip(), createWriteStream(path.join(directory, name)));
  }
}

/**
 * Unpacks a file into a directory if its name is that of an archive; false if it is not.
 * @throws Error with Mesos' text
 */
export async function extract(file: string, directory: string): Promise<boolean> {
  const kind = archiveKind(path.basename(file));
  if (kind === undefined) return false;
  try {
    await unpack(kind, file, directory);
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ENOENT';
    const problem = missing
      ? `the agent has no program '${kind === 'zip' ? 'unzip' : 'tar'}'`
      : 'Unrecognized archive format';
    throw new Error(`Failed to extract archive '${file}' to '${directory}': ${problem}`, { cause: error });
  }
  return true;
}
