/**
 * Regular expressions of LIKE and UNLIKE: they match a whole value, as Marathon's do, and cost time in proportion to its
 * length, whatever an operator writes: all states of the automaton are followed at once (Thompson), where a backtracking
 * matcher takes for ever on `(a+)+b`. What is no regular language (lookaround, back references) needs backtracking; it is
 * taken as long as no group is repeated, which is what makes backtracking explode, and little else is.
 */
import { IrregularPattern, type PatternNode, readPattern } from './pattern-syntax.ts';

/** Steps of a program: `{1000}` is written out a thousand times. */
const MAX_STEPS = 5000;
/** For what is matched by backtracking only: at most so many characters to the power of so many. */
const MAX_BACKTRACKED_LENGTH = 256;
const MAX_BACKTRACKED_REPEATS = 3;

export interface Pattern {
  readonly matches: (text: string) => boolean;
}

type Step =
  | { readonly kind: 'one'; readonly test: RegExp }
  | { readonly kind: 'edge'; readonly atStart: boolean }
  | { readonly kind: 'go'; readonly to: number[] }
  | { readonly kind: 'end' };

function emitRepeat(program: Step[], { part, min, max }: Extract<PatternNode, { kind: 'repeat' }>): void {
  const before = program.length;
  for (let count = 0; count < min; count += 1) {
    emit(program, part);
    // Nothing, however often.
    if (program.length === before) return;
  }
  const exits: number[][] = [];
  const copies = max === Number.POSITIVE_INFINITY ? 1 : max - min;
  for (let count = 0; count < copies; count += 1) {
    const start = program.length;
    const fork = { kind: 'go' as const, to: [start + 1] };
    program.push(fork);
    exits.push(fork.to);
    emit(program, part);
    if (max === Number.POSITIVE_INFINITY) program.push({ kind: 'go', to: [start] });
  }
  for (const exit of exits) exit.push(program.length);
}

function emitChoice(program: Step[], parts: readonly PatternNode[]): void {
  const fork: number[] = [];
  program.push({ kind: 'go', to: fork });
  const exits: number[][] = [];
  for (const part of parts) {
    fork.push(program.length);
    emit(program, part);
    const exit: number[] = [];
    program.push({ kind: 'go', to: exit });
    exits.push(exit);
  }
  for (const exit of exits) exit.push(program.length);
}

function emit(program: Step[], node: PatternNode): void {
  if (program.length > MAX_STEPS)
    throw new RangeError(`it repeats too much: it has more than ${MAX_STEPS} steps`);
  if (node.kind === 'repeat') emitRepeat(program, node);
  else if (node.kind === 'choice') emitChoice(program, node.parts);
  else if (node.kind === 'sequence') for (const part of node.parts) emit(program, part);
  else program.push(node);
}

/** Adds a step and all that are reached from it without reading a character. */
function follow(
  program: readonly Step[],
  reached: Set<number>,
  from: number,
  edge: readonly [boolean, boolean],
): void {
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = program[at] as Step;
    if (step.kind === 'go') open.push(...step.to);
    if (step.kind === 'edge' && (step.atStart ? edge[0] : edge[1])) open.push(at + 1);
  }
}

function run(program: readonly Step[], text: string): boolean {
  let reached = new Set<number>();
  follow(program, reached, 0, [true, text.length === 0]);
  for (let index = 0; index < text.length && reached.size > 0; index += 1) {
    const next = new Set<number>();
    for (const at of reached) {
      const step = program[at] as Step;
      if (step.kind === 'one' && step.test.test(text[index] as string))
        follow(program, next, at + 1, [false, index + 1 === text.length]);
    }
    reached = next;
  }
  return reached.has(program.length - 1);
}

/** Escapes and classes that Java has and RegExp reads as something else. */
function findForeign(source: string): string | undefined {
  const escapes = [...source.matchAll(/\\[^]/g)].map(([escape]) => escape);
  return escapes.find((escape) => /[A-Za-z]$/.test(escape) && !/[dDwWsStrnvfbBxuck]$/.test(escape));
}

function toBacktracking(source: string, flags: string): Pattern {
  const repeats = source.match(/[*+]|,\}/g) ?? [];
  if (/(?<!\\)\)[*+{]/.test(source) || repeats.length > MAX_BACKTRACKED_REPEATS)
    throw new SyntaxError(
      'lookaround, back references and \\b cannot stand beside a repeated group or many repeats',
    );
  const whole = new RegExp(`^(?:${source})$`, flags);
  return { matches: (text) => text.length <= MAX_BACKTRACKED_LENGTH && whole.test(text) };
}

/** @throws Error (SyntaxError, RangeError) that says why it is no pattern. */
export function compilePattern(written: string): Pattern {
  const [source, flags] = written.startsWith('(?i)') ? [written.slice('(?i)'.length), 'i'] : [written, ''];
  new RegExp(source, flags);
  const foreign = findForeign(source) ?? /\[[^\]]*&&/.exec(source)?.[0];
  if (foreign !== undefined) throw new SyntaxError(`'${foreign}' means nothing in it`);
  try {
    const program: Step[] = [];
    emit(program, readPattern(source, flags));
    program.push({ kind: 'end' });
    return { matches: (text) => run(program, text) };
  } catch (error) {
    if (error instanceof IrregularPattern) return toBacktracking(source, flags);
    throw error;
  }
}
