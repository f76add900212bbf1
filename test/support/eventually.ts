/** Waiting in tests: for a condition, never for a time. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';

const POLL_MS = 100;

/** Calls until it returns something other than undefined; the last failure is in the message. */
export async function eventually<Result>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<Result | undefined> | Result | undefined,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined) return result;
    } catch (error) {
      problem = `: ${messageOf(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms${problem}`);
    await delay(POLL_MS);
  }
}
