/** Lists a directory in a fixed order, and condenses what it saw into a fingerprint that changes when a packed copy would. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { StevedoreError } from '../protocol/errors.ts';

interface EntryBase {
  /** Relative to the directory, with /. */
  readonly path: string;
  readonly mode: number;
}

export type TreeEntry =
  | (EntryBase & { readonly kind: 'directory' })
  | (EntryBase & { readonly kind: 'file'; readonly sizeBytes: number; readonly modifiedNs: string })
  | (EntryBase & { readonly kind: 'link'; readonly target: string });

export interface DirectoryTree {
  readonly entries: readonly TreeEntry[];
  /** Sockets, FIFOs, devices: left out. */
  readonly skipped: readonly string[];
  readonly sizeBytes: number;
}

/** @throws StevedoreError ERR_DIRECTORY_LINK */
async function readLink(root: string, path: string): Promise<string> {
  const target = await readlink(join(root, path));
  const reached = posix.normalize(posix.join(posix.dirname(path), target));
  if (target.startsWith('/') || reached === '..' || reached.startsWith('../')) {
    throw new StevedoreError('ERR_DIRECTORY_LINK', { path: join(root, path), target });
  }
  return target;
}

async function readEntry(root: string, path: string): Promise<TreeEntry | undefined> {
  const stats = await lstat(join(root, path), { bigint: true });
  const base = { path, mode: Number(stats.mode & 0o777n) };
  if (stats.isDirectory()) return { ...base, kind: 'directory' };
  if (stats.isSymbolicLink()) return { ...base, kind: 'link', target: await readLink(root, path) };
  if (!stats.isFile()) return undefined;
  return { ...base, kind: 'file', sizeBytes: Number(stats.size), modifiedNs: stats.mtimeNs.toString() };
}

async function* walk(root: string, folder: string, excluded: ReadonlySet<string>): AsyncGenerator<string> {
  for (const name of (await readdir(join(root, folder))).sort()) {
    const path = posix.join(folder, name);
    if (excluded.has(path)) continue;
    yield path;
    if ((await lstat(join(root, path))).isDirectory()) yield* walk(root, path, excluded);
  }
}

/** `exclude`: relative paths that are left out, with all below. @throws StevedoreError ERR_DIRECTORY_LINK */
export async function readDirectoryTree(root: string, exclude: readonly string[]): Promise<DirectoryTree> {
  const excluded = new Set(exclude.map((path) => posix.normalize(path).replace(/\/$/, '')));
  const entries: TreeEntry[] = [];
  const skipped: string[] = [];
  let sizeBytes = 0;
  for await (const path of walk(root, '', excluded)) {
    const entry = await readEntry(root, path);
    if (entry === undefined) skipped.push(path);
    else entries.push(entry);
    if (entry?.kind === 'file') sizeBytes += entry.sizeBytes;
  }
  return { entries, skipped, sizeBytes };
}

export function fingerprintTree(tree: DirectoryTree): string {
  const hash = createHash('sha256');
  for (const entry of tree.entries) hash.update(`${JSON.stringify(entry)}\n`);
  return hash.digest('hex');
}
