/** What is kept of a task that ended although it should run. */
import type { TaskState } from '../../../protocol/mesos/task.ts';

export interface FailureRecord {
  readonly atMs: number;
  readonly hostname: string;
  readonly state: TaskState;
  /** Mesos' own, as `REASON_EXECUTOR_TERMINATED`. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** From its launch to its end. */
  readonly ranMs: number;
  readonly wasReady: boolean;
}

const KEPT = 5;
/** A message may hold the tail of a log. */
const MESSAGE_CHARACTERS = 400;

function shorten(message: string | undefined): string | undefined {
  if (message === undefined || message.length <= MESSAGE_CHARACTERS) return message;
  return `${message.slice(0, MESSAGE_CHARACTERS)}…`;
}

/** Oldest first; the last ones only. */
export function addFailure(
  known: readonly FailureRecord[] | undefined,
  failure: FailureRecord,
): readonly FailureRecord[] {
  return [...(known ?? []), { ...failure, message: shorten(failure.message) }].slice(-KEPT);
}

/** `exit 1: no journal folder`, or what Mesos calls it; without the log that the executor adds in further lines. */
export function renderFailure({ state, reason, message = '' }: FailureRecord): string {
  const [first = ''] = message.split('\n');
  if (first !== '') return first.replace(/\.? Last lines:$/, '');
  return reason === undefined ? state : `${state} (${reason})`;
}
