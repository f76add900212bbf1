/** The master's state and what every call and every agent message does to it in the same way. */
import { randomUUID } from 'node:crypto';
import type { FrameworkInfo, MasterInfo, Offer } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import type { Channel } from '../link/channel.ts';
import type { AgentMessage, MasterMessage } from '../link/messages.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { renderJson } from '../wire/render-json.ts';
import { type Allocation, allocate, type FreeAgent, refusalMs } from './allocation.ts';
import { biddersOf } from './bidders.ts';
import { settleDrain } from './draining.ts';
import { sendInverseOffers } from './inverse-offers.ts';
import { Maintenance } from './maintenance.ts';
import { asSeenBy, renderOffer } from './offers.ts';
import { type MasterOptions, renderMasterInfo } from './master-info.ts';
import {
  type AgentRecord,
  createFramework,
  type FrameworkRecord,
  type InverseOfferRecord,
  isLive,
  type OfferRecord,
  type TaskRecord,
} from './records.ts';
import { unallocated } from './role-resources.ts';

const KEPT_FRAMEWORKS = 50;

export class Master {
  readonly id = randomUUID();
  readonly startedMs = Date.now();
  readonly options: MasterOptions;
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly completed: FrameworkRecord[] = [];
  readonly agents = new Map<string, AgentRecord>();
  readonly offers = new Map<string, OfferRecord>();
  readonly inverseOffers = new Map<string, InverseOfferRecord>();
  readonly maintenance = new Maintenance();
  /** Agents that an operator gave up for ever, by id. */
  readonly gone = new Set<string>();
  /** Every agent's stream, also before it registered. */
  readonly channels = new Set<Channel<MasterMessage, AgentMessage>>();
  #port = 0;
  #frameworkCount = 0;
  #agentCount = 0;
  #offerCount = 0;
  #allocation: NodeJS.Timeout | undefined;

  constructor(options: MasterOptions) {
    this.options = options;
  }

  /** Begins to make offers, as the master that listens on this port. */
  start(port: number): void {
    this.#port = port;
    this.#allocation = setInterval(() => this.allocate(), this.options.allocationMs);
  }

  /** Ends every timer; streams break with the server. */
  stop(): void {
    clearInterval(this.#allocation);
    for (const framework of this.frameworks.values()) {
      clearTimeout(framework.failover);
      clearInterval(framework.heartbeat);
    }
    for (const agent of this.agents.values()) {
      clearTimeout(agent.removal);
      clearInterval(agent.ping);
      agent.channel = undefined;
    }
    for (const channel of this.channels) channel.close();
  }

  get pid(): string {
    return `master@${this.options.ip}:${this.#port}`;
  }

  get info(): MasterInfo {
    return renderMasterInfo(this.id, this.options, this.#port);
  }

  nextFrameworkId(): string {
    return `${this.id}-${String(this.#frameworkCount++).padStart(4, '0')}`;
  }

  nextAgentId(): string {
    return `${this.id}-S${this.#agentCount++}`;
  }

  send(framework: FrameworkRecord, event: SchedulerEvent): void {
    framework.stream?.send(renderJson(SCHEDULER_API, 'Event', event));
  }

  sendUpdate(framework: FrameworkRecord, status: TaskStatus): void {
    this.send(framework, { type: 'UPDATE', update: { status } });
  }

  sendToAgents(message: MasterMessage): void {
    for (const agent of this.agents.values()) agent.channel?.send(message);
  }

  tasksOn(agentId: string): TaskRecord[] {
    return [...this.frameworks.values()].flatMap((framework) =>
      [...framework.tasks.values()].filter((task) => task.agentId === agentId),
    );
  }

  /** Held by live tasks and by executors. */
  usedOn(agent: AgentRecord): Resource[] {
    const tasks = this.tasksOn(agent.id).filter(isLive);
    const executors = [...agent.executors.values()];
    return [...tasks, ...executors].flatMap((holder) => [...(holder.info.resources ?? [])]);
  }

  usedBy(framework: FrameworkRecord): Resource[] {
    const tasks = [...framework.tasks.values()].filter(isLive).flatMap((task) => task.info.resources ?? []);
    const executors = [...this.agents.values()]
      .flatMap((agent) => [...agent.executors.values()])
      .filter((executor) => executor.frameworkId === framework.id);
    return [...tasks, ...executors.flatMap((executor) => executor.info.resources ?? [])];
  }

  offersOf(match: { agentId?: string; frameworkId?: string }): OfferRecord[] {
    const { agentId, frameworkId } = match;
    return [...this.offers.values()].filter(
      (offer) =>
        (agentId === undefined || offer.agentId === agentId) &&
        (frameworkId === undefined || offer.frameworkId === frameworkId),
    );
  }

  /** Who may be offered resources of an agent that is here and was not sent away by an operator. */
  #freeAgents(): FreeAgent[] {
    const active = [...this.agents.values()].filter(
      (agent) => agent.channel !== undefined && !agent.deactivated,
    );
    return active.map((agent) => {
      const offered = this.offersOf({ agentId: agent.id }).flatMap((offer) => offer.allocated);
      const taken = unallocated([...this.usedOn(agent), ...offered]);
      return { id: agent.id, available: subtractResources(agent.total, taken) };
    });
  }

  /** One round of allocation: whatever is free and wanted is offered now. */
  allocate(): void {
    for (const agent of this.agents.values()) settleDrain(this, agent);
    const nowMs = Date.now();
    const connected = [...this.frameworks.values()].filter((framework) => framework.stream !== undefined);
    for (const framework of connected)
      framework.filters = framework.filters.filter((entry) => entry.untilMs > nowMs);
    const offered = allocate(this.#freeAgents(), biddersOf(this, connected), nowMs);
    for (const framework of connected)
      this.#offer(
        framework,
        offered.filter((allocation) => allocation.frameworkId === framework.id),
      );
    sendInverseOffers(this, nowMs);
  }

  #offer(framework: FrameworkRecord, allocations: readonly Allocation[]): void {
    if (allocations.length === 0) return;
    const offers = allocations.map((allocation) => this.#createOffer(framework, allocation));
    this.send(framework, { type: 'OFFERS', offers: { offers } });
  }

  nextOfferId(): string {
    return `${this.id}-O${this.#offerCount++}`;
  }

  #createOffer(framework: FrameworkRecord, allocation: Allocation): Offer {
    const { agentId, role } = allocation;
    const id = this.nextOfferId();
    const agent = this.agents.get(agentId) as AgentRecord;
    const offer = renderOffer(id, agent, allocation, this.maintenance.unavailabilityOf(agent));
    this.offers.set(id, { id, frameworkId: framework.id, agentId, role, allocated: offer.resources ?? [] });
    return asSeenBy(framework, offer);
  }

  /** Takes an offer out of play; its resources are free, for this framework only after the refusal. */
  recoverOffer(offer: OfferRecord, unused: readonly Resource[], refuseSeconds?: number): void {
    this.offers.delete(offer.id);
    const framework = this.frameworks.get(offer.frameworkId);
    const holdMs = refusalMs(refuseSeconds, this.options.allocationMs);
    if (framework === undefined || holdMs === 0 || unused.length === 0) return;
    const { agentId, role } = offer;
    framework.filters.push({ agentId, role, resources: unused, untilMs: Date.now() + holdMs });
  }

  /** Takes an offer back from a framework that still holds it. */
  rescind(offer: OfferRecord): void {
    this.offers.delete(offer.id);
    const framework = this.frameworks.get(offer.frameworkId);
    if (framework !== undefined)
      this.send(framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } });
  }

  addFramework(id: string, info: FrameworkInfo, roles: readonly string[]): FrameworkRecord {
    const framework = createFramework(id, info, roles);
    this.frameworks.set(id, framework);
    return framework;
  }

  /** Ends a framework for good: its tasks are killed, and its id is refused from now on. */
  removeFramework(framework: FrameworkRecord): void {
    clearTimeout(framework.failover);
    clearInterval(framework.heartbeat);
    framework.stream?.end();
    framework.stream = undefined;
    framework.unregisteredMs = Date.now();
    for (const offer of this.offersOf({ frameworkId: framework.id })) this.offers.delete(offer.id);
    for (const { id, frameworkId } of this.inverseOffers.values())
      if (frameworkId === framework.id) this.inverseOffers.delete(id);
    this.frameworks.delete(framework.id);
    for (const task of framework.tasks.values())
      framework.completedTasks.push({ ...task, state: 'TASK_KILLED' });
    framework.tasks.clear();
    this.completed.push(framework);
    if (this.completed.length > KEPT_FRAMEWORKS) this.completed.shift();
    this.sendToAgents({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: framework.id });
  }
}
