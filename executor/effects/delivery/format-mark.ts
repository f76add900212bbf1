/**
 * "A format was begun here": a file beside the state directory, on disk before the command starts. Beside, since a format
 * command may empty the directory itself.
 */
import { access, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './disk-errors.ts';
import { syncPath, writeDurably } from './durable-file.ts';

const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS']);

export class FormatMark {
  readonly #paths: readonly string[];

  /** `fallback`: for an operator's directory whose parent is not ours to write. */
  constructor(directory: string, fallback: string) {
    this.#paths = [...new Set([`${directory}.formatting`, fallback])];
  }

  async isSet(): Promise<boolean> {
    for (const path of this.#paths) if (await this.#isThere(path)) return true;
    return false;
  }

  async set(): Promise<void> {
    for (const [index, path] of this.#paths.entries()) {
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        return await writeDurably(path, '');
      } catch (error) {
        if (index === this.#paths.length - 1 || !REFUSED.has(codeOf(error) ?? '')) throw error;
      }
    }
  }

  async clear(): Promise<void> {
    for (const path of this.#paths) {
      if (await this.#isThere(path)) {
        await rm(path, { force: true });
        await syncPath(dirname(path));
      }
    }
  }

  async #isThere(path: string): Promise<boolean> {
    return await access(path).then(
      () => true,
      () => false,
    );
  }
}
