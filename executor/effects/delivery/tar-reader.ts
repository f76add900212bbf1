/** tar's own parser reads the headers; our policy judges them, and our writer puts the bytes. */
import { Parser, type ReadEntry } from 'tar';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { EntryPolicy } from '../../core/delivery/entry-policy.ts';
import type { TreeWriter } from './tree-writer.ts';

const COMPRESSED = [Buffer.from([0x1f, 0x8b]), Buffer.from([0x28, 0xb5, 0x2f, 0xfd])];

export class TarReader {
  readonly #parser = new Parser({ strict: true });
  readonly #policy: EntryPolicy;
  readonly #writer: TreeWriter;
  #started = false;

  constructor(policy: EntryPolicy, writer: TreeWriter) {
    this.#policy = policy;
    this.#writer = writer;
    this.#parser.on('entry', (entry: ReadEntry) => this.#begin(entry));
    this.#parser.on('ignoredEntry', (entry: ReadEntry) => this.#judge(entry));
    this.#parser.on('error', (error: unknown) => {
      throw error;
    });
  }

  /**
   * The parser works synchronously through the piece, since every entry flows at once: afterwards all of it is written.
   * @throws StevedoreError ERR_ARCHIVE_ENTRY
   */
  write(piece: Buffer): void {
    this.#refuseCompressed(piece);
    this.#parser.write(piece);
  }

  /** Throws what the parser says of an archive that ends too early or is none. */
  async end(): Promise<void> {
    this.#parser.end();
    await this.#writer.seal();
  }

  #begin(entry: ReadEntry): void {
    const verdict = this.#judge(entry);
    if (verdict !== undefined) this.#writer.begin(verdict);
    entry.on('data', (bytes) => this.#writer.write(bytes));
    entry.on('end', () => this.#writer.end());
    entry.resume();
  }

  #judge(entry: ReadEntry): ReturnType<EntryPolicy['judge']> {
    return this.#policy.judge({
      path: entry.path,
      type: entry.type,
      sizeBytes: entry.size,
      mode: entry.mode,
      linkPath: entry.linkpath,
    });
  }

  /** The parser would quietly decompress, past our limits. */
  #refuseCompressed(piece: Buffer): void {
    if (this.#started) return;
    this.#started = true;
    if (COMPRESSED.some((magic) => piece.subarray(0, magic.length).equals(magic)))
      throw new StevedoreError('ERR_ARCHIVE_ENTRY', {
        artifact: this.#policy.artifact,
        entry: '(the first)',
        reason: 'is no tar header: the archive is compressed once more',
      });
  }
}
