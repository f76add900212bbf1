/** The work behind a task, in its order: provision, prepare, start, stop, release. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { messageOf } from '../protocol/errors.ts';
import type { LaunchSpec } from '../protocol/launch-spec.ts';
import { FORMATTED_LABEL, SERVICE_PID_LABEL } from '../protocol/status-labels.ts';
import type { ProcessEnd } from './core/exit-explanation.ts';
import {
  listFormatted,
  type PrepareSpec,
  resolveCommand,
  resolveEnvironment,
  resolveProbe,
  selectPrepare,
} from './core/launch-plan.ts';
import type { Provisioned, provision } from './effects/delivery/provision.ts';
import type { Log } from './effects/log.ts';
import { awaitFreePorts } from './effects/port-check.ts';
import { awaitReady } from './effects/probe.ts';
import { type GuardedProcess, type ProcessOptions, startGuarded } from './effects/process/guarded-process.ts';
import { finishPrepare, startPrepare } from './effects/process/prepare-step.ts';
import { writeOutput } from './effects/process/sandbox-output.ts';
import { StepLabels } from './step-labels.ts';

/** Beyond the grace of a service before this one, whose executor was killed: its guard needs a moment. */
const PORT_SLACK_MS = 3000;

export interface TaskWorkParts {
  readonly spec: LaunchSpec;
  readonly sandbox: string;
  /** Grace that the guard gives when the executor dies. */
  readonly graceMs: number;
  readonly provision: typeof provision;
  readonly log: Log;
}

export interface StartedService {
  readonly ended: Promise<ProcessEnd>;
  /** Rejects with ERR_NOT_READY; never settles once the work was stopped or the service has ended. */
  readonly ready: Promise<void>;
  readonly lastLines: () => readonly string[];
}

export class TaskWork {
  readonly #parts: TaskWorkParts;
  readonly #labels = new StepLabels();
  readonly #stopped = new AbortController();
  #provisioned: Provisioned | undefined;
  #unformatted: readonly string[] = [];
  #current: GuardedProcess | undefined;

  constructor(parts: TaskWorkParts) {
    this.#parts = parts;
  }

  /** What the status updates say of it now. */
  get labels(): Readonly<Record<string, string>> {
    return this.#labels.values;
  }

  async provision(): Promise<void> {
    const { spec, sandbox, log } = this.#parts;
    await mkdir(`${sandbox}/logs`, { recursive: true });
    const step = (name: string, ms: number) => this.#labels.setDuration(name, ms);
    const context = { sandbox, signal: this.#stopped.signal, step, log };
    this.#provisioned = await this.#labels.time('provision', () => this.#parts.provision(spec, context));
    this.#labels.setAll(this.#provisioned.labels);
    this.#unformatted = this.#provisioned.unformatted;
  }

  /** @throws PrepareFailure, StevedoreError of the launch plan or ERR_TASK_PORT_TAKEN, or the reason of the stop. */
  async prepare(): Promise<void> {
    for (const step of selectPrepare(this.#parts.spec.prepare, this.#unformatted)) {
      this.#stopped.signal.throwIfAborted();
      await this.#labels.time(`prepare.${step.name}`, () => this.#runPrepare(step));
      this.#unformatted = this.#unformatted.filter((name) => name !== step.formats);
    }
    await this.#awaitPorts();
  }

  /** @throws StevedoreError of the launch plan. */
  start(): StartedService {
    const { spec, log } = this.#parts;
    const service = startGuarded(this.#processOptions(spec.command));
    this.#current = service;
    if (service.pid !== undefined) {
      this.#labels.set(SERVICE_PID_LABEL, String(service.pid));
      log(`the service was started as process ${service.pid}`);
    }
    return { ended: service.ended, ready: this.#awaitReady(service), lastLines: service.lastLines };
  }

  /** Asks everything that goes on to end. */
  stop(): void {
    this.#stopped.abort(new Error('The task was stopped.'));
    this.#current?.signal('SIGTERM');
  }

  force(): void {
    this.#parts.log('what runs did not end within its grace period and is killed');
    this.#current?.signal('SIGKILL');
  }

  /** Failing to clean up does not change how the task ended; it is told in the log. */
  async release(): Promise<void> {
    this.#stopped.abort(new Error('The task is over.'));
    try {
      await this.#labels.time('release', async () => this.#provisioned?.release());
    } catch (error) {
      this.#parts.log(`not everything of the task could be removed: ${messageOf(error)}`);
    }
  }

  get #facts(): Provisioned {
    if (this.#provisioned === undefined) throw new Error('The task was not provisioned.');
    return this.#provisioned;
  }

  async #awaitPorts(): Promise<void> {
    const { ports, readiness, killGraceMs } = this.#parts.spec;
    const { host } = resolveProbe(readiness, this.#facts.placeholders);
    const check = { host, ports, patienceMs: killGraceMs + PORT_SLACK_MS };
    await awaitFreePorts(check, this.#stopped.signal);
  }

  async #runPrepare(step: PrepareSpec): Promise<void> {
    const { formatting, formatted } = this.#facts;
    if (step.formats !== undefined) await formatting(step.formats);
    const running = startPrepare(this.#processOptions(step.command));
    this.#current = running.process;
    if (this.#stopped.signal.aborted) running.process.signal('SIGTERM');
    await finishPrepare(step, running);
    if (step.formats !== undefined) await formatted(step.formats);
  }

  #processOptions(command: LaunchSpec['command']): ProcessOptions {
    const { spec, graceMs } = this.#parts;
    const { placeholders, enter } = this.#facts;
    const { argv, cwd } = resolveCommand(command, placeholders, existsSync);
    const environment = resolveEnvironment(spec.environment, placeholders);
    const limits = spec.limits ?? {};
    return { argv: [...enter, ...argv], cwd, environment, limits, graceMs, onOutput: writeOutput };
  }

  async #awaitReady(service: GuardedProcess): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#stopped.signal, over.signal]);
    void service.ended.then(() => over.abort());
    const probe = resolveProbe(this.#parts.spec.readiness, this.#facts.placeholders);
    try {
      await this.#labels.time('ready', () => awaitReady(probe, signal));
      this.#noteFormatted();
    } catch (error) {
      if (!signal.aborted) throw error;
      await new Promise(() => undefined);
    }
  }

  /** Only now: what was formatted may still be an empty directory until its service has written to it. */
  #noteFormatted(): void {
    const names = listFormatted(this.#parts.spec.directories, this.#unformatted);
    if (names.length > 0) this.#labels.set(FORMATTED_LABEL, names.join(','));
  }
}
