/** Those that stand by while this one leads, as they describe themselves: executors are told where they will serve. */
import { type BoundSession, isPassing } from './bound-session.ts';
import type { ElectionNodes } from './election-nodes.ts';
import type { LeaderData } from './leader-data.ts';

export class OtherCandidates {
  readonly #nodes: ElectionNodes;
  #list: readonly LeaderData[] = [];
  /** Of the leadership that is followed now. */
  #own: string | undefined;

  constructor(nodes: ElectionNodes) {
    this.#nodes = nodes;
  }

  get list(): readonly LeaderData[] {
    return this.#list;
  }

  /** Until `forget`. They are a convenience: what goes wrong here never ends a leadership. */
  follow(own: string, session: BoundSession): void {
    this.#own = own;
    void this.#look(own, session);
  }

  forget(): void {
    this.#own = undefined;
    this.#list = [];
  }

  async #look(own: string, session: BoundSession): Promise<void> {
    if (this.#own !== own) return;
    try {
      const list = await this.#nodes.readOthers(own, () => void this.#look(own, session));
      if (this.#own === own) this.#list = list;
    } catch (error) {
      if (isPassing(error) && (await session.resume())) await this.#look(own, session);
    }
  }
}
