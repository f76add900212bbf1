/** What the master knows. All of it is in memory: agents tell a new master what they run. */
import type { Address, AgentInfo, FrameworkInfo, Offer } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import {
  type ExecutorInfo,
  isTerminal,
  type TaskInfo,
  type TaskState,
  type TaskStatus,
} from '../../protocol/mesos/task.ts';
import type { EventStream } from '../http/event-stream.ts';
import type { Channel } from '../link/channel.ts';
import type { AgentMessage, MasterMessage } from '../link/messages.ts';

export interface TaskRecord {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly executorId: string | undefined;
  readonly info: TaskInfo;
  /** As the agent last knew it; may be ahead of what the scheduler was told. */
  state: TaskState;
  /** What the scheduler was told last. */
  status: TaskStatus | undefined;
  readonly statuses: TaskStatus[];
}

/** Resources that this framework does not want from this agent until then. */
export interface OfferFilter {
  readonly agentId: string;
  readonly role: string;
  readonly resources: readonly Resource[];
  readonly untilMs: number;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  roles: readonly string[];
  streamId: string | undefined;
  stream: EventStream | undefined;
  readonly suppressed: Set<string>;
  filters: OfferFilter[];
  readonly tasks: Map<string, TaskRecord>;
  readonly unreachableTasks: Map<string, TaskRecord>;
  readonly completedTasks: TaskRecord[];
  failover: NodeJS.Timeout | undefined;
  heartbeat: NodeJS.Timeout | undefined;
  readonly registeredMs: number;
  reregisteredMs: number;
  unregisteredMs: number | undefined;
}

export interface AgentRecord {
  readonly id: string;
  info: AgentInfo;
  address: Address;
  channel: Channel<MasterMessage, AgentMessage> | undefined;
  /** By framework id and executor id; the newest last. */
  readonly executors: Map<string, { readonly frameworkId: string; readonly info: ExecutorInfo }>;
  /** Asked for while the agent was away; sent when it is back. */
  readonly pendingKills: MasterMessage[];
  removal: NodeJS.Timeout | undefined;
  ping: NodeJS.Timeout | undefined;
  unansweredPings: number;
  readonly registeredMs: number;
  reregisteredMs: number | undefined;
  unreachableMs: number | undefined;
}

export interface OfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly offer: Offer;
}

/** Ids hold no slash, so the pair is unique. */
export function executorKey(frameworkId: string, executorId: string): string {
  return `${frameworkId}/${executorId}`;
}

export function hasCapability(info: FrameworkInfo, type: string): boolean {
  return info.capabilities?.some((capability) => capability.type === type) ?? false;
}

/** `lost` as a framework that is PARTITION_AWARE calls it, else TASK_LOST. */
export function partitionState(info: FrameworkInfo, state: TaskState): TaskState {
  return hasCapability(info, 'PARTITION_AWARE') ? state : 'TASK_LOST';
}

export function isLive(task: TaskRecord): boolean {
  return !isTerminal(task.state);
}

/** A framework that has just become known and has no stream yet. */
export function createFramework(id: string, info: FrameworkInfo, roles: readonly string[]): FrameworkRecord {
  return {
    id,
    info: { ...info, id: { value: id } },
    roles,
    streamId: undefined,
    stream: undefined,
    suppressed: new Set(),
    filters: [],
    tasks: new Map(),
    unreachableTasks: new Map(),
    completedTasks: [],
    failover: undefined,
    heartbeat: undefined,
    registeredMs: Date.now(),
    reregisteredMs: Date.now(),
    unregisteredMs: undefined,
  };
}
