/** The interpreter: turns the agent's events into events of the task's life, and performs the effects in their order. */
import { randomBytes } from 'node:crypto';
import { messageOf } from '../protocol/errors.ts';
import type { ExecutorEvent } from '../protocol/mesos/executor.ts';
import { type LaunchSpec, parseLaunchSpec } from '../protocol/launch-spec.ts';
import type { KillPolicy, TaskInfo } from '../protocol/mesos/task.ts';
import type { AgentEnvironment } from './core/agent-environment.ts';
import { withLastLines } from './core/exit-explanation.ts';
import { resolveKillGraceMs, resolveShutdownGraceMs } from './core/kill-policy.ts';
import { renderUpdate, type StatusContent } from './core/status-update.ts';
import type { Effect, TaskEvent, TaskLife } from './core/task-life.ts';
import { explainSecondTask, transition } from './core/task-transition.ts';
import { AgentConnection } from './effects/agent/agent-connection.ts';
import type { provision } from './effects/delivery/provision.ts';
import type { Log } from './effects/log.ts';
import { TaskWork } from './task-work.ts';

export interface ExecutorParts {
  readonly environment: AgentEnvironment;
  readonly provision: typeof provision;
  readonly log: Log;
}

/** Of a task whose launch spec cannot be read. */
const UNKNOWN_GRACE_MS = 5000;

export class Executor {
  readonly #parts: ExecutorParts;
  readonly #connection: AgentConnection;
  readonly #over = new AbortController();
  #life: TaskLife = { kind: 'idle' };
  #task: TaskInfo | undefined;
  #spec: LaunchSpec | undefined;
  #work: TaskWork | undefined;
  #hasKillingState = false;
  #killTimer: NodeJS.Timeout | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #exitCode = 1;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#connection = new AgentConnection({
      environment: parts.environment,
      log: parts.log,
      random: Math.random,
      onEvent: (event) => this.#receive(event),
      onDrained: () => this.#dispatch({ kind: 'drained' }),
    });
  }

  /** Runs until the task is over and the agent knows it; gives the exit code. */
  async run(): Promise<number> {
    const { signal } = this.#over;
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    try {
      await this.#connection.run(signal);
    } catch (error) {
      const message = messageOf(error);
      this.#parts.log(message);
      this.#dispatch({ kind: 'agent-lost', message, graceMs: this.#shutdownGraceMs() });
    }
    await over;
    return this.#exitCode;
  }

  /** As the agent's SHUTDOWN. */
  shutdown(): void {
    this.#dispatch({ kind: 'shutdown', graceMs: this.#shutdownGraceMs() });
  }

  #receive(event: ExecutorEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#hasKillingState = (event.subscribed.framework_info.capabilities ?? []).some(
          ({ type }) => type === 'TASK_KILLING_STATE',
        );
        return this.#parts.log('subscribed to the agent');
      case 'LAUNCH':
        return this.#launch(event.launch.task);
      case 'KILL':
        return this.#kill(event.kill.task_id.value, event.kill.kill_policy);
      case 'SHUTDOWN':
        return this.shutdown();
      case 'ERROR':
        return this.#loseAgent(event.error.message);
      case 'ACKNOWLEDGED':
      case 'MESSAGE':
      case 'HEARTBEAT':
        return undefined;
    }
  }

  #launch(task: TaskInfo): void {
    const { log } = this.#parts;
    log(`task ${task.task_id.value} is to be launched`);
    this.#connection.addTask(task);
    const problem = this.#life.kind === 'idle' ? this.#accept(task) : undefined;
    this.#dispatch({
      kind: 'launch',
      taskId: task.task_id.value,
      announceKilling: this.#hasKillingState,
      ...(problem === undefined ? {} : { problem }),
    });
  }

  /** Gives what is wrong with the launch spec. */
  #accept(task: TaskInfo): string | undefined {
    this.#task = task;
    try {
      const spec = parseLaunchSpec(task.data);
      this.#spec = spec;
      const { provision, log, environment } = this.#parts;
      const { sandbox } = environment;
      this.#work = new TaskWork({ spec, sandbox, graceMs: this.#killGraceMs(), provision, log });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  #kill(taskId: string, policy: KillPolicy | undefined): void {
    if (taskId !== this.#task?.task_id.value)
      return this.#parts.log(`task ${taskId} is to be killed, but is not run here`);
    this.#parts.log(`task ${taskId} is to be killed`);
    this.#dispatch({ kind: 'kill', graceMs: this.#killGraceMs(policy) });
  }

  #loseAgent(message: string): void {
    this.#parts.log(`the agent ends the executor: ${message}`);
    this.#dispatch({ kind: 'agent-lost', message, graceMs: this.#shutdownGraceMs() });
  }

  #killGraceMs(policy?: KillPolicy): number {
    const serviceGraceMs = this.#spec?.killGraceMs ?? UNKNOWN_GRACE_MS;
    return resolveKillGraceMs(policy, this.#task?.kill_policy, serviceGraceMs);
  }

  #shutdownGraceMs(): number {
    return resolveShutdownGraceMs(this.#killGraceMs(), this.#parts.environment.shutdownGraceMs);
  }

  #dispatch(event: TaskEvent): void {
    const { state, effects } = transition(this.#life, event, performance.now());
    this.#life = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'update':
        return this.#update(effect);
      case 'refuse':
        return this.#refuse(effect.taskId);
      case 'provision':
        return this.#follow(this.#work?.provision(), 'provisioned');
      case 'prepare':
        return this.#follow(this.#work?.prepare(), 'prepared');
      case 'start':
        return this.#start();
      case 'stop':
        return this.#work?.stop();
      case 'force':
        return this.#work?.force();
      case 'set-kill-timer':
        clearTimeout(this.#killTimer);
        this.#killTimer = setTimeout(() => this.#dispatch({ kind: 'grace-elapsed' }), effect.delayMs);
        return undefined;
      case 'release':
        clearTimeout(this.#killTimer);
        return this.#follow(this.#work?.release(), 'released');
      case 'set-drain-timer':
        clearTimeout(this.#drainTimer);
        this.#drainTimer = setTimeout(() => this.#dispatch({ kind: 'drain-elapsed' }), effect.delayMs);
        return undefined;
      case 'exit':
        return this.#exit(effect.code);
    }
  }

  #follow(work: Promise<void> | undefined, kind: 'provisioned' | 'prepared' | 'released'): void {
    void Promise.resolve(work).then(
      () => this.#dispatch({ kind }),
      (error: unknown) => this.#dispatch({ kind: 'failed', message: messageOf(error) }),
    );
  }

  #start(): void {
    try {
      const service = this.#work?.start();
      if (service === undefined) return;
      const notReady = (error: unknown) => withLastLines(messageOf(error), service.lastLines());
      void service.ended.then((end) => this.#dispatch({ kind: 'exited', end }));
      void service.ready.then(
        () => this.#dispatch({ kind: 'ready' }),
        (error: unknown) => this.#dispatch({ kind: 'not-ready', message: notReady(error) }),
      );
    } catch (error) {
      this.#dispatch({ kind: 'failed', message: messageOf(error) });
    }
  }

  #update({ state, message, healthy }: Extract<Effect, { kind: 'update' }>): void {
    this.#parts.log(`${state}${message === undefined ? '' : `: ${message}`}`);
    this.#send({
      taskId: this.#task?.task_id.value ?? '',
      state,
      labels: this.#work?.labels ?? {},
      ...(message === undefined ? {} : { message }),
      ...(healthy === undefined ? {} : { healthy }),
    });
  }

  #refuse(taskId: string): void {
    const message = explainSecondTask(this.#task?.task_id.value ?? '', taskId);
    this.#parts.log(message);
    this.#send({ taskId, state: 'TASK_FAILED', message, labels: {} });
  }

  #send(content: Omit<StatusContent, 'executorId'>): void {
    const { executorId } = this.#parts.environment;
    const stamp = { uuid: randomBytes(16), nowMs: Date.now() };
    this.#connection.send(renderUpdate({ ...content, executorId }, stamp));
  }

  #exit(code: number): void {
    clearTimeout(this.#killTimer);
    clearTimeout(this.#drainTimer);
    this.#exitCode = code;
    this.#over.abort();
  }
}
