/** The working copy of one step: changed in place while the step runs, handed out as a new state and a list of effects. */
import type { EngineEffect } from './engine-effects.ts';
import { orderEffects } from './engine-effects.ts';
import { type EngineFacts, listChangedFacts } from './engine-facts.ts';
import type { EngineState, StepMoment, TimedEvaluation } from './engine-state.ts';
import type { InstanceRecord } from './instance.ts';
import { addQuestion } from './tasks/reconciliation.ts';
import { type InstanceEvent, type Moment, transition } from './tasks/task-life-cycle.ts';

export interface Step {
  readonly state: EngineState;
  readonly effects: readonly EngineEffect[];
}

interface OwnedRecords {
  readonly instances: Record<string, InstanceRecord>;
  readonly evaluations: Record<string, readonly TimedEvaluation[]>;
}

export class Draft {
  state: EngineState;
  readonly moment: StepMoment;
  readonly #before: EngineState;
  readonly #effects: EngineEffect[] = [];
  #owned: OwnedRecords | undefined;

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

  /** The records are copied at the first change only: a step may change thousands of them. */
  #own(): OwnedRecords {
    if (this.#owned === undefined || this.#owned.instances !== this.state.instances) {
      const { instances, evaluations } = this.state;
      this.#owned = { instances: { ...instances }, evaluations: { ...evaluations } };
      this.state = { ...this.state, ...this.#owned };
    }
    return this.#owned;
  }

  put(instance: InstanceRecord): void {
    if (this.state.instances[instance.name] !== instance) this.#own().instances[instance.name] = instance;
  }

  /** Keeps why an instance was not placed. */
  explain(name: string, evaluations: readonly TimedEvaluation[]): void {
    if (evaluations !== this.state.evaluations[name]) this.#own().evaluations[name] = evaluations;
  }

  remove(name: string): void {
    const { instances, evaluations } = this.#own();
    delete instances[name];
    delete evaluations[name];
  }

  /** A fact is kept with the same care as an instance. */
  note(facts: EngineFacts): void {
    this.state = { ...this.state, facts: { ...this.state.facts, ...facts } };
  }

  /** Sends an event through the task life cycle and takes over what follows from it. */
  apply(name: string, event: InstanceEvent): void {
    const before = this.state.instances[name];
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
    const changed = Object.values(instances).filter(
      (instance) => this.#before.instances[instance.name] !== instance,
    );
    const removed = Object.keys(this.#before.instances).filter((name) => !(name in instances));
    const facts = listChangedFacts(this.#before.facts, this.state.facts);
    const isSame = frameworkId === this.#before.frameworkId && Object.keys(facts).length === 0;
    if (!isSame || changed.length > 0 || removed.length > 0)
      this.add({ kind: 'persist', frameworkId: frameworkId ?? null, changed, removed, facts });
    return { state: this.state, effects: orderEffects(this.#effects) };
  }
}
