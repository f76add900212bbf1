/** Failures as `application/problem+json` (RFC 9457): a title for people, the code of the catalogue for programs. */
import { selectNearestName } from '../../config/nearest-name.ts';
import { StevedoreError, StevedoreErrors, messageOf, type ErrorCode } from '../../protocol/errors.ts';

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code?: string;
  /** All that is wrong with a request, one by one. */
  readonly problems?: readonly string[];
  /** What may have been meant by a name that nothing has. */
  readonly nearest?: string;
}

/** Where an error says which name it did not find, and which there are. */
const NAMES: Readonly<Partial<Record<ErrorCode, readonly [string, string]>>> = {
  ERR_INSTANCE_UNKNOWN: ['instance', 'known'],
  ERR_COMPONENT_UNKNOWN: ['component', 'known'],
  ERR_HOST_NOT_DRAINED: ['host', 'drained'],
};

function findNearest({ code, fields }: StevedoreError): string | undefined {
  const names = NAMES[code];
  if (names === undefined) return undefined;
  const [name, known] = names.map((field) => String(fields[field])) as [string, string];
  return selectNearestName(name, known.split(', '));
}

export function toProblem(error: unknown): Problem {
  if (error instanceof StevedoreError) {
    const nearest = findNearest(error);
    const { status, message: title, code } = error;
    return { status, title, code, ...(nearest !== undefined && { nearest }) };
  }
  if (error instanceof StevedoreErrors)
    return {
      status: error.problems[0]?.status ?? 400,
      title: error.message,
      problems: error.problems.map(({ message }) => message),
    };
  return { status: 500, title: messageOf(error) };
}
