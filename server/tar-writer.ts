/**
 * Writes a directory as a plain tar that depends on names, contents and modes only: no owners, no times, a fixed order. So the
 * same directory has the same digest on every host, and agents that have it need not fetch it again.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Header, Pax } from 'tar';
import { StevedoreError } from '../protocol/errors.ts';
import type { ArtifactSink } from './artifact-sink.ts';
import type { DirectoryTree, TreeEntry } from './directory-tree.ts';
import type { WorkOptions } from './progress.ts';

const BLOCK_BYTES = 512;
const READ_BYTES = 1024 * 1024;
const TYPES = { directory: 'Directory', file: 'File', link: 'SymbolicLink' } as const;

export interface TarSource {
  readonly root: string;
  readonly topFolder: string;
  readonly tree: DirectoryTree;
}

/** Readable by every user of an agent, writable by its owner only; what is executable stays so. */
function toPortableMode(entry: TreeEntry): number {
  if (entry.kind !== 'file') return entry.kind === 'link' ? 0o777 : 0o755;
  return (entry.mode & 0o111) === 0 ? 0o644 : 0o755;
}

function renderHeader(topFolder: string, entry: TreeEntry): Buffer {
  const path = entry.path === '' ? topFolder : `${topFolder}/${entry.path}`;
  const fields = {
    path: entry.kind === 'directory' ? `${path}/` : path,
    type: TYPES[entry.kind],
    mode: toPortableMode(entry),
    size: entry.kind === 'file' ? entry.sizeBytes : 0,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    ...(entry.kind === 'link' ? { linkpath: entry.target } : {}),
  };
  const header = new Header(fields);
  header.encode();
  const block = header.block as Buffer;
  if (!header.needPax) return block;
  const extended = new Pax({
    path: fields.path,
    size: fields.size,
    ...(entry.kind === 'link' ? { linkpath: entry.target } : {}),
  });
  return Buffer.concat([extended.encode(), block]);
}

/** @throws StevedoreError ERR_DIRECTORY_CHANGING when the file is shorter than listed */
async function copyFile(handle: FileHandle, file: { path: string; sizeBytes: number }, sink: ArtifactSink) {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(file.sizeBytes, 1)));
  for (let done = 0; done < file.sizeBytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, file.sizeBytes - done), done);
    if (bytesRead === 0) throw new StevedoreError('ERR_DIRECTORY_CHANGING', { path: file.path });
    await sink.write(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
}

async function writeContent(path: string, sizeBytes: number, sink: ArtifactSink): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await copyFile(handle, { path, sizeBytes }, sink);
  } finally {
    await handle.close();
  }
  const padding = -sizeBytes & (BLOCK_BYTES - 1);
  if (padding > 0) await sink.write(Buffer.alloc(padding));
}

/** @throws StevedoreError ERR_DIRECTORY_CHANGING; errors of the file system; the signal's reason */
export async function writeTar(source: TarSource, sink: ArtifactSink, work: WorkOptions): Promise<void> {
  const { root, topFolder, tree } = source;
  const top: TreeEntry = { kind: 'directory', path: '', mode: 0o755 };
  let doneBytes = 0;
  for (const entry of [top, ...tree.entries]) {
    work.signal?.throwIfAborted();
    await sink.write(renderHeader(topFolder, entry));
    if (entry.kind !== 'file') continue;
    await writeContent(join(root, entry.path), entry.sizeBytes, sink);
    doneBytes += entry.sizeBytes;
    work.progress?.(doneBytes, tree.sizeBytes);
  }
  await sink.write(Buffer.alloc(2 * BLOCK_BYTES));
}
