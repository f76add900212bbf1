/** One digest over everything that a bundle is made from. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile } from './bundle-archive.ts';

const FOLDERS = ['executor', 'protocol', 'config', 'scripts/build'];

async function listSources(root: string): Promise<string[]> {
  const lists = FOLDERS.map(async (folder) => {
    const names = await readdir(join(root, folder), { recursive: true });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
  });
  return [...(await Promise.all(lists)).flat().sort(), 'package-lock.json'];
}

export async function digestInputs(root: string, node: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await listSources(root))
    hash.update(`${path}\0`).update(await readFile(join(root, path)));
  return hash.update(await digestFile(node)).digest('hex');
}
