/** What the master knows. All of it is in memory: agents tell a new master what they run. */
import type { Address, AgentInfo, FrameworkInfo, InverseOffer } from '../../protocol/mesos/framework.ts';
import type { OfferConstraints } from '../../protocol/mesos/offer-constraints.ts';
import type { OperationStatus } from '../../protocol/mesos/operation.ts';
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

/** An operation whose scheduler wants to hear what became of it, until it acknowledged that. */
interface OperationRecord {
  readonly agentId: string;
  status: OperationStatus;
}

/** What a framework said to an agent's maintenance, and when it is asked again. */
export interface InverseAnswer {
  readonly status: 'ACCEPT' | 'DECLINE';
  readonly answeredMs: number;
  readonly untilMs: number;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  roles: readonly string[];
  streamId: string | undefined;
  stream: EventStream | undefined;
  readonly suppressed: Set<string>;
  constraints: OfferConstraints | undefined;
  filters: OfferFilter[];
  /** By operation id. */
  readonly operations: Map<string, OperationRecord>;
  /** By agent id. */
  readonly inverseAnswers: Map<string, InverseAnswer>;
  readonly tasks: Map<string, TaskRecord>;
  readonly unreachableTasks: Map<string, TaskRecord>;
  readonly completedTasks: TaskRecord[];
  failover: NodeJS.Timeout | undefined;
  heartbeat: NodeJS.Timeout | undefined;
  readonly registeredMs: number;
  reregisteredMs: number;
  unregisteredMs: number | undefined;
}

/** DRAIN_AGENT, from the first KILL until the agent is taken back. */
export interface Drain {
  readonly markGone: boolean;
  readonly graceNanoseconds: number | undefined;
  state: 'DRAINING' | 'DRAINED';
}

export interface AgentRecord {
  readonly id: string;
  info: AgentInfo;
  /** With what operations made of the resources that its flags name. */
  total: readonly Resource[];
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
  /** By an operator: nothing of it is offered. */
  deactivated: boolean;
  drain: Drain | undefined;
}

export interface InverseOfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly offer: InverseOffer;
}

export interface OfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly allocated: readonly Resource[];
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
    constraints: undefined,
    filters: [],
    operations: new Map(),
    inverseAnswers: new Map(),
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
