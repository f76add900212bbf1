/** Where a command prints, and what can be done there. */
import { createInterface } from 'node:readline/promises';
import { type Colours, selectColours } from './paint.ts';

export interface Terminal {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly colours: Colours;
  /** Infinity where nobody looks: what reads a pipe wants all of it. */
  readonly columns: number;
  /** Somebody looks and can answer. */
  readonly isInteractive: boolean;
  readonly ask: (question: string) => Promise<string>;
  /** Ctrl-C, for what runs until then. */
  readonly untilInterrupted: () => AbortSignal;
}

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

/** `stevedore events | head` has read enough: no failure. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** That of this process. */
export function openTerminal(): Terminal {
  const { stdout, stdin, stderr, env } = process;
  const isShown = stdout.isTTY === true;
  stdout.on('error', endWithReader);
  return {
    print: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(text),
    colours: selectColours(isShown, env),
    columns: isShown ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    isInteractive: isShown && stdin.isTTY === true,
    ask,
    untilInterrupted,
  };
}
