/** Mesos with its faults, and a scheduler that can be killed: plays a script, then lets everything come to rest. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import { step as engineStep } from '../../scheduler/core/engine.ts';
import type { EngineEvent } from '../../scheduler/core/engine-state.ts';
import { judgeAction } from '../../scheduler/core/operators/judge-action.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import type { OperatorAction } from '../../scheduler/core/operator-action.ts';
import { createChance } from './chance.ts';
import { disturb } from './disturb.ts';
import { type Told, isAway } from './launch-checks.ts';
import { MemoryRecordStore } from './memory-record-store.ts';
import { perform } from './perform.ts';
import { checkRest, checkTornDown } from './rest-checks.ts';
import type { Script, Variant } from './script.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { SimulatedMaster } from './simulated-master.ts';
import { SimulatedScheduler } from './simulated-scheduler.ts';
import { createConfiguration } from './simulated-service.ts';

const HOSTS = ['h1', 'h2', 'h3', 'h4'];
const SETTLE_TURNS = 200;
const SETTLE_TURN_MS = 30_000;
const TEARDOWN_TURN_MS = 2000;
/** At rest nothing is launched or killed any more. */
const REST_TURNS = 30;
/** Orders are repeated in the first turns of the settling: a last crash may have swallowed one. */
const ORDER_TURNS = 5;
const TEARDOWN_GRACE_MS = 45_000;

export type SimulationStep = typeof engineStep;

export class SimulatedCluster {
  readonly master: SimulatedMaster;
  readonly store = new MemoryRecordStore();
  readonly scheduler: SimulatedScheduler;
  readonly problems: string[] = [];
  readonly told = new Map<string, Told>();
  readonly taskIds = new Set<string>();
  /** What the operator has written down. */
  variant: Variant = 'small';
  nowMs = 1_000_000;
  /** Launches and kills. */
  actions = 0;
  /** Calls do not reach the master in this turn, and the connection breaks after it. */
  losesCalls = false;
  /** Offers are void at the master before the scheduler has answered them. */
  rescinds = false;
  readonly #script: Script;
  readonly #givenUp = new Set<string>();
  #later: (() => Promise<void>)[] = [];
  #generations = 0;

  constructor(script: Script, step: SimulationStep = engineStep) {
    this.#script = script;
    this.master = new SimulatedMaster(HOSTS.map((host) => this.createAgent(host)));
    this.scheduler = new SimulatedScheduler({
      configuration: (rollback) => {
        const variant = rollback?.from === this.variant ? (rollback.to as Variant) : this.variant;
        return createConfiguration(script.service, variant);
      },
      step,
      store: this.store,
      perform: (effect) => perform(this, effect),
      now: () => this.nowMs,
      chance: createChance(script.seed),
    });
  }

  createAgent(host: string): SimulatedAgent {
    this.#generations += 1;
    return new SimulatedAgent(host, this.#generations);
  }

  findAgent(id: string): SimulatedAgent | undefined {
    return this.master.agents.find((agent) => agent.id === id);
  }

  close(offerId: string, refuseSeconds: number): Offer | undefined {
    return this.master.close(offerId, this.nowMs + refuseSeconds * 1000);
  }

  /** Not within the effect that asks for it. */
  later(work: () => Promise<void>): void {
    this.#later.push(work);
  }

  async configureAgain(variant: Variant): Promise<void> {
    const configuration = createConfiguration(this.#script.service, variant);
    await this.scheduler.receive({ kind: 'configured', ...configuration });
  }

  async play(): Promise<void> {
    await this.restart();
    for (const { disturbance, advanceMs } of this.#script.turns) {
      if (disturbance !== undefined) await disturb(this, disturbance);
      await this.#turn(advanceMs);
    }
    await this.#settle();
    for (const { problems } of this.master.agents) this.problems.push(...problems);
  }

  async restart(): Promise<void> {
    this.scheduler.kill();
    this.#later = [];
    await this.scheduler.start();
    this.master.subscribe();
    // Mesos refuses a framework that was removed: the scheduler before did not hear that its TEARDOWN was taken.
    if (this.master.isTornDown) await this.scheduler.forget();
  }

  async order(action: OperatorAction): Promise<void> {
    if (judgeAction(this.scheduler.state, action) !== undefined) return;
    for (const { task } of this.#listGivenUp(action)) if (task !== undefined) this.#giveUp(task.taskId);
    await this.scheduler.receive({ kind: 'operator', action });
  }

  /** Whoever replaces or scales away an instance does not wait for a task that Mesos has lost sight of. */
  #listGivenUp(action: OperatorAction): InstanceRecord[] {
    return this.scheduler.state.instances.list().filter((instance) => {
      if (action.kind === 'replace') return instance.name === action.instance;
      if (action.kind !== 'scale') return false;
      return instance.component === action.component && instance.index >= action.count;
    });
  }

  #giveUp(taskId: string): void {
    this.#givenUp.add(taskId);
    const told = this.told.get(taskId);
    if (told !== undefined) this.told.set(taskId, { ...told, sinceMs: Number.NEGATIVE_INFINITY });
  }

  async #turn(advanceMs: number): Promise<void> {
    for (const agent of this.master.agents) agent.progress();
    this.master.forwardUpdates(this.nowMs);
    this.master.makeOffers(this.nowMs);
    await this.#deliver();
    this.nowMs += advanceMs;
    await this.scheduler.receive({ kind: 'tick' });
    await this.#catchUp();
    if (this.losesCalls) await this.reconnect();
    this.losesCalls = false;
    this.rescinds = false;
    if (!this.scheduler.isAlive && !this.#isOver) await this.restart();
  }

  async #catchUp(): Promise<void> {
    const works = this.#later;
    this.#later = [];
    for (const work of works) await work();
  }

  /** Mesos has removed the framework, and the scheduler knows. */
  get #isOver(): boolean {
    return this.master.isTornDown && this.store.readJson('framework-id') === undefined;
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
      await this.#tell(event);
      this.#checkAnswered(event);
    }
  }

  /** Whoever dies because nothing could be stored has heard nothing. */
  async #tell(event: EngineEvent): Promise<void> {
    const isStoreFailing = this.store.failure === 'before';
    const before = new Map(isStoreFailing ? this.told : []);
    this.#note(event);
    await this.scheduler.receive(event);
    if (!isStoreFailing || this.scheduler.isAlive) return;
    this.told.clear();
    for (const [taskId, told] of before) this.told.set(taskId, told);
  }

  /** What the scheduler hears, it must act by; a scheduler that dies meanwhile hears it again. */
  #note(event: EngineEvent): void {
    if (event.kind !== 'update') return;
    const { state, task_id } = event.status as TaskStatus;
    const before = this.told.get(task_id.value);
    const awaySinceMs =
      before !== undefined && isAway(before.state) && isAway(state) ? before.sinceMs : this.nowMs;
    const sinceMs = this.#givenUp.has(task_id.value) ? Number.NEGATIVE_INFINITY : awaySinceMs;
    this.told.set(task_id.value, { state, sinceMs });
  }

  #checkAnswered(event: EngineEvent): void {
    if (event.kind !== 'offers' || !this.scheduler.isAlive || this.losesCalls) return;
    for (const { id } of event.offers)
      if (this.master.offers.has(id.value)) this.problems.push(`offer ${id.value} was not answered`);
  }

  /** No fault any more, hours pass, what was paused is resumed. */
  async #settle(): Promise<void> {
    const isTeardown = this.#script.end === 'teardown';
    for (const agent of this.master.agents) if (!agent.reachable) this.master.welcome(agent, this.nowMs);
    for (let turn = 0; turn < SETTLE_TURNS && !this.#isOver; turn += 1) {
      if (turn < ORDER_TURNS) await this.#mend();
      else if (isTeardown) await this.#tearDown();
      if (turn === SETTLE_TURNS - REST_TURNS) this.actions = 0;
      // Reservations are given back within seconds of a teardown, or not at all.
      await this.#turn(isTeardown ? TEARDOWN_TURN_MS : SETTLE_TURN_MS);
    }
    if (isTeardown) return void this.problems.push(...checkTornDown(this));
    if (this.actions > 0) this.problems.push(`no rest: ${this.actions} launches or kills at the end`);
    this.problems.push(...checkRest(this));
  }

  async #tearDown(): Promise<void> {
    await this.order({ kind: 'teardown', graceMs: TEARDOWN_GRACE_MS });
  }

  /** What an operator does when all machines are back. */
  async #mend(): Promise<void> {
    await this.#replaceLost();
    await this.#resumeAll();
  }

  /** A volume that is on no machine any more is gone for good. */
  async #replaceLost(): Promise<void> {
    const there = new Set(
      this.master.agents.flatMap(({ volumes }) => volumes).map(({ disk }) => disk?.persistence?.id),
    );
    for (const { name, reserved = [] } of this.scheduler.state.instances.list())
      if (reserved.some(({ disk }) => disk?.persistence !== undefined && !there.has(disk.persistence.id)))
        await this.order({ kind: 'replace', instance: name });
  }

  async #resumeAll(): Promise<void> {
    for (const hostname of HOSTS) await this.order({ kind: 'undrain', hostname });
    await this.order({ kind: 'resume-plan' });
    for (const instance of this.scheduler.state.instances.names())
      await this.order({ kind: 'resume', instance });
  }
}
