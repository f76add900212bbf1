/** What became of operations: reported until acknowledged, after 10 s, then twice as long each time up to 10 min. */
import { randomUUID } from 'node:crypto';
import type { OperationStatus } from '../../protocol/mesos/operation.ts';
import type { Value } from '../../protocol/mesos/resource.ts';
import { parseUuid } from '../../protocol/mesos/uuid.ts';
import type { Checkpoint } from './checkpoint.ts';

const LONGEST_MS = 600_000;

export interface PendingOperation {
  readonly frameworkId: string;
  readonly status: OperationStatus & { readonly uuid: Value<string> };
}

export class OperationUpdates {
  readonly #checkpoint: Checkpoint;
  readonly #retryMs: number;
  readonly #send: (pending: PendingOperation) => void;
  readonly #pending = new Map<string, PendingOperation>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(checkpoint: Checkpoint, retryMs: number, send: (pending: PendingOperation) => void) {
    this.#checkpoint = checkpoint;
    this.#retryMs = retryMs;
    this.#send = send;
    for (const pending of checkpoint.readOperations()) this.#pending.set(pending.status.uuid.value, pending);
  }

  /** Stores the status under a uuid of its own, then sends it. */
  report(frameworkId: string, status: OperationStatus): void {
    const uuid = { value: parseUuid(randomUUID()).toString('base64') };
    this.#pending.set(uuid.value, { frameworkId, status: { ...status, uuid } });
    this.#save();
    this.#sendAgain(uuid.value, this.#retryMs);
  }

  acknowledge(uuid: string): void {
    clearTimeout(this.#timers.get(uuid));
    this.#timers.delete(uuid);
    if (this.#pending.delete(uuid)) this.#save();
  }

  /** Nobody is left who could acknowledge. */
  forget(frameworkId: string): void {
    for (const [uuid, pending] of this.#pending)
      if (pending.frameworkId === frameworkId) this.acknowledge(uuid);
  }

  /** Sends everything at once: the agent registered again. */
  resend(): void {
    for (const uuid of this.#pending.keys()) this.#sendAgain(uuid, this.#retryMs);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #sendAgain(uuid: string, waitMs: number): void {
    const pending = this.#pending.get(uuid);
    if (pending === undefined) return;
    clearTimeout(this.#timers.get(uuid));
    const again = (): void => this.#sendAgain(uuid, Math.min(waitMs * 2, LONGEST_MS));
    this.#timers.set(uuid, setTimeout(again, waitMs));
    this.#send(pending);
  }

  #save(): void {
    this.#checkpoint.saveOperations([...this.#pending.values()]);
  }
}
