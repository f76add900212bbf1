/** A master: what it knows of agents and tasks, the offers that are out, and the events on their way to the scheduler. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { subtractResources } from '../../protocol/resources.ts';
import type { EngineEvent } from '../../scheduler/core/engine-state.ts';
import { makeOffer } from '../support/engine-world.ts';
import { type SimulatedAgent, isEnded } from './simulated-agent.ts';

const RESEND_MS = 10_000;
/** Agents come back to a new master one after the other. */
const REREGISTER_MS = 7000;

interface SentUpdate {
  readonly uuid: string | undefined;
  readonly atMs: number;
}

export class SimulatedMaster {
  agents: SimulatedAgent[];
  readonly offers = new Map<string, Offer>();
  inbox: EngineEvent[] = [];
  isTornDown = false;
  readonly #registeredAtMs = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #sent = new Map<string, SentUpdate>();
  /** Until when the framework wants no offers of an agent. */
  readonly #refusedUntilMs = new Map<string, number>();
  #suppressed = false;
  #subscribed = false;

  constructor(agents: SimulatedAgent[]) {
    this.agents = agents;
    for (const { id } of agents) this.#registeredAtMs.set(id, 0);
  }

  subscribe(): void {
    this.disconnect();
    this.#subscribed = true;
    this.#suppressed = false;
    this.#refusedUntilMs.clear();
    this.inbox.push({ kind: 'subscribed', frameworkId: 'F', master: 'm' });
  }

  /** All offers are void, what was under way is lost, unacknowledged updates come again at once. */
  disconnect(): void {
    this.#subscribed = false;
    this.offers.clear();
    this.#sent.clear();
    this.inbox = [];
  }

  /** The new master has an empty registry: it knows an agent when that has come back. */
  failOver(nowMs: number): void {
    this.disconnect();
    this.#lost.clear();
    for (const [index, { id }] of this.agents.entries())
      this.#registeredAtMs.set(id, nowMs + (index + 1) * REREGISTER_MS);
  }

  isVisible(agent: SimulatedAgent, nowMs: number): boolean {
    return agent.reachable && (this.#registeredAtMs.get(agent.id) ?? Number.POSITIVE_INFINITY) <= nowMs;
  }

  lose(agent: SimulatedAgent): void {
    agent.reachable = false;
    this.#lost.add(agent.id);
    for (const [id, offer] of this.offers) if (offer.agent_id.value === agent.id) this.offers.delete(id);
    this.#tell({ kind: 'failure', agentId: agent.id });
    for (const { id } of agent.listLive()) this.#answer(id, agent.id, 'TASK_UNREACHABLE');
  }

  welcome(agent: SimulatedAgent, nowMs: number): void {
    agent.reachable = true;
    this.#lost.delete(agent.id);
    this.#registeredAtMs.set(agent.id, nowMs);
    this.#refusedUntilMs.delete(agent.id);
    for (const { id, state } of agent.listLive()) this.#answer(id, agent.id, state);
  }

  #tell(event: EngineEvent): void {
    if (this.#subscribed) this.inbox.push(event);
  }

  #answer(taskId: string, agentId: string | undefined, state: TaskState, reason?: string): void {
    const status: TaskStatus = {
      task_id: { value: taskId },
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
      state,
      source: 'SOURCE_MASTER',
      ...(reason === undefined ? {} : { reason }),
    };
    this.#tell({ kind: 'update', status });
  }

  drop(taskId: string, agentId: string): void {
    this.#answer(taskId, agentId, 'TASK_DROPPED', 'REASON_INVALID_OFFERS');
  }

  /** Sends the first unacknowledged update of every task, again after ten seconds. */
  forwardUpdates(nowMs: number): void {
    for (const agent of this.agents.filter((candidate) => this.isVisible(candidate, nowMs)))
      for (const task of agent.tasks.values()) {
        const [head] = task.updates;
        const sent = this.#sent.get(task.id);
        if (head === undefined) continue;
        if (sent !== undefined && sent.uuid === head.uuid && nowMs - sent.atMs < RESEND_MS) continue;
        this.#sent.set(task.id, { uuid: head.uuid, atMs: nowMs });
        this.#tell({ kind: 'update', status: head });
      }
  }

  makeOffers(nowMs: number): void {
    if (this.#suppressed || !this.#subscribed || this.isTornDown) return;
    const offers = this.agents
      .filter((agent) => this.isVisible(agent, nowMs) && (this.#refusedUntilMs.get(agent.id) ?? 0) <= nowMs)
      .map((agent) => ({ agent, free: this.#unoffered(agent) }))
      .filter(({ free }) => free.length > 0)
      .map(({ agent, free }) => ({ ...makeOffer(agent.host, free), agent_id: { value: agent.id } }));
    for (const offer of offers) this.offers.set(offer.id.value, offer);
    if (offers.length > 0) this.#tell({ kind: 'offers', offers });
  }

  #unoffered(agent: SimulatedAgent): Resource[] {
    const out = [...this.offers.values()].filter(({ agent_id }) => agent_id.value === agent.id);
    return subtractResources(
      [...agent.free],
      out.flatMap(({ resources = [] }) => resources),
    );
  }

  /** The offer is answered; what is left of it is not offered again for so long. */
  close(offerId: string, untilMs: number): Offer | undefined {
    const offer = this.offers.get(offerId);
    this.offers.delete(offerId);
    if (offer !== undefined) this.#refusedUntilMs.set(offer.agent_id.value, untilMs);
    return offer;
  }

  suppress(): void {
    this.#suppressed = true;
  }

  revive(): void {
    this.#suppressed = false;
    this.#refusedUntilMs.clear();
  }

  /** A rescinded offer is void; whoever accepts it all the same gets DROPPED. */
  rescindAll(): void {
    this.offers.clear();
  }

  kill(taskId: string, nowMs: number): void {
    const agent = this.agents.find(({ tasks }) => tasks.has(taskId));
    const task = agent?.tasks.get(taskId);
    if (agent === undefined || task === undefined || !this.isVisible(agent, nowMs) || isEnded(task))
      return this.reconcile(taskId, agent?.id, nowMs);
    agent.report(task, 'TASK_KILLED');
  }

  reconcile(taskId: string, agentId: string | undefined, nowMs: number): void {
    const agent = this.agents.find(({ id }) => id === agentId);
    if (agentId !== undefined && this.#lost.has(agentId))
      return this.#answer(taskId, agentId, 'TASK_UNREACHABLE');
    if (agent === undefined || !this.isVisible(agent, nowMs))
      return this.#answer(taskId, agentId, 'TASK_UNKNOWN');
    this.#answer(taskId, agentId, agent.tasks.get(taskId)?.state ?? 'TASK_GONE', 'REASON_RECONCILIATION');
  }

  reconcileAll(nowMs: number): void {
    for (const agent of this.agents.filter((candidate) => this.isVisible(candidate, nowMs)))
      for (const { id, state } of agent.listLive()) this.#answer(id, agent.id, state);
  }

  tearDown(): void {
    this.isTornDown = true;
    for (const agent of this.agents) for (const task of agent.listLive()) agent.report(task, 'TASK_KILLED');
  }
}
