/** Failures as `application/problem+json` (RFC 9457): a title for people, the code of the catalogue for programs. */
import { StevedoreError, StevedoreErrors, messageOf } from '../../protocol/errors.ts';

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code?: string;
  /** All that is wrong with a request, one by one. */
  readonly problems?: readonly string[];
}

export function toProblem(error: unknown): Problem {
  if (error instanceof StevedoreError)
    return { status: error.status, title: error.message, code: error.code };
  if (error instanceof StevedoreErrors)
    return {
      status: error.problems[0]?.status ?? 400,
      title: error.message,
      problems: error.problems.map(({ message }) => message),
    };
  return { status: 500, title: messageOf(error) };
}
