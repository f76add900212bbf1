/** The executor of tasks that have a command instead of an executor: runs it, reports how it ended, and ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutorEvent } from '../../protocol/mesos/executor.ts';
import type { KillPolicy, TaskInfo, TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { parseUuid } from '../../protocol/mesos/uuid.ts';
import { type AgentAddress, send, subscribe } from './agent-client.ts';

const RECOVERY_MS = 15 * 60_000;
const BACKOFF_MS = 2000;
const GRACE_MS = 3000;
const LINGER_MS = 1000;
/** As strsignal(3) names them. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGTERM: 'Terminated',
  SIGKILL: 'Killed',
  SIGINT: 'Interrupt',
  SIGSEGV: 'Segmentation fault',
  SIGABRT: 'Aborted',
};

type Environment = Readonly<Record<string, string | undefined>>;

class CommandExecutor {
  readonly #address: AgentAddress;
  readonly #environment: Environment;
  #updates: TaskStatus[] = [];
  #task: TaskInfo | undefined;
  #child: ChildProcess | undefined;
  #killed = false;
  #announcesKilling = false;
  #sending = Promise.resolve();
  readonly done = Promise.withResolvers<void>();

  constructor(address: AgentAddress, environment: Environment) {
    this.#address = address;
    this.#environment = environment;
  }

  /** Subscribes, again and again if the agent is away and tasks outlive it. */
  async stayConnected(checkpoint: boolean): Promise<void> {
    let deadline = Date.now() + RECOVERY_MS;
    while (Date.now() < deadline) {
      const unacknowledged_updates = this.#updates.map((status) => ({ status }));
      const unacknowledged_tasks = this.#task === undefined ? [] : [this.#task];
      const call = { type: 'SUBSCRIBE', subscribe: { unacknowledged_tasks, unacknowledged_updates } };
      if (await subscribe(this.#address, call, (event) => this.#handle(event)))
        deadline = Date.now() + RECOVERY_MS;
      if (!checkpoint) break;
      await sleep(Math.random() * BACKOFF_MS);
    }
    this.#end();
  }

  #handle(event: ExecutorEvent): void {
    if (event.type === 'SUBSCRIBED')
      this.#announcesKilling =
        event.subscribed.framework_info.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') ??
        false;
    if (event.type === 'LAUNCH') this.#launch(event.launch.task);
    if (event.type === 'KILL') this.#kill(event.kill.kill_policy);
    if (event.type === 'SHUTDOWN') this.#end();
    if (event.type === 'ACKNOWLEDGED') this.#acknowledge(event.acknowledged.uuid);
  }

  #launch(task: TaskInfo): void {
    this.#task = task;
    this.#update('TASK_STARTING');
    const { value, shell, arguments: args } = task.command ?? {};
    const role = task.resources?.[0]?.allocation_info?.role;
    const env = { ...this.#environment, ...(role === undefined ? {} : { MESOS_ALLOCATION_ROLE: role }) };
    const options = { env, detached: true, stdio: 'inherit' as const };
    const child =
      shell === false
        ? spawn(value ?? '', (args ?? []).slice(1), { ...options, argv0: args?.[0] ?? value ?? '' })
        : spawn('/bin/sh', ['-c', value ?? ''], options);
    this.#child = child;
    child.on('error', (error) => this.#update('TASK_FAILED', `Failed to launch command: ${error.message}`));
    child.on('spawn', () => this.#update('TASK_RUNNING'));
    child.on('exit', (code, signal) => this.#report(code, signal));
  }

  #report(code: number | null, signal: NodeJS.Signals | null): void {
    const ended = code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
    const state = this.#killed ? 'TASK_KILLED' : ended;
    const name = SIGNALS[signal ?? ''] ?? signal;
    this.#update(
      state,
      code === null ? `Command terminated with signal ${name}` : `Command exited with status ${code}`,
    );
  }

  #kill(policy: KillPolicy | undefined): void {
    if (this.#child?.pid === undefined) return;
    if (!this.#killed && this.#announcesKilling) this.#update('TASK_KILLING');
    this.#killed = true;
    this.#signal('SIGTERM');
    const period = policy?.grace_period ?? this.#task?.kill_policy?.grace_period;
    const graceMs = period === undefined ? GRACE_MS : period.nanoseconds / 1e6;
    setTimeout(() => this.#signal('SIGKILL'), graceMs).unref();
  }

  /** To the command and all that it started. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null)
      return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }

  #update(state: TaskState, message?: string): void {
    const task_id = this.#task?.task_id ?? { value: '' };
    const uuid = parseUuid(randomUUID()).toString('base64');
    const told = message === undefined ? {} : { message };
    const dated = { timestamp: Date.now() / 1000, uuid, executor_id: { value: this.#address.executorId } };
    const status: TaskStatus = { task_id, state, ...told, source: 'SOURCE_EXECUTOR', ...dated };
    this.#updates.push(status);
    process.stderr.write(
      `command executor: ${task_id.value} is ${state}${message === undefined ? '' : `: ${message}`}\n`,
    );
    this.#sending = this.#sending.then(
      async () => void (await send(this.#address, { type: 'UPDATE', update: { status } })),
    );
  }

  #acknowledge(uuid: string): void {
    const last = this.#updates.find((status) => status.uuid === uuid);
    this.#updates = this.#updates.filter((status) => status !== last);
    const states: readonly TaskState[] = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'];
    if (last !== undefined && states.includes(last.state)) setTimeout(() => this.#end(), LINGER_MS);
  }

  #end(): void {
    this.#signal('SIGKILL');
    this.done.resolve();
  }
}

/** Runs until its one task is over and the agent knows. */
export async function runCommandExecutor(environment: Environment): Promise<number> {
  const { MESOS_AGENT_ENDPOINT, MESOS_FRAMEWORK_ID, MESOS_EXECUTOR_ID, MESOS_CHECKPOINT } = environment;
  const address = {
    endpoint: MESOS_AGENT_ENDPOINT ?? '',
    frameworkId: MESOS_FRAMEWORK_ID ?? '',
    executorId: MESOS_EXECUTOR_ID ?? '',
  };
  const executor = new CommandExecutor(address, environment);
  void executor.stayConnected(MESOS_CHECKPOINT === '1');
  await executor.done.promise;
  // The stream to the agent would keep the process alive.
  setTimeout(() => process.exit(0), 0);
  return 0;
}
