/** Gathers what status updates say of a task's work: the duration of each step, and facts found on the way. */
import { LAUNCH_SPEC_VERSION } from '../protocol/launch-spec.ts';
import { EXECUTOR_VERSION_LABEL, STEP_PREFIX } from '../protocol/status-labels.ts';

export class StepLabels {
  readonly #values: Record<string, string> = { [EXECUTOR_VERSION_LABEL]: String(LAUNCH_SPEC_VERSION) };

  get values(): Readonly<Record<string, string>> {
    return { ...this.#values };
  }

  set(label: string, value: string): void {
    this.#values[label] = value;
  }

  setAll(values: Readonly<Record<string, string>>): void {
    Object.assign(this.#values, values);
  }

  /** `name` as in `fetch.alluxio`. */
  setDuration(name: string, ms: number): void {
    this.#values[STEP_PREFIX + name] = String(Math.round(ms));
  }

  /** Also a step that fails tells how long it took. */
  async time<T>(name: string, run: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    try {
      return await run();
    } finally {
      this.setDuration(name, performance.now() - startedMs);
    }
  }
}
