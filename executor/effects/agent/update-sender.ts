/** Sends status updates one after another, in order, each until the agent has acknowledged it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../protocol/errors.ts';
import type { ExecutorUpdate } from '../../../protocol/mesos/executor.ts';
import type { AgentEnvironment } from '../../core/agent-environment.ts';
import { renderUpdateCall } from '../../core/status-update.ts';
import type { UpdateQueue } from '../../core/update-queue.ts';
import type { Log } from '../log.ts';
import { type AgentAddress, readBody, sendCall } from './agent-call.ts';

const RETRY_MS = 1000;
const ATTEMPT_TIMEOUT_MS = 10_000;
/** An agent that took an update but did not acknowledge it in this time is told again; doubles do no harm. */
const RESEND_MS = 10_000;

interface SenderParts {
  readonly environment: AgentEnvironment;
  readonly address: AgentAddress;
  readonly queue: () => UpdateQueue;
  /** False between two subscriptions: the next one carries the updates itself. */
  readonly subscribed: () => boolean;
  readonly log: Log;
}

export class UpdateSender {
  readonly #parts: SenderParts;
  readonly #acceptedMs = new Map<string, number>();
  #wake = new AbortController();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Something is to be sent, or may be sent again. */
  wake(): void {
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const next = this.#parts.subscribed() ? this.#nextDue() : undefined;
      const accepted = next === undefined || (await this.#send(next, signal));
      if (next !== undefined && accepted) continue;
      await this.#pause(accepted ? RESEND_MS : RETRY_MS, signal);
    }
  }

  #nextDue(): ExecutorUpdate | undefined {
    const before = performance.now() - RESEND_MS;
    return this.#parts.queue().updates.find(({ status }) => {
      const acceptedMs = this.#acceptedMs.get(status.uuid);
      return acceptedMs === undefined || acceptedMs <= before;
    });
  }

  async #send(update: ExecutorUpdate, signal: AbortSignal): Promise<boolean> {
    const { address, environment, log } = this.#parts;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    const call = renderUpdateCall(environment, update);
    try {
      const response = await sendCall(address, call, { agent: address.calls, signal: limit });
      const body = await readBody(response);
      if (response.statusCode === 202) this.#acceptedMs.set(update.status.uuid, performance.now());
      else log(`the agent did not take ${update.status.state}: ${response.statusCode} ${body}`);
      return response.statusCode === 202;
    } catch (error) {
      if (!signal.aborted) log(`the agent could not be told ${update.status.state}: ${messageOf(error)}`);
      return false;
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#wake.signal]);
    await sleep(ms, undefined, { signal: either }).catch(() => undefined);
  }
}
