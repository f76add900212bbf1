/** What must hold whenever a launch is sent to Mesos. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import { type TaskState, isTerminal } from '../../protocol/mesos/task.ts';
import { containsResources } from '../../protocol/resources.ts';
import type { PlannedLaunch } from '../../scheduler/core/engine-effects.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import { DEFAULT_TIMING } from '../../scheduler/core/timing.ts';
import type { MemoryRecordStore } from './memory-record-store.ts';
import { type SimulatedAgent, isEnded } from './simulated-agent.ts';

/** What the scheduler last heard of a task. */
export interface Told {
  readonly state: TaskState;
  /** Since when it is in this state, or away. */
  readonly sinceMs: number;
}

export function checkOffer(offer: Offer | undefined, launches: readonly PlannedLaunch[]): string[] {
  const taken = launches.flatMap(({ placement }) => placement.taken);
  const isEnough = offer === undefined || containsResources(offer.resources ?? [], taken);
  return isEnough ? [] : [`offer ${offer.id.value} is overdrawn`];
}

export function checkStored(store: MemoryRecordStore, launches: readonly PlannedLaunch[]): string[] {
  const problems = launches.flatMap(({ placed }) => {
    const record = store.readJson(`instances/${placed.instance}`) as Partial<InstanceRecord> | undefined;
    return record?.task?.taskId === placed.taskId
      ? []
      : [`${placed.taskId} is launched and not stored before`];
  });
  return store.readJson('framework-id') === undefined
    ? [...problems, 'a launch without a stored framework id']
    : problems;
}

/** Mesos does not know whether it runs. */
export function isAway(state: TaskState): boolean {
  return state === 'TASK_UNREACHABLE' || state === 'TASK_UNKNOWN';
}

/** True when the scheduler may take the task for gone by what it was told. */
function isGivenUp(told: Told | undefined, nowMs: number): boolean {
  if (told === undefined) return false;
  const graceMs = Math.min(DEFAULT_TIMING.unknownMs, DEFAULT_TIMING.unreachableMs);
  return isTerminal(told.state) || (isAway(told.state) && nowMs - told.sinceMs >= graceMs);
}

export interface Surroundings {
  readonly agents: readonly SimulatedAgent[];
  readonly told: ReadonlyMap<string, Told>;
  readonly nowMs: number;
}

/** Another task of the same instance runs, and nothing that Mesos said makes it gone. */
export function checkRivals(launches: readonly PlannedLaunch[], around: Surroundings): string[] {
  const tasks = around.agents.flatMap(({ tasks }) => [...tasks.values()]);
  return launches.flatMap(({ placed }) =>
    tasks
      .filter((task) => task.instance === placed.instance && !isEnded(task))
      .filter(({ id }) => !isGivenUp(around.told.get(id), around.nowMs))
      .map(({ id }) => `${placed.instance} runs twice: ${id} and ${placed.taskId}`),
  );
}

export function checkTaskIds(launches: readonly PlannedLaunch[], used: ReadonlySet<string>): string[] {
  return launches
    .filter(({ placed }) => used.has(placed.taskId))
    .map(({ placed }) => `task id ${placed.taskId} is used twice`);
}
