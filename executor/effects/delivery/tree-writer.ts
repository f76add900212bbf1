/** Puts judged entries on disk. Small files are written at once, large ones piece by piece while the next piece arrives. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, type FileHandle, link, open, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryVerdict } from '../../core/delivery/entry-policy.ts';

/** Up to here one open, write and close cost less than going through the thread pool three times. */
const SMALL_BYTES = 32 * 1024;

interface LargeFile {
  readonly handle: Promise<FileHandle>;
  /** All writes so far, in order. */
  tail: Promise<void>;
  position: number;
}

type OpenEntry = { readonly path: string; readonly mode: number; readonly sizeBytes: number };

export class TreeWriter {
  readonly #root: string;
  readonly #directories: string[] = [];
  readonly #made = new Set<string>();
  readonly #links: (() => Promise<void>)[] = [];
  #work: Promise<void>[] = [];
  #entry: OpenEntry | undefined;
  #large: LargeFile | undefined;

  /** `root` exists, is empty and belongs to nobody else. */
  constructor(root: string) {
    this.#root = root;
  }

  begin(verdict: EntryVerdict, sizeBytes: number): void {
    for (const parent of verdict.parents) this.#makeDirectory(parent);
    const path = join(this.#root, verdict.path);
    switch (verdict.kind) {
      case 'directory':
        this.#makeDirectory(verdict.path);
        break;
      case 'file':
        this.#entry = { path, mode: verdict.mode, sizeBytes };
        break;
      case 'symlink':
        this.#links.push(() => symlink(verdict.target, path));
        break;
      case 'hardlink':
        this.#links.push(() => link(join(this.#root, verdict.target), path));
        break;
    }
  }

  /** `bytes` must stay untouched until `take()` is fulfilled. */
  write(bytes: Buffer): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    if (this.#large === undefined && bytes.length === entry.sizeBytes && bytes.length <= SMALL_BYTES)
      this.#writeSmall(entry, bytes);
    else this.#writeLarge(entry, bytes);
  }

  end(): void {
    if (this.#entry?.sizeBytes === 0) this.#writeSmall(this.#entry, Buffer.alloc(0));
    const large = this.#large;
    if (large !== undefined) this.#work.push(closeAfter(large));
    this.#entry = undefined;
    this.#large = undefined;
  }

  /** Fulfilled when all that was written since the last call is in the files. */
  async take(): Promise<void> {
    const work = this.#work;
    this.#work = [];
    await Promise.all(work);
  }

  /** Links come last, so that nothing was ever written through one; then the directories lose their write bits. */
  async seal(): Promise<void> {
    await this.take();
    for (const make of this.#links) await make();
    for (const path of this.#directories.reverse()) await chmod(join(this.#root, path), 0o555);
  }

  /** Closes what a failure left open. */
  async abandon(): Promise<void> {
    const open = this.#large;
    this.#large = undefined;
    if (open !== undefined) this.#work.push(closeAfter(open));
    await Promise.allSettled(this.#work);
  }

  #makeDirectory(path: string): void {
    if (this.#made.has(path)) return;
    this.#made.add(path);
    mkdirSync(join(this.#root, path), 0o755);
    this.#directories.push(path);
  }

  #writeSmall(entry: OpenEntry, bytes: Buffer): void {
    writeFileSync(entry.path, bytes, { flag: 'wx', mode: entry.mode });
  }

  #writeLarge(entry: OpenEntry, bytes: Buffer): void {
    this.#large ??= { handle: open(entry.path, 'wx', entry.mode), tail: Promise.resolve(), position: 0 };
    const file = this.#large;
    const position = file.position;
    file.position += bytes.length;
    file.tail = file.tail.then(() => writeFully(file.handle, bytes, position));
    this.#work.push(file.tail);
  }
}

async function writeFully(opening: Promise<FileHandle>, bytes: Buffer, position: number): Promise<void> {
  const handle = await opening;
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function closeAfter(file: LargeFile): Promise<void> {
  try {
    await file.tail;
  } finally {
    await (await file.handle).close();
  }
}
