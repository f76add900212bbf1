/** The interpreter of a task's life: asks what an event means, and performs the effects in their order. */
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import type { AcceptedTask } from './accepted-task.ts';
import { withLastLines } from './core/exit-explanation.ts';
import type { Effect, TaskEvent, TaskLife } from './core/task-life.ts';
import { transition } from './core/task-transition.ts';
import type { StatusReporter } from './status-reporter.ts';
import type { StartedService } from './task-work.ts';
import { Timer } from './timer.ts';

export interface InterpreterParts {
  readonly reporter: StatusReporter;
  /** The executor is to end, with this code. */
  readonly onExit: (code: number) => void;
}

export class TaskInterpreter {
  readonly #parts: InterpreterParts;
  readonly #killTimer = new Timer(() => this.dispatch({ kind: 'grace-elapsed' }));
  readonly #drainTimer = new Timer(() => this.dispatch({ kind: 'drain-elapsed' }));
  #life: TaskLife = { kind: 'idle' };
  #task: AcceptedTask | undefined;

  constructor(parts: InterpreterParts) {
    this.#parts = parts;
  }

  /** The first task that was launched; undefined before. */
  get task(): AcceptedTask | undefined {
    return this.#task;
  }

  /** Takes the first task; any later one is refused by the life of the first. */
  launch(task: AcceptedTask, announceKilling: boolean): void {
    this.#task ??= task;
    const { taskId, problem } = task;
    const reason = problem === undefined ? {} : { problem };
    this.dispatch({ kind: 'launch', taskId, announceKilling, ...reason });
  }

  dispatch(event: TaskEvent): void {
    const { state, effects } = transition(this.#life, event, performance.now());
    this.#life = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    const work = this.#task?.work;
    switch (effect.kind) {
      case 'update':
        return this.#update(effect);
      case 'refuse':
        return this.#refuse(effect.taskId);
      case 'provision':
        return this.#follow(work?.provision(), 'provisioned');
      case 'prepare':
        return this.#follow(work?.prepare(), 'prepared');
      case 'start':
        return this.#start();
      case 'stop':
        return work?.stop();
      case 'force':
        return work?.force();
      case 'set-kill-timer':
        return this.#killTimer.set(effect.delayMs);
      case 'release':
        this.#killTimer.clear();
        return this.#follow(work?.release(), 'released');
      case 'set-drain-timer':
        return this.#drainTimer.set(effect.delayMs);
      case 'exit':
        this.#drainTimer.clear();
        return this.#parts.onExit(effect.code);
    }
  }

  #follow(work: Promise<void> | undefined, kind: 'provisioned' | 'prepared' | 'released'): void {
    void Promise.resolve(work).then(
      () => this.dispatch({ kind }),
      (error: unknown) => this.dispatch({ kind: 'failed', message: messageOf(error) }),
    );
  }

  #start(): void {
    try {
      const service = this.#task?.work?.start();
      if (service !== undefined) this.#watch(service);
    } catch (error) {
      this.dispatch({ kind: 'failed', message: messageOf(error) });
    }
  }

  #watch({ ended, ready, lastLines }: StartedService): void {
    const explain = (error: unknown) => withLastLines(messageOf(error), lastLines());
    void ended.then((end) => this.dispatch({ kind: 'exited', end }));
    void ready.then(
      () => this.dispatch({ kind: 'ready' }),
      (error: unknown) => this.dispatch({ kind: 'not-ready', message: explain(error) }),
    );
  }

  #update({ kind: _kind, ...content }: Extract<Effect, { kind: 'update' }>): void {
    const { taskId = '', work } = this.#task ?? {};
    this.#parts.reporter.report({ ...content, taskId, labels: work?.labels ?? {} });
  }

  #refuse(taskId: string): void {
    const tasks = { first: this.#task?.taskId, second: taskId };
    const { message } = new StevedoreError('ERR_SECOND_TASK', tasks);
    this.#parts.reporter.report({ taskId, state: 'TASK_FAILED', message, labels: {} });
  }
}
