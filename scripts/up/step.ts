/** The steps of `up`, told to a person: a live list on a terminal, plain lines elsewhere. */
import { Listr, PRESET_TIMER } from 'listr2';

/** Tells how far a step is. */
export type StepReport = (text: string) => void;

export interface Step {
  readonly title: string;
  readonly skip?: boolean;
  /** @returns what to add to the title when it is done. */
  readonly run: (report: StepReport) => Promise<string | undefined>;
}

/** Plain lines are for logs: one of a step in so much time is enough. */
const PLAIN_INTERVAL_MS = 2000;

function limitRate(write: StepReport, intervalMs: number): StepReport {
  let [last, lastText] = [performance.now(), ''];
  return (text) => {
    const now = performance.now();
    if (text === lastText || now - last < intervalMs) return;
    [last, lastText] = [now, text];
    write(text);
  };
}

/** Runs the steps in order; the first failure ends them and is thrown. */
export async function runSteps(steps: readonly Step[], isTerminal: boolean): Promise<void> {
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      enabled: step.skip !== true,
      task: async (_: unknown, task: { title: string; output: string }) => {
        const write = (text: string) => void (task.output = text);
        const done = await step.run(limitRate(write, isTerminal ? 100 : PLAIN_INTERVAL_MS));
        if (done !== undefined) task.title = `${step.title}: ${done}`;
      },
    })),
    {
      renderer: isTerminal ? 'default' : 'simple',
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false, collapseErrors: false },
    },
  );
  await list.run();
}
