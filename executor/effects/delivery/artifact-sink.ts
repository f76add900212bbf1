/** Where the bytes of an artifact go while they arrive: into a tree, or into one file. */
import { open } from 'node:fs/promises';
import type { ArtifactRef } from '../../../protocol/artifact.ts';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import { EntryPolicy, toEntryLimits } from '../../core/delivery/entry-policy.ts';
import type { ConsumePiece } from './coalescer.ts';
import { createDecoder } from './decoder.ts';
import { isSystemError } from './disk-errors.ts';
import { TarReader } from './tar-reader.ts';
import { TreeWriter } from './tree-writer.ts';

/** What was unpacked. `top`: the one directory that all of it lies in. */
export interface Unpacked {
  readonly top: string | undefined;
  readonly entries: number;
  readonly bytes: number;
}

export interface ArtifactSink {
  /** Pieces come in order, the next one possibly before the promise of the last is fulfilled. */
  readonly consume: ConsumePiece;
  readonly finish: () => Promise<Unpacked>;
  /** Leaves nothing open; what is on disk is for the caller to remove. */
  readonly abandon: () => Promise<void>;
}

/** Unpacks into `root`, an empty directory. */
export function createTreeSink(artifact: ArtifactRef, root: string): ArtifactSink {
  const policy = new EntryPolicy(artifact.name, toEntryLimits(artifact.sizeBytes));
  const writer = new TreeWriter(root);
  const reader = new TarReader(policy, writer);
  const format = artifact.format === 'none' ? 'tar' : artifact.format;
  const decoder = createDecoder(format, (piece) => reader.write(piece));
  const explain = (error: unknown): never => explainArchiveError(error, artifact);
  return {
    consume: async (piece) => await decoder.write(piece).catch(explain),
    finish: async () => {
      await decoder.end().catch(explain);
      await reader.end().catch(explain);
      return { top: policy.topFolder, entries: policy.entries, bytes: policy.bytes };
    },
    abandon: async () => {
      decoder.destroy();
      writer.end();
    },
  };
}

function explainArchiveError(error: unknown, artifact: ArtifactRef): never {
  if (error instanceof StevedoreError || isSystemError(error)) throw error;
  const { name, format } = artifact;
  throw new StevedoreError(
    'ERR_ARCHIVE_DAMAGED',
    { artifact: name, format, problem: messageOf(error) },
    { cause: error },
  );
}

/** Writes one new file. */
export async function createFileSink(path: string, mode: number): Promise<ArtifactSink> {
  const handle = await open(path, 'wx', mode);
  let bytes = 0;
  let tail = Promise.resolve();
  return {
    consume: (piece) => {
      bytes += piece.length;
      tail = tail.then(() => handle.appendFile(piece));
      return tail;
    },
    finish: async () => {
      await handle.close();
      return { top: undefined, entries: 1, bytes };
    },
    abandon: async () => {
      await Promise.allSettled([tail]);
      await handle.close();
    },
  };
}
