/** An agent: its resources, and the tasks that really run on it, whatever a master or a scheduler believes. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import type { ResourceOperation } from '../../scheduler/core/volumes/operations.ts';
import { portRanges, scalar } from '../support/engine-world.ts';
import { VolumeAgent } from '../support/volume-agent.ts';

export interface SimulatedTask {
  readonly id: string;
  readonly instance: string;
  state: TaskState;
  /** Sent one at a time, the next when the head was acknowledged. */
  readonly updates: TaskStatus[];
}

const ENDED: readonly TaskState[] = ['TASK_FAILED', 'TASK_FINISHED', 'TASK_KILLED', 'TASK_ERROR'];

export function isEnded(task: SimulatedTask): boolean {
  return ENDED.includes(task.state);
}

const TOTAL: readonly Resource[] = [
  scalar('cpus', 8),
  scalar('mem', 8192),
  scalar('disk', 1000),
  portRanges([31_000, 31_999]),
];

export class SimulatedAgent {
  readonly host: string;
  readonly id: string;
  readonly tasks = new Map<string, SimulatedTask>();
  /** The master hears it. */
  reachable = true;
  readonly #resources: VolumeAgent;
  #updates = 0;

  constructor(host: string, generation: number) {
    this.host = host;
    this.id = `${host}-${generation}`;
    this.#resources = new VolumeAgent(host, TOTAL, { role: 'r' });
  }

  /** What a master would have refused. */
  get problems(): readonly string[] {
    return this.#resources.problems;
  }

  get free(): readonly Resource[] {
    return this.#resources.free;
  }

  /** Persistent volumes, in use or not. */
  get volumes(): readonly Resource[] {
    return this.#resources.volumes;
  }

  listLive(): SimulatedTask[] {
    return [...this.tasks.values()].filter((task) => !isEnded(task));
  }

  apply(operations: readonly ResourceOperation[]): void {
    for (const operation of operations) this.#resources.apply(operation);
  }

  launch(task: Pick<SimulatedTask, 'id' | 'instance'>, resources: readonly Resource[]): void {
    this.#resources.launch(task.id, resources);
    this.tasks.set(task.id, { ...task, state: 'TASK_STAGING', updates: [] });
  }

  /** The executor says something; the agent keeps it until the scheduler has acknowledged it. */
  report(task: SimulatedTask, state: TaskState, message?: string): void {
    if (isEnded(task)) return;
    task.state = state;
    if (isEnded(task)) this.#resources.end(task.id);
    this.#updates += 1;
    task.updates.push({
      task_id: { value: task.id },
      agent_id: { value: this.id },
      state,
      uuid: `${this.id}-${this.#updates}`,
      source: 'SOURCE_EXECUTOR',
      ...(message === undefined ? {} : { message }),
    });
  }

  acknowledge(taskId: string, uuid: string): void {
    const updates = this.tasks.get(taskId)?.updates ?? [];
    if (updates[0]?.uuid === uuid) updates.shift();
  }

  /** Every task gets on by one state. */
  progress(): void {
    for (const task of this.listLive()) {
      if (task.state === 'TASK_STAGING') this.report(task, 'TASK_STARTING');
      else if (task.state === 'TASK_STARTING') this.report(task, 'TASK_RUNNING');
    }
  }
}
