/** `up.json`: who runs in a directory, for `down`, for a second `up`, and for cleaning up after a kill -9. */
import { linkSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StevedoreError } from '../../protocol/errors.ts';
import { type ProcessIdentity, identifyProcess, isRunning } from './process-identity.ts';

export interface UpRecord {
  readonly owner: ProcessIdentity;
  readonly startedAt: string;
  /** In the order of their start. */
  readonly programs: readonly ProcessIdentity[];
}

async function writeAside(path: string, record: UpRecord): Promise<string> {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  return aside;
}

/** Undefined when nothing is recorded. */
export async function readUpRecord(path: string): Promise<UpRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as UpRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeUpRecord(path: string, record: UpRecord): Promise<void> {
  await rename(await writeAside(path, record), path);
}

/** @throws StevedoreError ERR_UP_RUNNING when the recorded owner runs. */
export function refuseSecond(record: UpRecord, directory: string): void {
  if (!isRunning(record.owner)) return;
  throw new StevedoreError('ERR_UP_RUNNING', {
    directory,
    pid: record.owner.pid,
    since: record.startedAt,
  });
}

/** Makes this process the owner; of two at a time only one succeeds, since a link is made only where none is. */
export async function claimUp(path: string, startedAt: Date): Promise<UpRecord> {
  await mkdir(dirname(path), { recursive: true });
  const owner = identifyProcess('up', process.pid) as ProcessIdentity;
  const record: UpRecord = { owner, startedAt: startedAt.toISOString(), programs: [] };
  const aside = await writeAside(path, record);
  try {
    linkSync(aside, path);
    return record;
  } catch (error) {
    const other = await readUpRecord(path);
    if (other !== undefined) refuseSecond(other, dirname(path));
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
