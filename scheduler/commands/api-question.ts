/** One question to a scheduler that has to be answered soon. */
import { callApi } from '../api/client.ts';
import type { CommandCall } from './operator-command.ts';

/** A scheduler that leads answers in milliseconds; one that hangs must not hang who asks. */
const ANSWER_MS = 30_000;

/** @throws StevedoreError ERR_API_UNREACHABLE, ERR_API_REFUSED */
export function readReport<T>({ address }: CommandCall, path: string): Promise<T> {
  return callApi<T>(address, 'GET', path, { signal: AbortSignal.timeout(ANSWER_MS) });
}

/** @throws StevedoreError ERR_API_UNREACHABLE, ERR_API_REFUSED */
export function sendOrder<T>({ address }: CommandCall, path: string, body: object = {}): Promise<T> {
  return callApi<T>(address, 'POST', path, { body, signal: AbortSignal.timeout(ANSWER_MS) });
}

/** As one line of JSON, where that was asked for. */
export function printReport({ values, terminal }: CommandCall, report: object, render: () => string): void {
  terminal.print(values.json === true ? `${JSON.stringify(report)}\n` : render());
}
