/** The executor: hears the agent, and tells the interpreter of its one task. */
import { messageOf } from '../protocol/errors.ts';
import type { ExecutorEvent } from '../protocol/mesos/executor.ts';
import type { FrameworkInfo } from '../protocol/mesos/framework.ts';
import type { KillPolicy, TaskInfo } from '../protocol/mesos/task.ts';
import { acceptTask, shutdownGraceMs } from './accepted-task.ts';
import type { AgentEnvironment } from './core/agent-environment.ts';
import { AgentConnection } from './effects/agent/agent-connection.ts';
import type { provision } from './effects/delivery/provision.ts';
import type { Log } from './effects/log.ts';
import { StatusReporter } from './status-reporter.ts';
import { TaskInterpreter } from './task-interpreter.ts';

export interface ExecutorParts {
  readonly environment: AgentEnvironment;
  readonly provision: typeof provision;
  readonly log: Log;
}

export class Executor {
  readonly #parts: ExecutorParts;
  readonly #connection: AgentConnection;
  readonly #interpreter: TaskInterpreter;
  readonly #over = new AbortController();
  #framework: FrameworkInfo | undefined;
  #exitCode = 1;

  constructor(parts: ExecutorParts) {
    const { environment, log } = parts;
    this.#parts = parts;
    this.#connection = new AgentConnection({
      environment,
      log,
      random: Math.random,
      onEvent: (event) => this.#receive(event),
      onDrained: () => this.#interpreter.dispatch({ kind: 'drained' }),
    });
    const { executorId } = environment;
    const send: AgentConnection['send'] = (update) => this.#connection.send(update);
    const reporter = new StatusReporter({ executorId, log, send });
    this.#interpreter = new TaskInterpreter({ reporter, onExit: (code) => this.#exit(code) });
  }

  /** Runs until the task is over and the agent knows it; gives the exit code. */
  async run(): Promise<number> {
    const { signal } = this.#over;
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    try {
      await this.#connection.run(signal);
    } catch (error) {
      this.#loseAgent(messageOf(error));
    }
    await over;
    return this.#exitCode;
  }

  /** As the agent's SHUTDOWN. */
  shutdown(): void {
    this.#interpreter.dispatch({ kind: 'shutdown', graceMs: this.#shutdownGraceMs() });
  }

  #receive(event: ExecutorEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.#framework = event.subscribed.framework_info;
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
    const { environment, provision, log } = this.#parts;
    log(`${task.task_id.value} is to be launched`);
    this.#connection.addTask(task);
    const capabilities = this.#framework?.capabilities ?? [];
    const announceKilling = capabilities.some(({ type }) => type === 'TASK_KILLING_STATE');
    const accepted = acceptTask(task, { sandbox: environment.sandbox, provision, log });
    this.#interpreter.launch(accepted, announceKilling);
  }

  #kill(taskId: string, policy: KillPolicy | undefined): void {
    const { task } = this.#interpreter;
    const known = taskId === task?.taskId;
    this.#parts.log(`${taskId} is to be killed${known ? '' : ', but is not run here'}`);
    if (known) this.#interpreter.dispatch({ kind: 'kill', graceMs: task.killGraceMs(policy) });
  }

  #loseAgent(message: string): void {
    this.#parts.log(message);
    this.#interpreter.dispatch({ kind: 'agent-lost', message, graceMs: this.#shutdownGraceMs() });
  }

  #shutdownGraceMs(): number {
    return shutdownGraceMs(this.#interpreter.task, this.#parts.environment.shutdownGraceMs);
  }

  #exit(code: number): void {
    this.#exitCode = code;
    this.#over.abort();
  }
}
