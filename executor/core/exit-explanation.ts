/** Says for a person how a process ended: exit code and signal told apart, with the last lines that it wrote. */
import { renderDuration } from '../../protocol/duration.ts';

/** How a process ended. Exactly one of `code`, `signal` and `problem` is set. */
export interface ProcessEnd {
  readonly code?: number;
  readonly signal?: string;
  /** It could not be started. */
  readonly problem?: string;
  readonly ranMs: number;
  readonly lastLines: readonly string[];
}

/** A status message is kept in the master's memory and shown in tables: about two kilobytes. */
export const MAX_MESSAGE_BYTES = 2048;

const CODE_HINTS: Readonly<Record<number, string>> = {
  126: ' (found, but not executable)',
  127: ' (the command was not found)',
};

const SIGNAL_HINTS: Readonly<Record<string, string>> = {
  SIGKILL: ' (not by this executor: the container may have reached its memory limit)',
  SIGSEGV: ' (it crashed; a hs_err or core file may be in its working directory)',
};

function describeEnd({ code, signal, problem }: ProcessEnd): string {
  if (problem !== undefined) return `could not be started: ${problem}`;
  if (signal !== undefined) return `was ended by ${signal}${SIGNAL_HINTS[signal] ?? ''}`;
  return `exited with code ${code}${CODE_HINTS[code ?? 0] ?? ''}`;
}

function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  return `${bytes
    .subarray(0, limit - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`;
}

/** Adds as many of the newest lines as fit into a status message. */
export function withLastLines(message: string, lines: readonly string[]): string {
  const head = cutToBytes(message, MAX_MESSAGE_BYTES);
  const kept: string[] = [];
  let room = MAX_MESSAGE_BYTES - Buffer.byteLength(`${head} Last lines:`);
  for (const line of lines.toReversed()) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    kept.unshift(line);
  }
  return kept.length === 0 ? head : `${head} Last lines:\n${kept.join('\n')}`;
}

/** `when` narrows it: `before it was ready`. */
export function explainExit(end: ProcessEnd, when?: string): string {
  const after = end.problem === undefined ? ` after ${renderDuration(end.ranMs)}` : '';
  const narrowed = when === undefined ? '' : `, ${when}`;
  return withLastLines(`The service ${describeEnd(end)}${after}${narrowed}.`, end.lastLines);
}

/** The same for a prepare step, as the middle of a sentence. */
export function describeExit(end: ProcessEnd): string {
  return `${describeEnd(end)}${end.problem === undefined ? ` after ${renderDuration(end.ranMs)}` : ''}`;
}
