/** Runs a master and agents as processes of their own, and starts again whichever ends. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { Checkpoint } from './agent/checkpoint.ts';
import { isAlive, killContainer } from './agent/processes.ts';
import type { SupervisorOptions } from './arguments.ts';
import { KeptProcess, READY_MS } from './kept-process.ts';
import { untilAsked } from './lifetime.ts';

const PORTS_PER_AGENT = 1000;
const FIRST_PORT = 31_000;
/** What Alluxio and Flink listen on unless told otherwise. */
const WELL_KNOWN_PORTS = ['19998-20003', '29998-30010', '39999-39999', '6123-6123', '8081-8081'];

function agentPorts(index: number): string {
  const first = FIRST_PORT + index * PORTS_PER_AGENT;
  const own = `${first}-${first + PORTS_PER_AGENT - 1}`;
  return `[${(index === 0 ? [...WELL_KNOWN_PORTS, own] : [own]).join(',')}]`;
}

function environmentFlags({ executorEnvironment }: SupervisorOptions): string[] {
  const pairs = executorEnvironment.split('\n').filter((pair) => pair !== '');
  return pairs.map((pair) => `--executor-environment=${pair}`);
}

function agentArgs(options: SupervisorOptions, master: string, index: number): string[] {
  const ip = `127.0.0.${index + 2}`;
  const resources = `cpus:${options.cpus};mem:${options.mem};disk:${options.disk};ports:${agentPorts(index)}`;
  return [
    'agent',
    `--master=${master}`,
    `--ip=${ip}`,
    `--hostname=${ip}`,
    '--port=0',
    `--work-dir=${path.join(options.workDir, `agent-${index + 1}`)}`,
    `--resources=${resources}`,
    `--attributes=rack:r${index + 1};zone:z1`,
    ...environmentFlags(options),
  ];
}

async function countAgents(master: string): Promise<number> {
  const response = await fetch(`http://${master}/state`);
  return ((await response.json()) as { activated_slaves: number }).activated_slaves;
}

async function untilRegistered(master: string, agents: number): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while ((await countAgents(master).catch(() => 0)) < agents) {
    if (Date.now() > deadline) {
      const problem = 'the agents did not register';
      throw new StevedoreError('ERR_LOCAL_CHILD_NOT_READY', { name: 'master', problem, log: master });
    }
    await sleep(50);
  }
}

/** Ends what the agents of a work directory left running. */
async function killExecutors(workDir: string): Promise<void> {
  const executors = new Checkpoint(workDir).readFrameworks().flatMap((framework) => framework.executors);
  for (const { process: root, descendants, directory } of executors) {
    if (root === undefined || (!isAlive(root) && descendants.length === 0)) continue;
    const known = new Map(descendants.map((identity) => [identity.pid, identity]));
    await killContainer({ root, descendants: known, sandbox: directory });
  }
}

class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #children: KeptProcess[] = [];

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get summary(): object {
    const [master, ...agents] = this.#children.map(({ name, address, pid }) => ({ name, address, pid }));
    return { master: master?.address, masterPid: master?.pid, supervisorPid: process.pid, agents };
  }

  /** Written beside and renamed: others read it while it changes. */
  #writeSummary(): void {
    const file = path.join(this.#options.workDir, 'local.json');
    writeFileSync(`${file}.new`, `${JSON.stringify(this.summary, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  }

  async #startChild(name: string, args: readonly string[]): Promise<KeptProcess> {
    const child = new KeptProcess(name, args, this.#options.workDir, () => this.#writeSummary());
    this.#children.push(child);
    await child.start();
    return child;
  }

  async start(): Promise<void> {
    const { workDir, port, agents } = this.#options;
    const masterArgs = ['master', '--ip=127.0.0.1', `--work-dir=${path.join(workDir, 'master')}`];
    const master = await this.#startChild('master', [...masterArgs, `--port=${port}`]);
    const address = master.address as string;
    master.args = [...masterArgs, `--port=${address.slice(address.lastIndexOf(':') + 1)}`];
    for (let index = 0; index < agents; index += 1)
      await this.#startChild(`agent-${index + 1}`, agentArgs(this.#options, address, index));
    await untilRegistered(address, agents);
  }

  /** Agents first, then what they ran, then the master. */
  async stop(): Promise<void> {
    const [master, ...agents] = this.#children;
    await Promise.all(agents.map((agent) => agent.stop()));
    for (const agent of agents) await killExecutors(path.join(this.#options.workDir, agent.name));
    await master?.stop();
  }
}

/** Throws what makes the directory unusable before anything runs. */
function prepare(workDir: string): void {
  try {
    mkdirSync(path.join(workDir, 'logs'), { recursive: true });
    writeFileSync(path.join(workDir, 'local.json'), '{}\n');
  } catch (error) {
    const fields = { directory: workDir, problem: messageOf(error) };
    throw new StevedoreError('ERR_LOCAL_WORK_DIR', fields, { cause: error });
  }
}

/** Runs until asked to end, and leaves no process. */
export async function runSupervisor(
  { options }: { readonly options: SupervisorOptions },
  announce: (ready: object) => void,
): Promise<void> {
  prepare(options.workDir);
  const asked = untilAsked(false);
  const supervisor = new Supervisor(options);
  try {
    await supervisor.start();
    announce(supervisor.summary);
    await asked;
  } finally {
    await supervisor.stop();
  }
}
