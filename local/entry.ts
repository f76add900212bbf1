/** What the local Mesos runs as processes of its own: `node local/entry.ts WORD …`. */
import { runCommandExecutor } from './command-executor/main.ts';
import { runFetcher } from './fetcher/main.ts';
import { main } from './main.ts';

async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'fetch') return runFetcher();
  if (argv[0] === 'command-executor') return runCommandExecutor(process.env);
  return main(argv);
}

process.exitCode = await run(process.argv.slice(2));
