/** What an answer of an artifact server means for the bytes that are already there. */

export interface FetchAnswer {
  readonly status: number;
  readonly contentLength: string | null;
  readonly contentRange: string | null;
}

/** `bytes`: the body follows, without its first `skipBytes`. `later`: worth another try. `refused`: this server will not. */
export type FetchVerdict =
  | { readonly kind: 'bytes'; readonly skipBytes: number }
  | { readonly kind: 'later' | 'refused'; readonly problem: string };

const PASSING = new Set([408, 425, 429]);

/** RFC 9110 §14: only 200 and 206 carry the bytes, and a 206 only those that it names. */
export function evaluateAnswer(answer: FetchAnswer, offset: number, sizeBytes: number): FetchVerdict {
  const { status } = answer;
  if (status === 200) return judgeLength(answer.contentLength, sizeBytes, offset);
  if (status === 206 && offset > 0) return judgeRange(answer, offset, sizeBytes);
  const kind = status >= 500 || PASSING.has(status) ? 'later' : 'refused';
  return { kind, problem: `it answered ${status}` };
}

function judgeLength(length: string | null, sizeBytes: number, skipBytes: number): FetchVerdict {
  if (length === null || length === String(sizeBytes)) return { kind: 'bytes', skipBytes };
  return { kind: 'refused', problem: `it has ${length} bytes where ${sizeBytes} were named` };
}

function judgeRange(answer: FetchAnswer, offset: number, sizeBytes: number): FetchVerdict {
  const wanted = `bytes ${offset}-${sizeBytes - 1}/${sizeBytes}`;
  if (answer.contentRange?.trim() === wanted) return { kind: 'bytes', skipBytes: 0 };
  return { kind: 'refused', problem: `it sent '${answer.contentRange}' for '${wanted}'` };
}
