/** For scripts that stop a service: whoever runs one has said what is wanted. */
import { runOperatorCommand } from './operator-main.ts';
import { openTerminal } from './terminal.ts';

export async function main(argv: readonly string[]): Promise<number> {
  return await runOperatorCommand('teardown', ['--yes', ...argv], openTerminal());
}
