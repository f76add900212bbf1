/** The first word of the command line, and the program behind each. Programs are loaded only when they are asked for. */

import { OPERATOR_COMMANDS } from '../scheduler/commands/command-table.ts';

/** A program: its arguments in, its exit status out. */
export type Main = (argv: readonly string[]) => Promise<number>;

export interface Command {
  readonly summary: string;
  readonly load: () => Promise<{ readonly main: Main }>;
}

/** Their programs are one, told by its word. */
function toCommands(table: Readonly<Record<string, { readonly summary: string }>>) {
  const load = async (word: string) => {
    const { createMain } = await import('../scheduler/commands/operator-main.ts');
    return { main: createMain(word) };
  };
  const entries = Object.entries(table).map(([word, { summary }]) => [
    word,
    { summary, load: () => load(word) },
  ]);
  return Object.fromEntries(entries) as Record<string, Command>;
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
  ...toCommands(OPERATOR_COMMANDS),
  state: {
    summary: 'show, export, import or encrypt what schedulers must not forget',
    load: () => import('../scheduler/commands/state-main.ts'),
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

const WIDTH = 14;

/** What `stevedore help` prints. */
export function renderHelp(commands: Readonly<Record<string, Command>>): string {
  const lines = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(WIDTH)} ${summary}`);
  return [
    'Usage: stevedore COMMAND [ARGUMENTS]',
    '',
    ...lines,
    `  ${'version'.padEnd(WIDTH)} print the version`,
    `  ${'help'.padEnd(WIDTH)} print this; \`stevedore help COMMAND\` prints a command's own`,
    '',
  ].join('\n');
}
