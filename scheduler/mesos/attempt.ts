/** One attempt to be subscribed: whom it asked so far, and how it is cut short. */
import { type MasterAddress, isSameMaster, renderMasterAddress } from './master-address.ts';

export class Attempt {
  /** The masters of this attempt, after redirects; the last is asked, or holds the subscription. */
  readonly chain: MasterAddress[] = [];
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stop: () => void;

  /** @param outer ends it, too. */
  constructor(outer: AbortSignal) {
    this.#outer = outer;
    this.#stop = () => this.#controller.abort(new Error('the scheduler stops'));
    outer.addEventListener('abort', this.#stop, { once: true });
    if (outer.aborted) this.#stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Another master leads: the attempt is over, unless it is that master's already. */
  replace(leader: MasterAddress): void {
    const current = this.chain.at(-1);
    if (current === undefined || isSameMaster(current, leader)) return;
    this.#controller.abort(new Error(`another Mesos master leads now: ${renderMasterAddress(leader)}`));
  }

  end(): void {
    this.#outer.removeEventListener('abort', this.#stop);
  }
}
