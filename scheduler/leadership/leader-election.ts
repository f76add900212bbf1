/**
 * One candidate of an election in ZooKeeper. Who has the lowest sequence leads; the others watch the node before theirs and
 * that of the leader. Leadership ends with the session, by our own clock at the latest.
 */
import type { ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { BoundSession, isPassing, waitForSession } from './bound-session.ts';
import type { Standing } from './candidates.ts';
import { ElectionNodes } from './election-nodes.ts';
import type { LeaderData } from './leader-data.ts';

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
  /** One for each session, so that a node of a former session is never taken for ours. */
  #id = '';
  #session: BoundSession | undefined;
  #leader: LeaderData | undefined;
  #leads = false;
  readonly #lost = new Set<() => void>();

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#nodes = new ElectionNodes(options.client, options.path);
  }

  get isLeader(): boolean {
    return this.#leads && this.#session?.isConnected === true;
  }

  get leader(): LeaderData | undefined {
    return this.#leader;
  }

  async confirm(): Promise<boolean> {
    while (this.#leads && !this.isLeader)
      if (this.#session === undefined || !(await this.#session.resume())) return false;
    return this.#leads;
  }

  onLost(listener: () => void): () => void {
    this.#lost.add(listener);
    if (!this.#leads) queueMicrotask(() => this.#lost.delete(listener) && listener());
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
    const session = this.#session;
    this.#lost.clear();
    this.#forget();
    if (session === undefined || session.isOver) return;
    await this.#nodes.leave(this.#id).catch((error: unknown) => {
      if (!isPassing(error)) throw error;
    });
  }

  /** One look at the candidates, and what follows from it. The own node when it leads; else after something changed. */
  async #advance(signal: AbortSignal): Promise<string | undefined> {
    if (this.#session === undefined || this.#session.isOver) {
      this.#session = new BoundSession(this.#options.client);
      this.#id = this.#options.newId();
    }
    const standing = await this.#nodes.read(this.#id);
    await this.#nodes.delete(standing.surplus);
    if (standing.own === undefined) await this.#nodes.join(this.#id, this.#options.data);
    else if (standing.predecessor === undefined) return await this.#lead(standing.own, this.#session);
    else await this.#waitForChange(standing, this.#session, signal);
    return undefined;
  }

  async #waitForChange(standing: Standing, session: BoundSession, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const [leader, predecessor] = [standing.leader as string, standing.predecessor as string];
    const watched = await Promise.all(
      [...new Set([leader, predecessor])].map((node) => this.#nodes.watch(node, wake)),
    );
    this.#leader = await this.#nodes.readLeader(leader);
    const off = session.onOver(wake);
    signal.addEventListener('abort', wake);
    if (watched.includes(false) || signal.aborted || session.isOver) wake();
    await promise;
    off();
    signal.removeEventListener('abort', wake);
  }

  /** Undefined when the node went between the look and now. */
  async #lead(node: string, session: BoundSession): Promise<string | undefined> {
    const lose = () => {
      if (this.#leads && this.#session === session) this.#lose();
    };
    if (!(await this.#nodes.watch(node, lose)) || session.isOver) return undefined;
    this.#leads = true;
    this.#leader = this.#options.data;
    session.onOver(lose);
    return this.#nodes.pathOf(node);
  }

  #lose(): void {
    this.#forget();
    const listeners = [...this.#lost];
    this.#lost.clear();
    for (const listener of listeners) listener();
  }

  #forget(): void {
    this.#leads = false;
    this.#leader = undefined;
    this.#session = undefined;
  }
}

export function createLeaderElection(options: ElectionOptions): LeaderElection {
  return new Candidate(options);
}
