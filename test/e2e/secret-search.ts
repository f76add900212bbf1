/** Where a planted secret must not be found: every place that others on the machine or the network may read. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listProcesses } from '../support/process-table.ts';

export interface SearchedPlaces {
  /** Every regular file below is read. */
  readonly directories: readonly string[];
  readonly urls: readonly string[];
}

function searchProcesses(secret: string): string[] {
  return listProcesses().flatMap(({ pid, commandLine, environment }) => [
    ...(commandLine.includes(secret) ? [`/proc/${pid}/cmdline`] : []),
    ...(environment.includes(secret) ? [`/proc/${pid}/environ`] : []),
  ]);
}

async function searchDirectory(directory: string, secret: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file may be gone by now: logs are rolled, tasks end.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (content.includes(secret)) found.push(path);
  }
  return found;
}

async function searchUrl(url: string, secret: string): Promise<string[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.text()).includes(secret) ? [url] : [];
}

/** The places where the secret is. */
export async function searchSecret(secret: string, places: SearchedPlaces): Promise<string[]> {
  const found = searchProcesses(secret);
  for (const directory of places.directories) found.push(...(await searchDirectory(directory, secret)));
  for (const url of places.urls) found.push(...(await searchUrl(url, secret)));
  return found;
}
