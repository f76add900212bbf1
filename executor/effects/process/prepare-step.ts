/** Runs one prepare command to its end and judges it: exit code, time, output. */
import { renderDuration } from '../../../protocol/duration.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import { describeExit, type ProcessEnd, withLastLines } from '../../core/exit-explanation.ts';
import type { PrepareSpec } from '../../core/launch-plan.ts';
import { type GuardedProcess, type ProcessOptions, startGuarded } from './guarded-process.ts';

/** What `expect` may look at: version banners and reports, not logs. */
const MAX_OUTPUT_CHARS = 64 * 1024;

/** The catalogue's text, with the last lines of the output. */
class PrepareFailure extends Error {}

interface Running {
  readonly process: GuardedProcess;
  readonly output: () => string;
}

/** Starts it, and keeps the output that `expect` is to judge. */
export function startPrepare(options: ProcessOptions): Running {
  let output = '';
  const onOutput: ProcessOptions['onOutput'] = (target, chunk) => {
    if (output.length < MAX_OUTPUT_CHARS) output += chunk.toString('utf8');
    options.onOutput(target, chunk);
  };
  return { process: startGuarded({ ...options, onOutput }), output: () => output };
}

/** What is wrong with it, as the middle of a sentence. */
function judge(step: PrepareSpec, end: ProcessEnd, output: string): string | undefined {
  if (end.code !== 0) return describeExit(end);
  if (step.expect === undefined || new RegExp(step.expect.pattern, 'm').test(output)) return undefined;
  return `wrote nothing that matches /${step.expect.pattern}/`;
}

function renderFailure(step: PrepareSpec, problem: string): StevedoreError {
  const { name, expect } = step;
  if (expect === undefined) return new StevedoreError('ERR_PREPARE_FAILED', { name, problem });
  return new StevedoreError('ERR_PREPARE_UNEXPECTED', { name, problem, message: expect.message });
}

/** @throws PrepareFailure whose message holds the last lines of the output. */
export async function finishPrepare(step: PrepareSpec, { process, output }: Running): Promise<void> {
  let late = false;
  const expire = () => {
    late = true;
    process.signal('SIGKILL');
  };
  const timer = setTimeout(expire, step.timeoutMs);
  const end = await process.ended;
  clearTimeout(timer);
  const problem = late ? `did not end within ${renderDuration(step.timeoutMs)}` : judge(step, end, output());
  if (problem !== undefined)
    throw new PrepareFailure(withLastLines(renderFailure(step, problem).message, end.lastLines));
}
