/** The working copy of one step: changed in place while the step runs, handed out as a new state and a list of effects. */
import type { EngineEffect } from './engine-effects.ts';
import { orderEffects } from './engine-effects.ts';
import { type EngineFacts, listChangedFacts } from './engine-facts.ts';
import type { EngineState, StepMoment, TimedEvaluation } from './engine-state.ts';
import type { InstanceRecord } from './instance.ts';
import type { Table } from './table.ts';
import { addQuestion } from './tasks/reconciliation.ts';
import { type InstanceEvent, type Moment, transition } from './tasks/task-life-cycle.ts';

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}

export class Draft {
  state: EngineState;
  readonly moment: StepMoment;
  readonly #before: EngineState;
  readonly #effects: EngineEffect[] = [];
  #instances: Table<InstanceRecord> | undefined;
  #evaluations: Table<readonly TimedEvaluation[]> | undefined;

  constructor(state: EngineState, moment: StepMoment) {
    this.state = state;
    this.#before = state;
    this.moment = moment;
  }

  /** The state before the step. */
  get before(): EngineState {
    return this.#before;
  }

  get nowMs(): number {
    return this.moment.nowMs;
  }

  /** The moment with one number of chance. */
  drawMoment(): Moment {
    return { nowMs: this.nowMs, chance: this.moment.chance(), timing: this.state.settings.timing };
  }

  add(effect: EngineEffect): void {
    this.#effects.push(effect);
  }

  log(level: 'info' | 'warn' | 'error', text: string, fields: Readonly<Record<string, unknown>>): void {
    this.add({ kind: 'log', level, text, fields });
  }

  /** Copied at the first change only: a step may change thousands of them. */
  #ownInstances(): Table<InstanceRecord> {
    if (this.#instances === undefined || this.#instances !== this.state.instances) {
      this.#instances = this.state.instances.copy();
      this.state = { ...this.state, instances: this.#instances };
    }
    return this.#instances;
  }

  #ownEvaluations(): Table<readonly TimedEvaluation[]> {
    if (this.#evaluations === undefined || this.#evaluations !== this.state.evaluations) {
      this.#evaluations = this.state.evaluations.copy();
      this.state = { ...this.state, evaluations: this.#evaluations };
    }
    return this.#evaluations;
  }

  put(instance: InstanceRecord): void {
    if (this.state.instances.get(instance.name) !== instance)
      this.#ownInstances().set(instance.name, instance);
  }

  /** Keeps why an instance was not placed. */
  explain(name: string, evaluations: readonly TimedEvaluation[]): void {
    if (evaluations !== this.state.evaluations.get(name)) this.#ownEvaluations().set(name, evaluations);
  }

  remove(name: string): void {
    this.#ownInstances().delete(name);
    if (this.state.evaluations.has(name)) this.#ownEvaluations().delete(name);
  }

  /** A fact is kept with the same care as an instance. */
  note(facts: EngineFacts): void {
    this.state = { ...this.state, facts: { ...this.state.facts, ...facts } };
  }

  /** Sends an event through the task life cycle and takes over what follows from it. */
  apply(name: string, event: InstanceEvent): void {
    const before = this.state.instances.get(name);
    if (before === undefined) return;
    const result = transition(before, event, this.drawMoment());
    if (result === undefined) {
      this.log('warn', 'event ignored: illegal in this phase', {
        instance: name,
        phase: before.phase,
        event: event.kind === 'status' ? event.state : event.kind,
      });
      return;
    }
    this.put(result.instance);
    this.#logChange(before, result.instance);
    for (const effect of result.effects) {
      if (effect.kind === 'ask') this.ask(effect);
      else this.add(effect);
    }
  }

  /** Asks Mesos about a task with the next RECONCILE. */
  ask(task: { readonly taskId: string; readonly agentId: string }): void {
    this.state = {
      ...this.state,
      reconciliation: addQuestion(this.state.reconciliation, task, this.nowMs),
    };
  }

  #logChange(before: InstanceRecord, after: InstanceRecord): void {
    if (before.phase === after.phase) return;
    const task = after.task ?? before.task;
    this.log(after.phase === 'refused' ? 'error' : 'info', `instance is ${after.phase}`, {
      instance: after.name,
      before: before.phase,
      taskId: task?.taskId,
      host: task?.hostname,
      state: after.lastState,
      message: after.phase === 'waiting' || after.phase === 'refused' ? after.lastMessage : undefined,
      retryInMs: after.phase === 'waiting' ? Math.max(0, after.notBeforeMs - this.nowMs) : undefined,
    });
  }

  /** The result; what must survive a crash stands before what acts on it. */
  finish(): Step {
    const { instances, frameworkId } = this.state;
    const names = instances.listChanged(this.#before.instances);
    const changed = names.flatMap((name) => instances.get(name) ?? []);
    const removed = names.filter((name) => !instances.has(name));
    const facts = listChangedFacts(this.#before.facts, this.state.facts);
    const isSame = frameworkId === this.#before.frameworkId && Object.keys(facts).length === 0;
    if (!isSame || names.length > 0)
      this.add({ kind: 'persist', frameworkId: frameworkId ?? null, changed, removed, facts });
    return { state: this.state, effects: orderEffects(this.#effects) };
  }
}
