/** Keeps what Mesos was told about the framework up to date: by UPDATE_FRAMEWORK where it is known, else by the next SUBSCRIBE. */
import { isDeepStrictEqual } from 'node:util';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';
import { type FrameworkFacts, toIntroduction, toSubscription } from './framework-info.ts';
import { isAtLeast } from './master-version.ts';

/** The first with UPDATE_FRAMEWORK. */
const [MAJOR, MINOR] = [1, 9];

export class FrameworkIntroduction {
  readonly #framework: FrameworkOptions;
  #told: FrameworkFacts = {};
  #frameworkId: string | undefined;
  #canUpdate = false;

  constructor(framework: FrameworkOptions) {
    this.#framework = framework;
  }

  subscribe(frameworkId: string | undefined, facts: FrameworkFacts): SchedulerCall {
    this.#told = facts;
    this.#canUpdate = false;
    return toSubscription(this.#framework, frameworkId, facts);
  }

  subscribed(frameworkId: string, masterVersion: string | undefined): void {
    this.#frameworkId = frameworkId;
    this.#canUpdate = isAtLeast(masterVersion, MAJOR, MINOR);
  }

  disconnected(): void {
    this.#canUpdate = false;
  }

  /**
   * The call that tells Mesos what has changed since it was last told; undefined when there is nothing, or when it has
   * to wait for the next subscription. Suppressed roles alone are told by SUPPRESS and REVIVE, not here.
   */
  update(facts: FrameworkFacts): SchedulerCall | undefined {
    const isTold =
      facts.webUrl === this.#told.webUrl &&
      isDeepStrictEqual(facts.offerConstraints, this.#told.offerConstraints);
    if (isTold || !this.#canUpdate || this.#frameworkId === undefined) return undefined;
    this.#told = facts;
    return {
      type: 'UPDATE_FRAMEWORK',
      framework_id: { value: this.#frameworkId },
      update_framework: toIntroduction(this.#framework, this.#frameworkId, facts),
    };
  }
}
