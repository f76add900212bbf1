/** Makes status updates out of verdicts and labels, stamps them, and hands them to the connection. */
import { randomUUID } from 'node:crypto';
import type { ExecutorUpdate } from '../protocol/mesos/executor.ts';
import { parseUuid } from '../protocol/mesos/uuid.ts';
import { renderUpdate, type StatusContent } from './core/status-update.ts';
import type { Log } from './effects/log.ts';

export interface ReporterParts {
  readonly executorId: string;
  readonly send: (update: ExecutorUpdate) => void;
  readonly log: Log;
}

export class StatusReporter {
  readonly #parts: ReporterParts;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  report(content: Omit<StatusContent, 'executorId'>): void {
    const { executorId, send, log } = this.#parts;
    const { taskId, state, message } = content;
    log(`${taskId} is ${state}${message === undefined ? '' : `: ${message}`}`);
    send(renderUpdate({ ...content, executorId }, { uuid: parseUuid(randomUUID()), nowMs: Date.now() }));
  }
}
