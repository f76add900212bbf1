/** The nodes of an election: making one's own, looking at all, watching those that matter. */
import type { Watcher, ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { isPassing } from './bound-session.ts';
import { type Standing, sortCandidates, toStanding } from './candidates.ts';
import { type LeaderData, parseLeaderData, renderLeaderData } from './leader-data.ts';

export class ElectionNodes {
  readonly #client: ZooKeeperClient;
  readonly #path: string;

  constructor(client: ZooKeeperClient, path: string) {
    this.#client = client;
    this.#path = path;
  }

  pathOf(node: string): string {
    return `${this.#path}/${node}`;
  }

  async read(id: string): Promise<Standing> {
    return toStanding((await this.#client.getChildren(this.#path)) ?? [], id);
  }

  /** What the others say of themselves; the watcher is told when one comes or goes. */
  async readOthers(own: string, watcher: Watcher): Promise<LeaderData[]> {
    const names = sortCandidates((await this.#client.getChildren(this.#path, watcher)) ?? []);
    const found = names
      .filter((name) => name !== own)
      .map(async (name) => {
        const node = await this.#client.getData(this.pathOf(name));
        return node && parseLeaderData(node.data);
      });
    return (await Promise.all(found)).filter((data) => data !== undefined);
  }

  async join(id: string, data: LeaderData): Promise<void> {
    await this.#client.createPath(this.#path);
    const path = this.pathOf(`${id}-`);
    try {
      await this.#client.create({ path, data: renderLeaderData(data), mode: 'ephemeral-sequential' });
    } catch (error) {
      // Whether it was made shows in the next look at the candidates.
      if (!isPassing(error)) throw error;
    }
  }

  async leave(id: string): Promise<void> {
    const { own, surplus } = await this.read(id);
    await this.delete(own === undefined ? surplus : [own, ...surplus]);
  }

  async delete(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) await this.#client.delete(this.pathOf(node), -1);
  }

  /** False: there is none. */
  async watch(node: string, watcher: Watcher): Promise<boolean> {
    return (await this.#client.exists(this.pathOf(node), watcher)) !== undefined;
  }

  /** Calls when the node is gone, whatever else happens to it before. False: it is gone already. */
  async guard(node: string, onGone: () => void): Promise<boolean> {
    return await this.watch(node, ({ type }) => {
      if (type === 'deleted') return onGone();
      // An end of the session is heard of in another way.
      this.guard(node, onGone).then(
        (isThere) => isThere || onGone(),
        () => undefined,
      );
    });
  }

  /** Undefined: it is gone. What it says is undefined when it cannot be read. */
  async watchLeader(node: string, watcher: Watcher): Promise<{ data: LeaderData | undefined } | undefined> {
    const found = await this.#client.getData(this.pathOf(node), watcher);
    return found && { data: parseLeaderData(found.data) };
  }
}
