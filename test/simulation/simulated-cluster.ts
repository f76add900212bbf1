/** Mesos with its faults, and a scheduler that can be killed: plays a script, then lets everything come to rest. */
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import { step as engineStep } from '../../scheduler/core/engine.ts';
import type { EngineEvent } from '../../scheduler/core/engine-state.ts';
import { judgeAction } from '../../scheduler/core/operators/judge-action.ts';
import type { OperatorAction } from '../../scheduler/core/operator-action.ts';
import type { ServiceSpec } from '../../scheduler/core/service-spec.ts';
import type { PerformableEffect } from '../../scheduler/engine-loop.ts';
import { type Chance, createChance } from './chance.ts';
import { disturb } from './disturb.ts';
import { checkOffer, checkRivals, checkStored, checkTaskIds, isAway, type Told } from './launch-checks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import type { Script } from './script.ts';
import { SimulatedAgent, isEnded } from './simulated-agent.ts';
import { SimulatedMaster } from './simulated-master.ts';
import { SimulatedScheduler } from './simulated-scheduler.ts';

const HOSTS = ['h1', 'h2', 'h3', 'h4'];
const SETTLE_TURNS = 200;
const SETTLE_TURN_MS = 30_000;
/** At rest nothing is launched or killed any more. */
const REST_TURNS = 30;

export type SimulationStep = typeof engineStep;

export class SimulatedCluster {
  readonly master: SimulatedMaster;
  readonly store = new MemoryRecordStore();
  readonly scheduler: SimulatedScheduler;
  readonly problems: string[] = [];
  nowMs = 1_000_000;
  /** Calls do not reach the master in this turn, and the connection breaks after it. */
  losesCalls = false;
  /** Offers are void at the master before the scheduler has answered them. */
  rescinds = false;
  readonly #told = new Map<string, Told>();
  /** Tasks that an operator gave up where they are: out of reach, they count as gone at once. */
  readonly #givenUp = new Set<string>();
  readonly #taskIds = new Set<string>();
  readonly #chance: Chance;
  #actions = 0;
  #generations = 0;

  constructor(spec: ServiceSpec, seed: number, step: SimulationStep = engineStep) {
    this.#chance = createChance(seed);
    this.master = new SimulatedMaster(HOSTS.map((host) => this.createAgent(host)));
    this.scheduler = new SimulatedScheduler({
      spec,
      step,
      store: this.store,
      perform: (effect) => this.#perform(effect),
      now: () => this.nowMs,
      chance: this.#chance,
    });
  }

  createAgent(host: string): SimulatedAgent {
    this.#generations += 1;
    return new SimulatedAgent(host, this.#generations);
  }

  async play(script: Script): Promise<void> {
    await this.restart();
    for (const { disturbance, advanceMs } of script.turns) {
      if (disturbance !== undefined) await disturb(this, disturbance);
      await this.#turn(advanceMs);
    }
    await this.#settle();
  }

  async restart(): Promise<void> {
    this.scheduler.kill();
    await this.scheduler.start();
    this.master.subscribe();
  }

  async order(action: OperatorAction): Promise<void> {
    if (judgeAction(this.scheduler.state, action) !== undefined) return;
    const { task } = (action.kind === 'replace' && this.scheduler.state.instances[action.instance]) || {};
    if (task !== undefined) this.#giveUp(task.taskId);
    await this.scheduler.receive({ kind: 'operator', action });
  }

  #giveUp(taskId: string): void {
    this.#givenUp.add(taskId);
    const told = this.#told.get(taskId);
    if (told !== undefined) this.#told.set(taskId, { ...told, sinceMs: Number.NEGATIVE_INFINITY });
  }

  async #turn(advanceMs: number): Promise<void> {
    for (const agent of this.master.agents) agent.progress();
    this.master.forwardUpdates(this.nowMs);
    this.master.makeOffers(this.nowMs);
    await this.#deliver();
    this.nowMs += advanceMs;
    await this.scheduler.receive({ kind: 'tick' });
    if (this.losesCalls) await this.reconnect();
    this.losesCalls = false;
    this.rescinds = false;
    if (!this.scheduler.isAlive) await this.restart();
  }

  async reconnect(): Promise<void> {
    this.master.disconnect();
    await this.scheduler.receive({ kind: 'disconnected' });
    this.master.subscribe();
  }

  async #deliver(): Promise<void> {
    const events = this.master.inbox;
    this.master.inbox = [];
    if (this.rescinds) this.master.rescindAll();
    for (const event of events) {
      if (!this.scheduler.isAlive) return;
      this.#note(event);
      await this.scheduler.receive(event);
      this.#checkAnswered(event);
    }
  }

  /** What the scheduler hears, it must act by; a scheduler that dies meanwhile hears it again. */
  #note(event: EngineEvent): void {
    if (event.kind !== 'update') return;
    const { state, task_id } = event.status as TaskStatus;
    const before = this.#told.get(task_id.value);
    const awaySinceMs =
      before !== undefined && isAway(before.state) && isAway(state) ? before.sinceMs : this.nowMs;
    const sinceMs = this.#givenUp.has(task_id.value) ? Number.NEGATIVE_INFINITY : awaySinceMs;
    this.#told.set(task_id.value, { state, sinceMs });
  }

  #checkAnswered(event: EngineEvent): void {
    if (event.kind !== 'offers' || !this.scheduler.isAlive || this.losesCalls) return;
    for (const { id } of event.offers)
      if (this.master.offers.has(id.value)) this.problems.push(`offer ${id.value} was not answered`);
  }

  #perform(effect: PerformableEffect): void {
    if (effect.kind === 'log' || this.losesCalls) return;
    switch (effect.kind) {
      case 'accept':
        return this.#accept(effect);
      case 'decline':
        for (const id of effect.offerIds) this.master.close(id, this.nowMs + effect.refuseSeconds * 1000);
        return;
      case 'kill':
        this.#actions += 1;
        return this.master.kill(effect.taskId, this.nowMs);
      case 'acknowledge':
        this.master.agents.find(({ id }) => id === effect.agentId)?.acknowledge(effect.taskId, effect.uuid);
        return;
      case 'reconcile':
        if (effect.tasks.length === 0) this.master.reconcileAll(this.nowMs);
        for (const { taskId, agentId } of effect.tasks) this.master.reconcile(taskId, agentId, this.nowMs);
        return;
      case 'suppress':
        return this.master.suppress();
      case 'revive':
        return this.master.revive();
      case 'teardown':
        return this.master.tearDown();
    }
  }

  #accept(effect: Extract<PerformableEffect, { kind: 'accept' }>): void {
    this.#actions += 1;
    const { launches } = effect;
    const offer = this.master.close(effect.offerId, this.nowMs + effect.refuseSeconds * 1000);
    const around = { agents: this.master.agents, told: this.#told, nowMs: this.nowMs };
    this.problems.push(
      ...checkOffer(offer, launches),
      ...checkStored(this.store, launches),
      ...checkRivals(launches, around),
      ...checkTaskIds(launches, this.#taskIds),
    );
    for (const { placed, agentId, placement } of launches) {
      this.#taskIds.add(placed.taskId);
      const agent = this.master.agents.find(({ id }) => id === agentId);
      if (offer === undefined || agent === undefined) this.master.drop(placed.taskId, agentId);
      else
        agent.launch({
          id: placed.taskId,
          instance: placed.instance,
          resources: [...placement.task, ...placement.executor],
        });
    }
  }

  /** No fault any more, hours pass, what was paused is resumed. */
  async #settle(): Promise<void> {
    for (const agent of this.master.agents) if (!agent.reachable) this.master.welcome(agent, this.nowMs);
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
      // More than once: a last crash may have swallowed the order.
      if (turn < 3) await this.#resumeAll();
      if (turn === SETTLE_TURNS - REST_TURNS) this.#actions = 0;
      await this.#turn(SETTLE_TURN_MS);
    }
    if (this.#actions > 0) this.problems.push(`no rest: ${this.#actions} launches or kills at the end`);
    this.#checkRest();
  }

  async #resumeAll(): Promise<void> {
    for (const instance of Object.keys(this.scheduler.state.instances))
      await this.order({ kind: 'resume', instance });
  }

  #checkRest(): void {
    const { instances } = this.scheduler.state;
    const live = this.master.agents.flatMap((agent) => agent.listLive());
    const known = new Map(Object.values(instances).map(({ name, task }) => [task?.taskId, name]));
    for (const { id } of live) if (!known.has(id)) this.problems.push(`unknown task ${id} runs`);
    for (const { name, phase, task } of Object.values(instances)) {
      const isRunning = live.some((candidate) => candidate.id === task?.taskId && !isEnded(candidate));
      if (!isRunning || phase !== 'ready') this.problems.push(`${name} (${phase}) runs no task`);
      if (JSON.stringify(this.store.readJson(`instances/${name}`)) !== JSON.stringify(instances[name]))
        this.problems.push(`${name} is not stored as it is`);
    }
    this.#checkWorkers();
  }

  /** One on every agent, where the service says so. */
  #checkWorkers(): void {
    const { instances, settings } = this.scheduler.state;
    if (settings.spec.components.every(({ count }) => count !== 'every-agent')) return;
    const workers = Object.values(instances).filter(({ component }) => component === 'worker');
    const hosts = new Set(workers.map(({ task }) => task?.hostname));
    if (hosts.size !== HOSTS.length) this.problems.push(`workers on ${hosts.size} of ${HOSTS.length} hosts`);
  }
}
