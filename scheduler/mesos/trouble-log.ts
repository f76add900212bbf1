/** Says each trouble once, and again after a while, with how often it happened: not every second of a long night. */
import type { LogFields, Logger } from '../log.ts';

/** Different troubles to remember: masters whose answers are never the same must not fill the memory. */
const MAX_KINDS = 100;

export class TroubleLog {
  readonly #log: Logger;
  readonly #reminderMs: number;
  readonly #toldAtMs = new Map<string, number>();
  #count = 0;

  constructor(log: Logger, reminderMs: number) {
    this.#log = log;
    this.#reminderMs = reminderMs;
  }

  info(fields: LogFields, text: string): void {
    this.#tell('info', fields, text);
  }

  warn(fields: LogFields, text: string): void {
    this.#tell('warn', fields, text);
  }

  /** All is well: what comes next is news again. */
  clear(): void {
    this.#toldAtMs.clear();
    this.#count = 0;
  }

  #tell(level: 'info' | 'warn', fields: LogFields, text: string): void {
    const key = JSON.stringify([fields, text]);
    const nowMs = performance.now();
    const toldAtMs = this.#toldAtMs.get(key);
    this.#count += 1;
    if (toldAtMs !== undefined && nowMs - toldAtMs < this.#reminderMs) return;
    if (this.#toldAtMs.size >= MAX_KINDS) this.#toldAtMs.clear();
    this.#toldAtMs.set(key, nowMs);
    this.#log[level](toldAtMs === undefined ? fields : { ...fields, attempts: this.#count }, text);
  }
}
