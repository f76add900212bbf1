/** Mesos with its faults as a plain object: agents, tasks, messages on their way, and a scheduler that can be killed. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { containsResources } from '../../protocol/resources.ts';
import type { step as engineStep } from '../../scheduler/core/engine.ts';
import type { EngineEffect } from '../../scheduler/core/engine-effects.ts';
import { type EngineEvent, type EngineState, createEngineState } from '../../scheduler/core/engine-state.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import type { ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { DEFAULT_TIMING } from '../../scheduler/core/timing.ts';
import { makeOffer } from '../support/engine-world.ts';

interface SimulatedTask {
  readonly id: string;
  readonly instance: string;
  readonly host: string;
  state: TaskState;
}

interface SimulatedAgent {
  readonly host: string;
  reachable: boolean;
}

const ENDED: readonly TaskState[] = ['TASK_FAILED', 'TASK_KILLED'];

/** Mulberry32. */
function createChance(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class SimulatedCluster {
  readonly #spec: ServiceSpec;
  readonly #step: typeof engineStep;
  readonly #chance: () => number;
  readonly #agents: SimulatedAgent[] = ['h1', 'h2', 'h3', 'h4'].map((host) => ({ host, reachable: true }));
  readonly #tasks = new Map<string, SimulatedTask>();
  readonly #problems: string[] = [];
  /** Survives the scheduler. */
  #disk: { frameworkId?: string | undefined; instances: Map<string, InstanceRecord> } = {
    instances: new Map(),
  };
  #offers = new Map<string, Offer>();
  #inbox: EngineEvent[] = [];
  #suppressed = false;
  #state: EngineState;
  #nowMs = 1_000_000;

  constructor(spec: ServiceSpec, seed: number, step: typeof engineStep) {
    this.#spec = spec;
    this.#step = step;
    this.#chance = createChance(seed);
    this.#state = this.#boot();
    this.#subscribe();
  }

  /** One random turn. */
  disturb(): void {
    const turn = this.#chance();
    if (turn < 0.04) this.#restartScheduler();
    else if (turn < 0.08) this.#toggleAgent();
    else if (turn < 0.16) this.#failTask();
    else if (turn < 0.2) this.#inbox = this.#inbox.filter(() => this.#chance() < 0.5);
    else if (turn < 0.24) this.#inbox.push(...this.#inbox.filter(() => this.#chance() < 0.5));
    else if (turn < 0.6) this.#makeOffers();
    else this.#progress();
    this.#deliver(this.#chance() < 0.03 ? 'crash' : 'run');
    this.#advance(1000 + this.#chance() * 9000);
  }

  /** No fault any more; an hour and a half passes. */
  settle(): void {
    for (const agent of this.#agents) this.#reach(agent);
    for (let turn = 0; turn < 180; turn += 1) {
      this.#makeOffers();
      this.#progress();
      this.#deliver('run');
      this.#advance(30_000);
    }
  }

  /** What is wrong now, and what ever was. */
  problems(): string[] {
    const live = this.#live();
    const known = new Set(Object.values(this.#state.instances).map(({ task }) => task?.taskId));
    const strays = live.filter(({ id }) => !known.has(id)).map(({ id }) => `unknown task ${id} runs`);
    const idle = Object.values(this.#state.instances)
      .filter(({ task }) => this.#tasks.get(task?.taskId ?? '')?.state !== 'TASK_RUNNING')
      .map(({ name, phase }) => `${name} (${phase}) runs no task`);
    const names = live.map(({ instance }) => instance);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    const workers = names.filter((name) => name.startsWith('worker')).length;
    const missing =
      workers === this.#agents.length ? [] : [`${workers} workers on ${this.#agents.length} agents`];
    return [...this.#problems, ...strays, ...idle, ...twice.map((name) => `${name} runs twice`), ...missing];
  }

  #live(): SimulatedTask[] {
    return [...this.#tasks.values()].filter(({ state }) => !ENDED.includes(state));
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#chance() * list.length)];
  }

  #boot(): EngineState {
    const settings = {
      spec: this.#spec,
      roles: ['r'] as const,
      address: 'hostname' as const,
      bundleSha256: 'b',
      timing: DEFAULT_TIMING,
    };
    const { frameworkId, instances } = this.#disk;
    return createEngineState(settings, { frameworkId, instances: [...instances.values()] }, this.#nowMs);
  }

  /** A new subscription voids offers; agents send again what was not acknowledged, here the state of every task. */
  #subscribe(): void {
    this.#offers.clear();
    this.#suppressed = false;
    this.#inbox = [];
    this.#feed({ kind: 'subscribed', frameworkId: 'F', master: 'm' }, 'run');
    for (const task of this.#tasks.values()) if (this.#isReachable(task.host)) this.#tell(task);
  }

  #restartScheduler(): void {
    this.#state = this.#boot();
    this.#subscribe();
  }

  #isReachable(host: string): boolean {
    return this.#agents.some((agent) => agent.host === host && agent.reachable);
  }

  #tell(task: SimulatedTask, state = task.state): void {
    const status: TaskStatus = {
      task_id: { value: task.id },
      agent_id: { value: `agent-${task.host}` },
      state,
      uuid: 'u',
    };
    this.#inbox.push({ kind: 'update', status });
  }

  #toggleAgent(): void {
    const agent = this.#pick(this.#agents);
    if (agent === undefined) return;
    if (!agent.reachable) return this.#reach(agent);
    agent.reachable = false;
    this.#inbox.push({ kind: 'failure', agentId: `agent-${agent.host}` });
    for (const task of this.#live()) if (task.host === agent.host) this.#tell(task, 'TASK_UNREACHABLE');
  }

  #reach(agent: SimulatedAgent): void {
    agent.reachable = true;
    for (const task of this.#tasks.values()) if (task.host === agent.host) this.#tell(task);
  }

  #failTask(): void {
    const task = this.#pick(this.#live());
    if (task === undefined) return;
    task.state = 'TASK_FAILED';
    if (this.#isReachable(task.host)) this.#tell(task);
  }

  #progress(): void {
    for (const task of this.#live()) {
      if (task.state !== 'TASK_STAGING' || !this.#isReachable(task.host)) continue;
      task.state = 'TASK_RUNNING';
      this.#tell(task);
    }
  }

  #makeOffers(): void {
    if (this.#suppressed) return;
    const offers = this.#agents
      .filter(({ reachable }) => reachable)
      .filter(() => this.#chance() < 0.8)
      .map(({ host }) => makeOffer(host));
    for (const offer of offers) this.#offers.set(offer.id.value, offer);
    if (offers.length > 0) this.#inbox.push({ kind: 'offers', offers });
  }

  #advance(ms: number): void {
    this.#nowMs += Math.round(ms);
    this.#feed({ kind: 'tick' }, 'run');
  }

  #deliver(mode: 'run' | 'crash'): void {
    const events = this.#inbox;
    this.#inbox = [];
    for (const event of events) if (!this.#feed(event, mode)) return;
  }

  /** False: the scheduler was killed after some of the effects, and a new one has subscribed. */
  #feed(event: EngineEvent, mode: 'run' | 'crash'): boolean {
    const { state, effects } = this.#step(this.#state, event, { nowMs: this.#nowMs, chance: this.#chance });
    this.#state = state;
    const performed = mode === 'run' ? effects.length : Math.floor(this.#chance() * effects.length);
    for (const effect of effects.slice(0, performed)) this.#perform(effect);
    if (mode === 'crash') this.#restartScheduler();
    return mode === 'run';
  }

  #perform(effect: EngineEffect): void {
    switch (effect.kind) {
      case 'persist':
        this.#disk.frameworkId = effect.frameworkId ?? undefined;
        for (const record of effect.changed) this.#disk.instances.set(record.name, record);
        for (const name of effect.removed) this.#disk.instances.delete(name);
        return;
      case 'accept':
        return this.#accept(effect);
      case 'decline':
        for (const id of effect.offerIds) this.#offers.delete(id);
        return;
      case 'kill':
        return this.#kill(effect.taskId);
      case 'reconcile':
        return this.#reconcile(effect.tasks);
      case 'suppress':
      case 'revive':
        this.#suppressed = effect.kind === 'suppress';
        return;
      case 'log':
      case 'acknowledge':
      case 'teardown':
        return;
    }
  }

  #accept(effect: Extract<EngineEffect, { kind: 'accept' }>): void {
    const offer = this.#offers.get(effect.offerId);
    this.#offers.delete(effect.offerId);
    const taken = effect.launches.flatMap(({ placement }) => [...placement.task, ...placement.executor]);
    if (offer !== undefined && !containsResources(offer.resources ?? [], taken))
      this.#problems.push(`offer ${effect.offerId} is overdrawn`);
    for (const { placed } of effect.launches) {
      const task = { id: placed.taskId, instance: placed.instance, host: placed.agentHostname };
      if (this.#tasks.has(task.id)) this.#problems.push(`task id ${task.id} is used twice`);
      if (offer === undefined || !this.#isReachable(task.host)) {
        this.#tell({ ...task, state: 'TASK_DROPPED' });
        continue;
      }
      const rival = this.#live().find(
        (other) => other.instance === task.instance && this.#isReachable(other.host),
      );
      if (rival !== undefined) this.#problems.push(`${task.instance} runs twice: ${rival.id} and ${task.id}`);
      this.#tasks.set(task.id, { ...task, state: 'TASK_STAGING' });
    }
  }

  #kill(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task === undefined || !this.#isReachable(task.host)) return;
    if (!ENDED.includes(task.state)) task.state = 'TASK_KILLED';
    this.#tell(task);
  }

  #reconcile(asked: readonly { readonly taskId: string; readonly agentId: string }[]): void {
    if (asked.length === 0)
      for (const task of this.#live()) if (this.#isReachable(task.host)) this.#tell(task);
    for (const { taskId, agentId } of asked) {
      const host = agentId.replace('agent-', '');
      const task = this.#tasks.get(taskId) ?? { id: taskId, instance: '', host, state: 'TASK_GONE' as const };
      this.#tell(task, this.#isReachable(host) ? task.state : 'TASK_UNREACHABLE');
    }
  }
}
