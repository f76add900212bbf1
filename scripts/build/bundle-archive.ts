/** Packs the bundle's folder: the same files always give the same bytes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';
import { BUNDLE_FOLDER, type BundleManifest } from '../../protocol/bundle.ts';

const SUMS = 'SHA256SUMS';

export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

/** Writes SHA256SUMS over every other file, and returns its own digest. */
export async function writeSums(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const file of await listFiles(folder))
    lines.push(`${await digestFile(join(folder, file))}  ${file}\n`);
  const text = lines.join('');
  await writeFile(join(folder, SUMS), text);
  return createHash('sha256').update(text).digest('hex');
}

/** Order, times and owners are fixed, so that the digest only changes with the content. */
async function writeArchive(scratch: string, file: string): Promise<void> {
  const files = await listFiles(join(scratch, BUNDLE_FOLDER));
  const entries = files.map((path) => `${BUNDLE_FOLDER}/${path}`);
  const options = { cwd: scratch, file, gzip: { level: 9 }, portable: true, mtime: new Date(0) };
  await create(options, entries);
}

export async function packBundle(
  scratch: string,
  build: string,
  sumsSha256: string,
): Promise<BundleManifest> {
  const fileName = `stevedore-executor-linux-${process.arch}.tar.gz`;
  const packed = join(scratch, fileName);
  await writeArchive(scratch, packed);
  const [{ size: sizeBytes }, sha256] = await Promise.all([stat(packed), digestFile(packed)]);
  await rename(packed, join(build, fileName));
  return { fileName, sizeBytes, sha256, sumsSha256 };
}
