/** What was made, to be undone in reverse order. */

type Undo = () => Promise<void> | void;

/** `undo` goes on when one step fails, and is done once only. */
export class UndoStack {
  readonly #log: (line: string) => void;
  readonly #steps: { readonly what: string; readonly undo: Undo }[] = [];

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  push(what: string, undo: Undo): void {
    this.#steps.push({ what, undo });
  }

  async undo(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        this.#log(`could not undo: ${step.what}: ${String(error)}`);
      }
    }
  }
}
