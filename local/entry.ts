/** What the local Mesos runs as processes of its own: `node local/entry.ts WORD …`. Each loads only what it needs. */

async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'fetch') return (await import('./fetcher/main.ts')).runFetcher();
  if (argv[0] === 'command-executor')
    return (await import('./command-executor/main.ts')).runCommandExecutor(process.env);
  return (await import('./main.ts')).main(argv);
}

process.exitCode = await run(process.argv.slice(2));
