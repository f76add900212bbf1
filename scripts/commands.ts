/** The first word of the command line, and the program behind each. Programs are loaded only when they are asked for. */

/** A program: its arguments in, its exit status out. */
export type Main = (argv: readonly string[]) => Promise<number>;

export interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ readonly main: Main }>;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    summary: 'bring up a cluster on this machine and hold it until Ctrl-C',
    load: () => import('./up/main.ts'),
  },
  down: {
    summary: 'end what `up` started, also when it was killed',
    load: () => import('./up/down-main.ts'),
  },
  status: {
    summary: 'show every instance of a running cluster',
    load: () => import('../scheduler/commands/status-main.ts'),
  },
  teardown: {
    summary: 'end a cluster: kill its tasks and its framework',
    load: () => import('../scheduler/commands/teardown-main.ts'),
  },
  forget: {
    summary: 'let an instance that lost its state start anew',
    load: () => import('../scheduler/commands/forget-main.ts'),
  },
  alluxio: {
    summary: 'run Alluxio on a Mesos cluster',
    load: () => import('../scheduler/alluxio-main.ts'),
  },
  fixture: {
    summary: 'run a small test service on a Mesos cluster',
    load: () => import('../scheduler/fixture-main.ts'),
  },
  serve: {
    summary: 'serve the archives of a folder to Mesos fetchers',
    load: () => import('../server/main.ts'),
  },
  local: {
    summary: 'run a Mesos master and agents on this machine',
    load: () => import('../local/main.ts'),
  },
  install: {
    summary: 'put the start scripts into an Alluxio installation',
    load: () => import('./install/alluxio.ts'),
  },
  build: {
    summary: 'make the executor bundle in build/',
    load: () => import('./build/bundle.ts'),
  },
  certs: {
    summary: 'make or show the certificates in certs/',
    load: () => import('./certs/certs.ts'),
  },
};

/** What `stevedore help` prints. */
export function renderHelp(commands: Readonly<Record<string, Command>>): string {
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(10)} ${summary}`);
  return [
    'Usage: stevedore COMMAND [ARGUMENTS]',
    '',
    ...lines,
    `  ${'version'.padEnd(10)} print the version`,
    `  ${'help'.padEnd(10)} print this; \`stevedore help COMMAND\` prints a command's own`,
    '',
  ].join('\n');
}
