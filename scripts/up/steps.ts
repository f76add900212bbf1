/** What `up` does, in order. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assembleAlluxio } from '../assemble/assemble-alluxio.ts';
import { ALLUXIO_VERSION } from '../assemble/recipe.ts';
import { runProgram } from '../child-process.ts';
import { findJava } from '../java/find-java.ts';
import { renderDemoProperties } from './demo-properties.ts';
import { type Cluster, addProgram, describeFailure, workWhileRunning } from './cluster.ts';
import { logPathOf } from './layout.ts';
import { commandLineOf, type RunningProgram } from './program.ts';
import type { Step, StepReport } from './step.ts';
import { MESOS, SCHEDULER } from './take-down.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** Agents of the local Mesos, each with an address of its own. */
const AGENTS = 2;
/** Room on each for a master and a worker. */
const AGENT_CPUS = 2.5;
const AGENT_MEM_MIB = 4096;
const POLL_MS = 100;

async function provideJava(cluster: Cluster, report: StepReport): Promise<string> {
  const { cacheDirectory } = cluster.layout;
  const java = await findJava({ environment: process.env, cacheDirectory, signal: cluster.signal, report });
  cluster.javaHome = java.home;
  return `${java.version} in ${java.home}`;
}

async function provideDistribution(cluster: Cluster, report: StepReport): Promise<string> {
  const { path, assembled } = await assembleAlluxio({
    cacheDirectory: join(cluster.layout.cacheDirectory, 'alluxio'),
    version: ALLUXIO_VERSION,
    javaHome: cluster.javaHome as string,
    signal: cluster.signal,
    report,
  });
  cluster.distribution = path;
  return assembled ? ALLUXIO_VERSION : `${ALLUXIO_VERSION} (from the cache)`;
}

async function buildBundle(cluster: Cluster, report: StepReport): Promise<string | undefined> {
  const [command, args] = commandLineOf(['build']);
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    report(line);
  };
  const status = await runProgram({ command, args, signal: cluster.signal, onLine });
  const logPath = logPathOf(cluster.layout, 'build');
  await mkdir(cluster.layout.logDirectory, { recursive: true });
  await writeFile(logPath, `${lines.join('\n')}\n`);
  if (status !== 0) throw await describeFailure('Building the executor', `exit status ${status}`, logPath);
  return lines.at(-1)?.replace(/^.*executor bundle: /, '');
}

/** The line that the local Mesos prints when all agents are registered. */
async function readReadyLine(program: RunningProgram, signal: AbortSignal): Promise<{ master: string }> {
  for (;;) {
    const text = await readFile(program.logPath, 'utf8');
    const line = text.split('\n').find((each) => each.startsWith('{"ready":true') && each.endsWith('}'));
    if (line !== undefined) return JSON.parse(line) as { master: string };
    await delay(POLL_MS, undefined, { signal });
  }
}

async function startMesos(cluster: Cluster): Promise<string> {
  const { layout, options } = cluster;
  await mkdir(layout.agentRoot, { recursive: true, mode: 0o700 });
  const program = await addProgram(cluster, {
    name: MESOS,
    words: [
      'local',
      `--agents=${AGENTS}`,
      `--work-dir=${layout.mesosDirectory}`,
      `--port=${options.port}`,
      `--cpus=${AGENT_CPUS}`,
      `--mem=${AGENT_MEM_MIB}`,
      `--executor-environment=STEVEDORE_AGENT_ROOT=${layout.agentRoot}`,
    ],
    environment: process.env,
  });
  const ready = await workWhileRunning(cluster, async (signal) => await readReadyLine(program, signal));
  cluster.master = ready.master;
  return `${AGENTS} agents, master at ${ready.master}`;
}

/** State stays on agents for ever: another `up` on them must not find that of this one. */
const NAME_ELSEWHERE = `up-${Math.floor(performance.timeOrigin).toString(36)}`;

/** A configuration of the user's own Alluxio has no place in this one. */
function withoutAlluxio(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ALLUXIO_')));
}

/** Again after its end: the tasks go on. */
export async function startAlluxio(cluster: Cluster): Promise<void> {
  const { layout, options, master, distribution } = cluster;
  for (const directory of [layout.confDirectory, layout.ufsDirectory])
    await mkdir(directory, { recursive: true, mode: 0o700 });
  const properties = renderDemoProperties({
    ufsDirectory: layout.ufsDirectory,
    properties: options.properties,
    ...(options.mesos === undefined
      ? { cluster: 'alluxio', local: { javaHome: cluster.javaHome as string, workerCount: AGENTS } }
      : { cluster: NAME_ELSEWHERE }),
  });
  await writeFile(join(layout.confDirectory, 'alluxio-site.properties'), properties, { mode: 0o600 });
  await addProgram(cluster, {
    name: SCHEDULER,
    words: ['alluxio', 'start', master as string, '--state-dir', layout.stateDirectory],
    environment: {
      ...withoutAlluxio(process.env),
      ALLUXIO_HOME: distribution as string,
      ALLUXIO_CONF_DIR: layout.confDirectory,
    },
  });
}

async function startFixture(cluster: Cluster): Promise<void> {
  const { layout, master } = cluster;
  await addProgram(cluster, {
    name: SCHEDULER,
    words: ['fixture', '--master', master as string, '--state-dir', layout.stateDirectory],
    environment: process.env,
  });
}

export function planSteps(cluster: Cluster): Step[] {
  const isAlluxio = cluster.options.service === 'alluxio';
  return [
    { title: 'Java', skip: !isAlluxio, run: async (report) => await provideJava(cluster, report) },
    {
      title: `Alluxio ${ALLUXIO_VERSION} from its Maven packages`,
      skip: !isAlluxio,
      run: async (report) => await provideDistribution(cluster, report),
    },
    { title: 'Executor bundle', run: async (report) => await buildBundle(cluster, report) },
    {
      title: 'Local Mesos',
      skip: cluster.options.mesos !== undefined,
      run: async () => await startMesos(cluster),
    },
    {
      title: 'Scheduler',
      run: async () => {
        await (isAlluxio ? startAlluxio(cluster) : startFixture(cluster));
        return `log ${relative(process.cwd(), logPathOf(cluster.layout, SCHEDULER))}`;
      },
    },
    { title: 'Tasks', run: async (report) => await waitUntilReady(cluster, report) },
  ];
}
