/** Where the bytes of a new artifact go: to a file, and through the hash that will name it. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { StevedoreError } from '../protocol/errors.ts';
import { describeFileProblem } from './file-problem.ts';

/** Takes the bytes of one artifact in order. */
export interface ArtifactSink {
  readonly sizeBytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Of what was written so far; afterwards nothing more is written. */
  digest(): string;
}

export function toWriteError(path: string, cause: unknown): StevedoreError {
  return new StevedoreError('ERR_STORE_WRITE', { path, problem: describeFileProblem(cause) }, { cause });
}

export class FileSink implements ArtifactSink {
  readonly #hash = createHash('sha256');
  readonly #handle: FileHandle;
  readonly #directory: string;
  #digest: string | undefined;
  sizeBytes = 0;

  constructor(handle: FileHandle, directory: string) {
    this.#handle = handle;
    this.#directory = directory;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const writing = this.#handle.writeFile(bytes);
    this.#hash.update(bytes);
    this.sizeBytes += bytes.length;
    await writing.catch((cause: unknown) => {
      throw toWriteError(this.#directory, cause);
    });
  }

  digest(): string {
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }
}
