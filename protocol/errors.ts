/**
 * The one error class and the catalogue of everything that can go wrong: code, text, what to do. docs/errors.md is
 * generated from it. Texts say what happened, where, with the value, and what to do next.
 */
import { ERROR_CATALOGUE, type ErrorCode } from './errors/catalogue.ts';

export type { ErrorCode } from './errors/catalogue.ts';

export type ErrorFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Fills `{name}` in a template of the catalogue. */
function renderTemplate(template: string, fields: ErrorFields): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
}

/** A failure that the catalogue names. `message` is complete for a person: what, where, the value, what to do. */
export class StevedoreError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;
  /** What to do, already part of `message`. */
  readonly advice: string;

  constructor(code: ErrorCode, fields: ErrorFields = {}, options?: { cause?: unknown }) {
    const entry = ERROR_CATALOGUE[code];
    const advice = renderTemplate(entry.advice, fields);
    super(`${renderTemplate(entry.text, fields)} ${advice}`.trim(), options);
    this.name = 'StevedoreError';
    this.code = code;
    this.fields = fields;
    this.advice = advice;
  }

  /** The HTTP status that an API answers for it. */
  get status(): number {
    return ERROR_CATALOGUE[this.code].status ?? 500;
  }
}

/** Several problems found in one pass over the input, so that none has to be found twice. */
export class StevedoreErrors extends Error {
  readonly problems: readonly StevedoreError[];

  constructor(problems: readonly StevedoreError[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'StevedoreErrors';
    this.problems = problems;
  }
}

/** The text of anything thrown, for a log or a status message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
