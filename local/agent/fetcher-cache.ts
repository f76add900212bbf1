/**
 * What fetchers share: a file per user and URI, downloaded once, never checked again, emptied when the agent starts. A URI is
 * cached only if the server tells its length in answer to HEAD (docs/fetcher.md of Mesos).
 */
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CommandUri } from '../../protocol/mesos/task.ts';
import { fetchSize } from '../fetcher/download.ts';
import type { FetchItem } from '../fetcher/fetch-item.ts';
import { renderBaseName } from '../fetcher/fetch-item.ts';
import type { UserIds } from './sandbox.ts';

const CAPACITY_BYTES = 2 * 1024 ** 3;
const OWN_FILE = /^c\d+-/;

interface Entry {
  readonly fileName: string;
  readonly directory: string;
  /** True once the file is complete, false when its download failed. */
  readonly ready: Promise<boolean>;
  settle(complete: boolean): void;
  users: number;
}

/** What one container needs, and the end of its use of the cache. */
export interface FetchPlan {
  readonly directory: string;
  readonly items: readonly FetchItem[];
  release(succeeded: boolean): void;
}

export class FetcherCache {
  readonly #root: string;
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>();
  #count = 0;

  constructor(root: string) {
    this.#root = root;
    if (existsSync(root)) this.#clear();
  }

  async plan(uris: readonly CommandUri[], user: string, ids: UserIds | undefined): Promise<FetchPlan> {
    const directory = path.join(this.#root, user);
    mkdirSync(directory, { recursive: true });
    if (ids !== undefined) chownSync(directory, ids.uid, ids.gid);
    const used: { key: string; entry: Entry; downloads: boolean }[] = [];
    const items: FetchItem[] = [];
    for (const uri of uris) {
      const key = `${user}@${uri.value}`;
      const own = used.find((use) => use.key === key);
      if (own !== undefined) {
        items.push(renderItem(uri, { entry: own.entry, downloads: false }));
        continue;
      }
      const found = uri.cache === true ? await this.#find(key, uri, directory) : undefined;
      if (found !== undefined) used.push({ key, ...found });
      items.push(renderItem(uri, found));
    }
    return { directory, items, release: (succeeded) => this.#release(used, succeeded) };
  }

  async #find(
    key: string,
    uri: CommandUri,
    directory: string,
  ): Promise<{ entry: Entry; downloads: boolean } | undefined> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.users += 1;
      if (await known.ready) return { entry: known, downloads: false };
    }
    const sizeBytes = await fetchSize(uri.value);
    const other = this.#entries.get(key);
    if (other !== undefined) return this.#find(key, uri, directory);
    if (sizeBytes === undefined || !this.#makeRoom(sizeBytes)) return undefined;
    return { entry: this.#add(key, uri, directory), downloads: true };
  }

  #add(key: string, uri: CommandUri, directory: string): Entry {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#count += 1;
    const fileName = `c${this.#count}-${renderBaseName(uri.value)}`;
    const entry: Entry = { fileName, directory, ready: promise, settle: resolve, users: 1 };
    this.#entries.set(key, entry);
    return entry;
  }

  #release(used: readonly { key: string; entry: Entry; downloads: boolean }[], succeeded: boolean): void {
    for (const { key, entry, downloads } of used) {
      entry.users -= 1;
      if (downloads) entry.settle(succeeded);
      this.#entries.delete(key);
      if (succeeded || !downloads) this.#entries.set(key, entry);
      else rmSync(path.join(entry.directory, entry.fileName), { force: true });
    }
  }

  /** Drops what was not used for longest until the size fits. */
  #makeRoom(sizeBytes: number): boolean {
    for (const [key, entry] of this.#entries) {
      if (this.#usedBytes() + sizeBytes <= CAPACITY_BYTES) break;
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      rmSync(path.join(entry.directory, entry.fileName), { force: true });
    }
    return this.#usedBytes() + sizeBytes <= CAPACITY_BYTES;
  }

  #usedBytes(): number {
    const files = [...this.#entries.values()].map((entry) => path.join(entry.directory, entry.fileName));
    return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  /** Only files of its own making: the directory may have been named by mistake. */
  #clear(): void {
    for (const user of readdirSync(this.#root, { withFileTypes: true })) {
      if (!user.isDirectory()) continue;
      const directory = path.join(this.#root, user.name);
      for (const name of readdirSync(directory)) if (OWN_FILE.test(name)) rmSync(path.join(directory, name));
    }
  }
}

/** Keys in the order of the fetcher's log. */
function renderUri({ cache, executable, extract, output_file, value }: CommandUri): CommandUri {
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(executable === undefined ? {} : { executable }),
    extract: extract ?? true,
    ...(output_file === undefined ? {} : { output_file }),
    value: value.trimStart(),
  };
}

function renderItem(wanted: CommandUri, found: { entry: Entry; downloads: boolean } | undefined): FetchItem {
  const uri = renderUri(wanted);
  if (found === undefined) return { action: 'BYPASS_CACHE', uri };
  const action = found.downloads ? 'DOWNLOAD_AND_CACHE' : 'RETRIEVE_FROM_CACHE';
  return { action, cache_filename: found.entry.fileName, uri };
}
