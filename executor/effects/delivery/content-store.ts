/**
 * One unpacked tree per digest for all tasks of a user on this agent. `<root>/store/<key>` holds `lock` (who unpacks),
 * `use` (shared by all who use it), `tree` and, once that is complete, `ok`. A crash leaves a tree without `ok`, or a
 * `part`, and the next holder of the lock removes them.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../../../protocol/artifact.ts';
import type { ArtifactSink, Unpacked } from './artifact-sink.ts';
import { createFileSink, createTreeSink } from './artifact-sink.ts';
import { explainDiskError } from './disk-errors.ts';
import { writeDurably } from './durable-file.ts';
import { FileLock } from './file-lock.ts';
import { persistTree } from './tree-persistence.ts';
import { removeTree } from './tree-removal.ts';

export type Fill = (sink: ArtifactSink) => Promise<Unpacked>;

export interface StoredArtifact {
  /** The unpacked tree, or the file of an artifact that is none. */
  readonly path: string;
  /** True if nothing had to be fetched. */
  readonly hit: boolean;
  /** Ends the use, and what still runs for it in the background. */
  readonly release: () => Promise<void>;
}

interface Completion {
  readonly top: string | null;
  readonly entries: number;
  readonly bytes: number;
  /** Boot of the machine in which it was unpacked: until it is persisted, a power cut may take parts of it. */
  readonly boot: string;
  readonly persisted: boolean;
}

export interface StoreContext {
  /** `<agent root>/store`. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** `fill` is called at most once on this agent while the tree is not there; everybody else waits for it. */
export async function openStored(
  artifact: ArtifactRef,
  store: StoreContext,
  fill: Fill,
): Promise<StoredArtifact> {
  const directory = join(store.path, toStoreKey(artifact));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  let completion = await readCompletion(directory, boot);
  const hit = completion !== undefined;
  completion ??= await unpackAlone(artifact, { ...store, directory, boot, fill });
  const use = await FileLock.wait(join(directory, 'use'), 'shared', store);
  const background = completion.persisted ? undefined : persistLater(directory, completion, store.log);
  return {
    path: toContentPath(artifact, directory, completion),
    hit,
    release: async () => {
      await background?.stop();
      use.release();
    },
  };
}

/** A file keeps its name, since a jar must be called so: one digest under two names is kept twice. */
function toStoreKey(artifact: ArtifactRef): string {
  if (artifact.format !== 'none') return artifact.sha256;
  const name = createHash('sha256').update(artifact.fileName).digest('hex').slice(0, 8);
  return `${artifact.sha256}.${name}`;
}

function toContentPath(artifact: ArtifactRef, directory: string, { top }: Completion): string {
  return join(directory, 'tree', artifact.format === 'none' ? artifact.fileName : (top ?? ''));
}

/** Undefined too when the machine went down before all of it was on the disk. */
async function readCompletion(directory: string, boot: string): Promise<Completion | undefined> {
  try {
    const completion = JSON.parse(await readFile(join(directory, 'ok'), 'utf8')) as Completion;
    await stat(join(directory, 'tree'));
    return completion.persisted || completion.boot === boot ? completion : undefined;
  } catch {
    return undefined;
  }
}

async function unpackAlone(
  artifact: ArtifactRef,
  work: StoreContext & { directory: string; boot: string; fill: Fill },
): Promise<Completion> {
  const { directory, boot, signal, log } = work;
  const onWait = () => log(`waits for another task of this agent that unpacks ${artifact.name}`);
  const lock = await FileLock.wait(join(directory, 'lock'), 'exclusive', { signal, onWait });
  try {
    const done = await readCompletion(directory, boot);
    if (done !== undefined) return done;
    for (const leftover of ['ok', 'tree', 'part']) await removeTree(join(directory, leftover));
    const { top, entries, bytes } = await unpack(artifact, join(directory, 'part'), work.fill);
    await rename(join(directory, 'part'), join(directory, 'tree'));
    const completion = { top: top ?? null, entries, bytes, boot, persisted: false };
    await writeDurably(join(directory, 'ok'), JSON.stringify(completion));
    return completion;
  } finally {
    lock.release();
  }
}

/** Into a directory that is removed when anything fails. */
export async function unpack(artifact: ArtifactRef, root: string, fill: Fill): Promise<Unpacked> {
  await mkdir(root, { mode: 0o700 });
  try {
    return await fill(await createSink(artifact, root));
  } catch (error) {
    const explained = await explainDiskError(error, root);
    await removeTree(root);
    throw explained;
  }
}

async function createSink(artifact: ArtifactRef, root: string): Promise<ArtifactSink> {
  if (artifact.format === 'none') return await createFileSink(join(root, artifact.fileName), 0o400);
  return createTreeSink(artifact, root);
}

/** Off the way of the start: the service runs while the disk catches up. */
function persistLater(
  directory: string,
  completion: Completion,
  log: (line: string) => void,
): { stop: () => Promise<void> } {
  const ending = new AbortController();
  const work = persist(directory, completion, ending.signal).catch((error: unknown) => {
    if (!ending.signal.aborted) log(`${directory} is not yet persisted: ${String(error)}`);
  });
  return {
    stop: async () => {
      ending.abort();
      await work;
    },
  };
}

async function persist(directory: string, completion: Completion, signal: AbortSignal): Promise<void> {
  await persistTree(join(directory, 'tree'), signal);
  const lock = FileLock.take(join(directory, 'lock'), 'exclusive');
  if (lock === undefined) return;
  try {
    await writeDurably(join(directory, 'ok'), JSON.stringify({ ...completion, persisted: true }));
  } finally {
    lock.release();
  }
}
