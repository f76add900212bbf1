/**
 * Puts files into somebody else's directory so that they can be taken away again: what was there is kept beside, what
 * was changed since is not touched, and every check comes before the first change.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StevedoreError } from '../../protocol/errors.ts';

export interface InstalledFile {
  /** In the installation. */
  readonly path: string;
  readonly sha256: string;
  /** Whether another file was there before and is kept as the backup. */
  readonly hasBackup: boolean;
}

/** What we wrote, kept in the installation itself. */
const MANIFEST = 'integration/.stevedore-install.json';
const BACKUP_SUFFIX = '.before-stevedore';

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readText(path: string): Promise<string | undefined> {
  return existsSync(path) ? await readFile(path, 'utf8') : undefined;
}

async function readManifest(home: string): Promise<readonly InstalledFile[]> {
  const text = await readText(join(home, MANIFEST));
  return text === undefined ? [] : (JSON.parse(text) as { files: readonly InstalledFile[] }).files;
}

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await chmod(`${path}.new`, mode);
  await rename(`${path}.new`, path);
}

async function writeManifest(home: string, files: readonly InstalledFile[]): Promise<void> {
  await replaceFile(join(home, MANIFEST), `${JSON.stringify({ files }, undefined, 2)}\n`, 0o644);
}

interface PlannedFile extends InstalledFile {
  readonly text: string;
  readonly movesAway: boolean;
}

async function planFile(
  home: string,
  path: string,
  text: string,
  known: readonly InstalledFile[],
): Promise<PlannedFile> {
  const current = await readText(join(home, path));
  const installed = known.find((file) => file.path === path);
  const isForeign = current !== undefined && installed?.sha256 !== digest(current) && current !== text;
  const isBlocked = installed !== undefined || existsSync(join(home, path + BACKUP_SUFFIX));
  if (isForeign && isBlocked)
    throw new StevedoreError('ERR_ALLUXIO_INSTALL_CHANGED', { path: join(home, path) });
  const hasBackup = isForeign || (installed?.hasBackup ?? false);
  return { path, text, sha256: digest(text), hasBackup, movesAway: isForeign };
}

/**
 * Installs executable files; doing it again changes nothing.
 * @throws StevedoreError ERR_ALLUXIO_INSTALL_CHANGED
 */
export async function installFiles(home: string, files: ReadonlyMap<string, string>): Promise<void> {
  const known = await readManifest(home);
  const planned: PlannedFile[] = [];
  for (const [path, text] of files) planned.push(await planFile(home, path, text, known));
  await writeManifest(
    home,
    planned.map(({ path, sha256, hasBackup }) => ({ path, sha256, hasBackup })),
  );
  for (const { path, text, movesAway } of planned) {
    const target = join(home, path);
    if (movesAway) await rename(target, target + BACKUP_SUFFIX);
    await replaceFile(target, text, 0o755);
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
  });
}

/** Removes the folders above a file, up to the installation itself, that are empty now. */
async function removeEmptyFolders(home: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
    await removeIfEmpty(join(home, folder));
}

/**
 * Takes away what `installFiles` put there and brings back what it found.
 * @returns how many files were taken away
 * @throws StevedoreError ERR_ALLUXIO_INSTALL_CHANGED
 */
export async function uninstallFiles(home: string): Promise<number> {
  const files = await readManifest(home);
  for (const { path, sha256 } of files) {
    const current = await readText(join(home, path));
    if (current !== undefined && digest(current) !== sha256)
      throw new StevedoreError('ERR_ALLUXIO_INSTALL_CHANGED', { path: join(home, path) });
  }
  for (const { path, hasBackup } of files) {
    const target = join(home, path);
    await rm(target, { force: true });
    if (hasBackup && existsSync(target + BACKUP_SUFFIX)) await rename(target + BACKUP_SUFFIX, target);
  }
  await rm(join(home, MANIFEST), { force: true });
  for (const { path } of files) await removeEmptyFolders(home, path);
  return files.length;
}
