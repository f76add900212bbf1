/**
 * One candidate of an election in ZooKeeper. Who has the lowest sequence leads; the others watch the node before theirs and
 * that of the leader. Leadership ends with the session, by our own clock at the latest.
 */
import type { ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { BoundSession, isPassing, waitForSession } from './bound-session.ts';
import { waitForChange } from './election-change.ts';
import { ElectionNodes } from './election-nodes.ts';
import type { LeaderData } from './leader-data.ts';
import { OtherCandidates } from './other-candidates.ts';

export interface LeaderElection {
  /**
   * Resolves when this candidate leads, with the path of its election node; undefined when the signal came first.
   * To be called again after a loss.
   */
  campaign(signal: AbortSignal): Promise<string | undefined>;
  /** False as soon as nobody can be sure of it, also right after this process was stopped: then nothing may be done. */
  readonly isLeader: boolean;
  /** Waits while ZooKeeper does not answer. False: leadership is lost. */
  confirm(): Promise<boolean>;
  /** Called once when leadership is lost for good; the returned function takes the listener off. */
  onLost(listener: () => void): () => void;
  /** Who leads as far as is known: this one too. */
  readonly leader: LeaderData | undefined;
  /** While it leads: those that stand by, as far as is known. */
  readonly others: readonly LeaderData[];
  /** Gives leadership, or the place in the queue, to the next at once. */
  resign(): Promise<void>;
}

export interface ElectionOptions {
  readonly client: ZooKeeperClient;
  /** `<path>/<cluster>/election` */
  readonly path: string;
  readonly data: LeaderData;
  /** Another at each call. */
  readonly newId: () => string;
}

class Candidate implements LeaderElection {
  readonly #options: ElectionOptions;
  readonly #nodes: ElectionNodes;
  #session: BoundSession | undefined;
  /** One for each session: its nodes are found by it, and none of a former session is taken for ours. */
  #id = '';
  /** While it leads. */
  #node: string | undefined;
  #leader: LeaderData | undefined;
  readonly #others: OtherCandidates;
  #unlisten: () => void = () => undefined;
  readonly #lost = new Set<() => void>();

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#nodes = new ElectionNodes(options.client, options.path);
    this.#others = new OtherCandidates(this.#nodes);
  }

  get isLeader(): boolean {
    return this.#node !== undefined && this.#session?.isConnected === true;
  }

  get leader(): LeaderData | undefined {
    return this.#leader;
  }

  get others(): readonly LeaderData[] {
    return this.#others.list;
  }

  async confirm(): Promise<boolean> {
    const node = this.#node;
    while (node !== undefined && node === this.#node) {
      if (this.isLeader) return true;
      if (!(await this.#session?.resume())) return false;
    }
    return false;
  }

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    if (this.#node === undefined) queueMicrotask(() => this.#lost.delete(listener) && listener());
    return () => void this.#lost.delete(listener);
  }

  async campaign(signal: AbortSignal): Promise<string | undefined> {
    while (await waitForSession(this.#options.client, signal))
      try {
        const won = await this.#advance(signal);
        if (won !== undefined) return won;
        if (signal.aborted) return undefined;
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
    return undefined;
  }

  async resign(): Promise<void> {
    this.#lost.clear();
    this.#forget();
    if (this.#session === undefined || this.#session.isOver) return;
    await this.#nodes.leave(this.#id).catch((error: unknown) => {
      if (!isPassing(error)) throw error;
    });
  }

  /** One look at the candidates, and what follows from it. The own node when it leads; else after something changed. */
  async #advance(signal: AbortSignal): Promise<string | undefined> {
    const session = this.#enter();
    const standing = await this.#nodes.read(this.#id);
    await this.#nodes.delete(standing.surplus);
    if (standing.own === undefined) await this.#nodes.join(this.#id, this.#options.data);
    else if (standing.predecessor === undefined) return await this.#lead(standing.own, session);
    else {
      const onLeader = (leader: LeaderData | undefined) => void (this.#leader = leader);
      await waitForChange({ nodes: this.#nodes, standing, session, signal, onLeader });
    }
    return undefined;
  }

  #enter(): BoundSession {
    if (this.#session !== undefined && !this.#session.isOver) return this.#session;
    this.#session = new BoundSession(this.#options.client);
    this.#id = this.#options.newId();
    return this.#session;
  }

  /** Undefined when the node went between the look and now. */
  async #lead(name: string, session: BoundSession): Promise<string | undefined> {
    const node = this.#nodes.pathOf(name);
    const lose = () => {
      if (this.#node === node) this.#lose();
    };
    if (!(await this.#nodes.guard(name, lose)) || session.isOver) return undefined;
    this.#node = node;
    this.#leader = this.#options.data;
    this.#unlisten = session.onOver(lose);
    this.#others.follow(name, session);
    return node;
  }

  #lose(): void {
    this.#forget();
    const listeners = [...this.#lost];
    this.#lost.clear();
    for (const listener of listeners) listener();
  }

  /** The session stays, and the id with it: a node that could not be deleted is found by it. */
  #forget(): void {
    this.#unlisten();
    this.#node = undefined;
    this.#leader = undefined;
    this.#others.forget();
  }
}

export function createLeaderElection(options: ElectionOptions): LeaderElection {
  return new Candidate(options);
}
