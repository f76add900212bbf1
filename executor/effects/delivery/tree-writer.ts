/**
 * Puts judged entries on disk. Every write goes to the page cache on this thread, a piece at a time: handing pieces to the
 * thread pool was measured to cost a third more CPU, and an executor has a tenth of one.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { chmod, link, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryVerdict } from '../../core/delivery/entry-policy.ts';

export class TreeWriter {
  readonly #root: string;
  readonly #directories: string[] = [];
  readonly #made = new Set<string>();
  readonly #links: (() => Promise<void>)[] = [];
  /** Descriptor of the file whose bytes come now. */
  #file: number | undefined;

  /** `root` exists, is empty and belongs to nobody else. */
  constructor(root: string) {
    this.#root = root;
  }

  begin(verdict: EntryVerdict): void {
    for (const parent of verdict.parents) this.#makeDirectory(parent);
    const path = join(this.#root, verdict.path);
    switch (verdict.kind) {
      case 'directory':
        this.#makeDirectory(verdict.path);
        break;
      case 'file':
        this.#file = openSync(path, 'wx', verdict.mode);
        break;
      case 'symlink':
        this.#links.push(() => symlink(verdict.target, path));
        break;
      case 'hardlink':
        this.#links.push(() => link(join(this.#root, verdict.target), path));
        break;
    }
  }

  /** Bytes of an entry that is no file go nowhere. */
  write(bytes: Buffer): void {
    if (this.#file === undefined) return;
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#file, bytes, done, bytes.length - done);
  }

  /** Also closes what a failure left open. */
  end(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Links come last, so that nothing was ever written through one; then the directories lose their write bits. */
  async seal(): Promise<void> {
    for (const make of this.#links) await make();
    for (const path of this.#directories.reverse()) await chmod(join(this.#root, path), 0o555);
  }

  #makeDirectory(path: string): void {
    if (this.#made.has(path)) return;
    this.#made.add(path);
    mkdirSync(join(this.#root, path), 0o755);
    this.#directories.push(path);
  }
}
