/** Configurations whose artifacts are ready, and the one that launches are of: the engine says from when on. */
import { messageOf } from '../protocol/errors.ts';
import type { PreparedConfiguration } from './configuration-preparation.ts';
import type { EngineEvent } from './core/engine-state.ts';
import type { LaunchSurroundings } from './core/task-info.ts';

type Dispatch = (event: EngineEvent) => Promise<void>;

/** Makes the configuration of a stored snapshot ready. */
export type Prepare = (snapshot: string) => Promise<PreparedConfiguration>;

export class PreparedConfigurations {
  readonly #dispatch: Dispatch;
  readonly #prepared = new Map<string, LaunchSurroundings>();
  #used: LaunchSurroundings | undefined;
  #prepare: Prepare | undefined;

  constructor(dispatch: Dispatch) {
    this.#dispatch = dispatch;
  }

  /** Once, before Mesos is spoken to. */
  setPreparation(prepare: Prepare): void {
    this.#prepare = prepare;
  }

  /** Resolves when launches are of this configuration. */
  async offer(prepared: PreparedConfiguration): Promise<void> {
    const { surroundings, ...given } = prepared;
    this.#prepared.set(given.description.digest, surroundings);
    await this.#dispatch({ kind: 'configured', ...given });
  }

  async prepareAgain(snapshot: string): Promise<void> {
    try {
      const prepared = await this.#prepare?.(snapshot);
      if (prepared !== undefined) await this.offer(prepared);
    } catch (error) {
      await this.#dispatch({ kind: 'configuration-failed', problem: messageOf(error) });
    }
  }

  use(digest: string): void {
    this.#used = this.#prepared.get(digest);
  }

  /** The engine launches nothing before one is used. */
  get surroundings(): LaunchSurroundings {
    return this.#used as LaunchSurroundings;
  }
}
