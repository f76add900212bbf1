/** `stevedore local …`: a master, an agent, or a supervisor that runs one master and several agents. */
import { parseArgs } from './arguments.ts';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { startAgent } from './agent/server.ts';
import { untilAsked } from './lifetime.ts';
import { startMaster } from './master/server.ts';
import { runSupervisor } from './supervisor.ts';

const FLAG_ERRORS: ReadonlySet<string> = new Set([
  'ERR_LOCAL_FLAG_UNKNOWN',
  'ERR_LOCAL_FLAG_VALUE',
  'ERR_LOCAL_RESOURCES_SYNTAX',
  'ERR_LOCAL_RESOURCES_JSON',
  'ERR_LOCAL_DOMAIN',
]);

function announce(ready: object): void {
  process.stdout.write(`${JSON.stringify({ ready: true, ...ready })}\n`);
}

async function run(argv: readonly string[]): Promise<void> {
  const parsed = parseArgs(argv);
  if (parsed.program === 'supervisor') return runSupervisor(parsed, announce);
  const running =
    parsed.program === 'master'
      ? await startMaster(parsed.options, parsed.port)
      : await startAgent(parsed.options, parsed.port);
  announce({ address: `${parsed.options.ip}:${running.port}` });
  await untilAsked(parsed.untilStdinEnds, 'dismissed' in running ? running.dismissed : undefined);
  await running.close();
}

/** The exit code: 0, 1 for what the machine refuses, 2 for what the command line says. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await run(argv);
    return 0;
  } catch (error) {
    process.stderr.write(`stevedore local: ${messageOf(error)}\n`);
    return error instanceof StevedoreError && FLAG_ERRORS.has(error.code) ? 2 : 1;
  }
}
