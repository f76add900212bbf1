/** An agent: its resources, and the tasks that really run on it, whatever a master or a scheduler believes. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import { portRanges, scalar } from '../support/engine-world.ts';

export interface SimulatedTask {
  readonly id: string;
  readonly instance: string;
  readonly resources: readonly Resource[];
  state: TaskState;
  /** Sent one at a time, the next when the head was acknowledged. */
  readonly updates: TaskStatus[];
}

const ENDED: readonly TaskState[] = ['TASK_FAILED', 'TASK_FINISHED', 'TASK_KILLED', 'TASK_ERROR'];

export function isEnded(task: SimulatedTask): boolean {
  return ENDED.includes(task.state);
}

const TOTAL: readonly Resource[] = [scalar('cpus', 6), scalar('mem', 6144), portRanges([31_000, 31_999])];

export class SimulatedAgent {
  readonly host: string;
  readonly id: string;
  readonly tasks = new Map<string, SimulatedTask>();
  /** The master hears it. */
  reachable = true;
  #updates = 0;

  constructor(host: string, generation: number) {
    this.host = host;
    this.id = `${host}-${generation}`;
  }

  listLive(): SimulatedTask[] {
    return [...this.tasks.values()].filter((task) => !isEnded(task));
  }

  get free(): Resource[] {
    const used = this.listLive().flatMap(({ resources }) => resources);
    return subtractResources(TOTAL, used);
  }

  launch(task: Omit<SimulatedTask, 'state' | 'updates'>): void {
    this.tasks.set(task.id, { ...task, state: 'TASK_STAGING', updates: [] });
  }

  /** The executor says something; the agent keeps it until the scheduler has acknowledged it. */
  report(task: SimulatedTask, state: TaskState, message?: string): void {
    if (isEnded(task)) return;
    task.state = state;
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
