/**
 * The leading master by ZooKeeper. A lost connection or session says nothing about masters: what was known holds until
 * the nodes can be read again.
 */
import { messageOf } from '../../protocol/errors.ts';
import type { Logger } from '../log.ts';
import type { ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import {
  type MasterAddress,
  type MasterProtocol,
  isSameMaster,
  renderMasterAddress,
} from './master-address.ts';
import { TroubleLog } from './trouble-log.ts';
import { type LeadingNode, readLeadingNode } from './leading-node.ts';
import type { MasterDetector } from './master-detector.ts';
import { parseMasterInfo } from './master-info.ts';

const RETRY_MS = 1000;
const REMINDER_MS = 600_000;

export interface ZooKeeperDetectorParts {
  /** Of its own: closed with the detector. */
  readonly client: ZooKeeperClient;
  /** Under which masters have their nodes. */
  readonly path: string;
  readonly protocol: MasterProtocol;
  readonly log: Logger;
  /** Until nodes that could not be read are read again. */
  readonly retryMs?: number;
}

export class ZooKeeperDetector implements MasterDetector {
  readonly #parts: ZooKeeperDetectorParts;
  readonly #listeners = new Set<(leader: MasterAddress) => void>();
  readonly #stopListening: () => void;
  readonly #changed = () => this.#refresh();
  readonly #trouble: TroubleLog;
  #leader: MasterAddress | undefined;
  #lastLeader: MasterAddress | undefined;
  #waiting = Promise.withResolvers<void>();
  #isStale = false;
  #isReading = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: ZooKeeperDetectorParts) {
    this.#parts = parts;
    this.#trouble = new TroubleLog(parts.log, REMINDER_MS);
    // A new session has none of the old watches.
    this.#stopListening = parts.client.onState((state) => {
      if (state === 'connected') this.#refresh();
    });
    this.#refresh();
  }

  async detect(signal: AbortSignal): Promise<MasterAddress> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#leader !== undefined) return this.#leader;
        await Promise.race([this.#waiting.promise, aborted]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Only ZooKeeper knows a better one, and says so. */
  moveOn(): void {}

  watch(onLeader: (leader: MasterAddress) => void): () => void {
    this.#listeners.add(onLeader);
    return () => void this.#listeners.delete(onLeader);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#stopListening();
    await this.#parts.client.close();
  }

  #refresh(): void {
    this.#isStale = true;
    if (!this.#isReading) void this.#read();
  }

  /** One reading at a time; a change meanwhile is read after it. Never throws. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      clearTimeout(this.#retry);
      try {
        await this.#readLeader();
      } catch (error) {
        this.#tryLater(error);
      }
    }
    this.#isReading = false;
  }

  async #readLeader(): Promise<void> {
    const { client, path } = this.#parts;
    const node = await readLeadingNode(client, path, this.#changed);
    if (node === 'changed') this.#refresh();
    else if (node === undefined) this.#loseLeader();
    else this.#setLeader(node);
  }

  #loseLeader(): void {
    this.#leader = undefined;
    this.#trouble.info({ path: this.#parts.path }, 'no Mesos master leads yet; waits for one');
  }

  #setLeader(node: LeadingNode): void {
    const leader = this.#parse(node);
    if (leader === undefined) return;
    this.#leader = leader;
    this.#trouble.clear();
    this.#waiting.resolve();
    this.#waiting = Promise.withResolvers();
    const isNew = this.#lastLeader !== undefined && !isSameMaster(this.#lastLeader, leader);
    this.#lastLeader = leader;
    if (isNew) for (const listener of this.#listeners) listener(leader);
  }

  #parse({ name: node, data }: LeadingNode): MasterAddress | undefined {
    try {
      return parseMasterInfo(data, this.#parts.protocol);
    } catch (error) {
      this.#leader = undefined;
      const fields = { path: this.#parts.path, node, problem: messageOf(error) };
      this.#trouble.warn(fields, 'cannot read where the leading Mesos master is');
      return undefined;
    }
  }

  #tryLater(error: unknown): void {
    if (this.#isClosed || this.#parts.client.state === 'closed') return;
    const master = this.#lastLeader && renderMasterAddress(this.#lastLeader);
    const fields = { path: this.#parts.path, problem: messageOf(error), master };
    this.#trouble.warn(fields, 'ZooKeeper does not say which Mesos master leads');
    this.#retry = setTimeout(this.#changed, this.#parts.retryMs ?? RETRY_MS);
  }
}
