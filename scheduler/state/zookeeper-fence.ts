/**
 * Requests that ZooKeeper carries out only while this scheduler leads: each checks the leader's own election node, which
 * ends with its session, and the version of the `commit` node, which every write and every new leader moves.
 */
import { StevedoreError } from '../../protocol/errors.ts';
import { BoundSession, isConnectionLost } from '../leadership/bound-session.ts';
import type { MultiOperation, ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import {
  type BlobReference,
  type Commit,
  type Layout,
  parseCommit,
  renderCommit,
} from './zookeeper-layout.ts';

export interface FenceParts {
  readonly client: ZooKeeperClient;
  readonly layout: Layout;
  readonly cluster: string;
  /** Path of the own election node. */
  readonly electionNode: string;
  /** Another at each call, never one that was given before. */
  readonly newId: () => string;
}

/** A request that is too big for a server also ends the connection, again and again. */
const MAX_TRIES = 5;

interface Tries {
  /** A try without an answer may have happened. */
  uncertain: boolean;
  count: number;
}

export class Fence {
  readonly #parts: FenceParts;
  readonly #session: BoundSession;
  #commit: Commit;
  #version: number;

  constructor(parts: FenceParts, commit: Commit, version: number) {
    this.#parts = parts;
    this.#session = new BoundSession(parts.client);
    this.#commit = commit;
    this.#version = version;
  }

  /**
   * All operations with one move of the commit node: they happen once or not at all, also when the connection is lost
   * meanwhile. The expected version makes a second try harmless.
   * @throws StevedoreError ERR_STATE_FENCED, ERR_STATE_OUTCOME_UNKNOWN
   */
  async commit(operations: readonly MultiOperation[], redo?: BlobReference): Promise<void> {
    const next = { ...this.#commit, writeId: this.#parts.newId(), redo };
    const tries = { uncertain: false, count: 0 };
    while (!(await this.#tryCommit(next, operations, tries))) tries.count += 1;
    this.#commit = next;
  }

  /** @throws what ZooKeeper refuses, also when this scheduler leads no longer */
  async perform(operations: readonly MultiOperation[]): Promise<void> {
    const check = { kind: 'check', path: this.#parts.layout.commit, version: this.#version } as const;
    await this.#parts.client.multi([this.#checkLeader(), check, ...operations]);
  }

  /**
   * Work that looks by itself at what an earlier try has done, tried as long as this scheduler leads.
   * @throws StevedoreError ERR_STATE_FENCED, ERR_STATE_OUTCOME_UNKNOWN
   */
  async repeat(work: (attempt: number) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await work(attempt);
      } catch (error) {
        const { leads, version } = await this.#examine(error);
        if (!leads || version !== this.#version) throw this.#fenced(error);
        if (attempt === MAX_TRIES) throw error;
      }
  }

  #checkLeader(): MultiOperation {
    return { kind: 'check', path: this.#parts.electionNode, version: -1 };
  }

  /** False: it has not happened and is worth another try. */
  async #tryCommit(next: Commit, operations: readonly MultiOperation[], tries: Tries): Promise<boolean> {
    const { client, layout } = this.#parts;
    const data = renderCommit(next);
    const move = { kind: 'set', path: layout.commit, data, version: this.#version } as const;
    try {
      await client.multi([this.#checkLeader(), move, ...operations]);
      this.#version += 1;
      return true;
    } catch (error) {
      tries.uncertain ||= isConnectionLost(error);
      const found = await this.#examine(error);
      if (found.writeId === next.writeId) {
        this.#version = found.version;
        return true;
      }
      if (!found.leads || found.version !== this.#version)
        throw tries.uncertain ? this.toUnknown(error) : this.#fenced(error);
      if (!isConnectionLost(error) || tries.count === MAX_TRIES) throw error;
      return false;
    }
  }

  /** What ZooKeeper holds after a failed request, once it answers again in the same session. */
  async #examine(error: unknown): Promise<{ leads: boolean; version: number; writeId: string | undefined }> {
    if (isSessionLost(error) || !(await this.#session.resume())) throw this.toUnknown(error);
    const { client, layout, electionNode } = this.#parts;
    const reads = [client.getData(layout.commit), client.exists(electionNode)] as const;
    const [commit, leader] = await Promise.all(reads).catch((cause: unknown) => {
      throw this.toUnknown(cause);
    });
    const writeId = commit === undefined ? undefined : parseCommit(commit.data, layout).writeId;
    return { leads: leader !== undefined, version: commit?.stat.version ?? -1, writeId };
  }

  #fenced(cause: unknown): StevedoreError {
    return new StevedoreError('ERR_STATE_FENCED', { cluster: this.#parts.cluster }, { cause });
  }

  /** For a failure after which nobody knows what is stored. */
  toUnknown(cause: unknown): StevedoreError {
    const directory = this.#parts.layout.place;
    return new StevedoreError('ERR_STATE_OUTCOME_UNKNOWN', { directory }, { cause });
  }
}

function isSessionLost(error: unknown): boolean {
  const code = error instanceof StevedoreError ? error.code : undefined;
  return code === 'ERR_ZOOKEEPER_SESSION_EXPIRED' || code === 'ERR_ZOOKEEPER_CLOSED';
}
