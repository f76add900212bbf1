/** Entry of `bin/stevedore`. */
import { runCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  commands: COMMANDS,
  environment: process.env,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
