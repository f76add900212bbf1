/**
 * What an archive may put where. Archives come over TLS with a known digest, but who packed them is somebody else: an
 * entry is judged before a byte of it is written, and the first bad one ends the archive.
 */
import { StevedoreError } from '../../../protocol/errors.ts';

/** An entry as its header tells, whatever format it came in. */
export interface ArchiveEntry {
  readonly path: string;
  /** Of `tar`: File, OldFile, ContiguousFile, Directory, SymbolicLink, Link, CharacterDevice, FIFO ... */
  readonly type: string;
  readonly sizeBytes: number;
  readonly mode: number | undefined;
  readonly linkPath: string | undefined;
}

export interface EntryLimits {
  readonly entries: number;
  readonly bytes: number;
  readonly pathBytes: number;
  readonly depth: number;
}

/** What to make. `parents` are directories that no entry named so far, outermost first. */
export type EntryVerdict =
  | {
      readonly kind: 'directory' | 'file';
      readonly path: string;
      readonly parents: readonly string[];
      readonly mode: number;
    }
  | {
      readonly kind: 'symlink' | 'hardlink';
      readonly path: string;
      readonly parents: readonly string[];
      readonly target: string;
    };

type Kind = EntryVerdict['kind'];

const KIND: Readonly<Record<string, Kind>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'directory',
  SymbolicLink: 'symlink',
  Link: 'hardlink',
};

const SEGMENT_BYTES = 255;
const MAX_EXPANSION = 200;
const EXPANSION_ALLOWANCE_BYTES = 64 * 1024 * 1024;

/**
 * Text shrinks by gzip to a twentieth, a bomb to a thousandth; small archives get an allowance, since a file of zeros
 * harms nobody.
 */
export function toEntryLimits(archiveBytes: number): EntryLimits {
  return {
    entries: 500_000,
    bytes: archiveBytes * MAX_EXPANSION + EXPANSION_ALLOWANCE_BYTES,
    pathBytes: 1024,
    depth: 64,
  };
}

/** Judges the entries of one archive in their order; the state is what they have made so far. */
export class EntryPolicy {
  readonly artifact: string;
  readonly #limits: EntryLimits;
  readonly #kinds = new Map<string, Kind>();
  #entries = 0;
  #bytes = 0;

  constructor(artifact: string, limits: EntryLimits) {
    this.artifact = artifact;
    this.#limits = limits;
  }

  get entries(): number {
    return this.#entries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The one top directory that everything lies in, if there is exactly one and nothing beside it. */
  get topFolder(): string | undefined {
    const tops = [...this.#kinds].filter(([path]) => !path.includes('/'));
    const [top] = tops;
    return tops.length === 1 && top?.[1] === 'directory' ? top[0] : undefined;
  }

  /**
   * Undefined for an entry that is the root itself.
   * @throws StevedoreError ERR_ARCHIVE_ENTRY naming the entry and the reason.
   */
  judge(entry: ArchiveEntry): EntryVerdict | undefined {
    const kind = KIND[entry.type];
    if (kind === undefined) return this.#refuse(entry, `is of type ${entry.type}, which is never unpacked`);
    this.#count(entry);
    const segments = this.#toSegments(entry);
    if (segments.length === 0) {
      if (kind !== 'directory') this.#refuse(entry, 'would replace the root');
      return undefined;
    }
    const path = segments.join('/');
    const parents = this.#claimParents(entry, segments);
    this.#claim(entry, path, kind);
    return kind === 'symlink' || kind === 'hardlink'
      ? { kind, path, parents, target: this.#judgeTarget(entry, kind, segments.length - 1) }
      : { kind, path, parents, mode: toReadOnlyMode(kind, entry.mode) };
  }

  #count(entry: ArchiveEntry): void {
    this.#entries += 1;
    if (this.#entries > this.#limits.entries)
      this.#refuse(entry, `is one of more than ${this.#limits.entries}`);
    if (!Number.isSafeInteger(entry.sizeBytes) || entry.sizeBytes < 0)
      this.#refuse(entry, `has the impossible size ${entry.sizeBytes}`);
    this.#bytes += entry.sizeBytes;
    if (this.#bytes > this.#limits.bytes)
      this.#refuse(
        entry,
        `makes it expand to ${this.#bytes} bytes, more than the ${this.#limits.bytes} allowed`,
      );
  }

  #toSegments(entry: ArchiveEntry): string[] {
    const { path } = entry;
    if (path.startsWith('/')) this.#refuse(entry, 'has an absolute path');
    if (path.includes('\0')) this.#refuse(entry, 'has a NUL in its path');
    if (Buffer.byteLength(path) > this.#limits.pathBytes) this.#refuse(entry, 'has too long a path');
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
    if (segments.includes('..')) this.#refuse(entry, "has '..' in its path");
    if (segments.length > this.#limits.depth) this.#refuse(entry, 'lies too deep');
    if (segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES))
      this.#refuse(entry, 'has too long a name');
    return segments;
  }

  #claimParents(entry: ArchiveEntry, segments: readonly string[]): string[] {
    const missing: string[] = [];
    for (let length = 1; length < segments.length; length += 1) {
      const parent = segments.slice(0, length).join('/');
      const kind = this.#kinds.get(parent);
      if (kind !== undefined && kind !== 'directory')
        this.#refuse(entry, `lies under the ${kind} '${parent}'`);
      if (kind === undefined) missing.push(parent);
      this.#kinds.set(parent, 'directory');
    }
    return missing;
  }

  #claim(entry: ArchiveEntry, path: string, kind: Kind): void {
    const before = this.#kinds.get(path);
    if (before !== undefined && (before !== 'directory' || kind !== 'directory'))
      this.#refuse(entry, `comes twice: as ${before} and as ${kind}`);
    this.#kinds.set(path, kind);
  }

  #judgeTarget(entry: ArchiveEntry, kind: 'symlink' | 'hardlink', depth: number): string {
    const target = entry.linkPath ?? '';
    if (target === '' || target.includes('\0')) this.#refuse(entry, 'is a link without a target');
    if (target.startsWith('/')) this.#refuse(entry, `links to the absolute path '${target}'`);
    if (Buffer.byteLength(target) > this.#limits.pathBytes) this.#refuse(entry, 'links to too long a path');
    return kind === 'symlink' ? this.#judgeSymlink(entry, target, depth) : this.#judgeHardlink(entry, target);
  }

  /**
   * `..` only at the beginning and never beyond the root: the directories above a link are real ones, so these steps are
   * exact; a `..` after a name might start from wherever another link leads.
   */
  #judgeSymlink(entry: ArchiveEntry, target: string, depth: number): string {
    const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
    const names = segments.findIndex((segment) => segment !== '..');
    const ups = names < 0 ? segments.length : names;
    if (ups > depth) this.#refuse(entry, `links out of the archive to '${target}'`);
    if (segments.slice(ups).includes('..'))
      this.#refuse(entry, `links to '${target}', with '..' after a name`);
    return target;
  }

  #judgeHardlink(entry: ArchiveEntry, target: string): string {
    const path = target
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .join('/');
    if (this.#kinds.get(path) !== 'file')
      this.#refuse(entry, `links to '${target}', which is no file before it`);
    return path;
  }

  #refuse(entry: ArchiveEntry, reason: string): never {
    throw new StevedoreError('ERR_ARCHIVE_ENTRY', {
      artifact: this.artifact,
      entry: entry.path.slice(0, 200),
      reason,
    });
  }
}

/** A tree in the store is read-only, and setuid, setgid and sticky bits never leave an archive. */
function toReadOnlyMode(kind: Kind, mode: number | undefined): number {
  if (kind === 'directory') return 0o555;
  return ((mode ?? 0o644) & 0o555) | 0o400;
}
