/** A real Mesos on this machine: the master and agent of `MESOS_BIN`, with what a single unprivileged host can give. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { endProgram } from '../support/program.ts';
import { eventually } from '../support/eventually.ts';

const BIN = process.env.MESOS_BIN ?? '';

/** Why these tests cannot run here, or undefined. */
function whyNoMesos(): string | undefined {
  if (BIN === '') return 'MESOS_BIN names no directory with mesos-master and mesos-agent';
  const missing = ['mesos-master', 'mesos-agent'].filter((name) => !existsSync(join(BIN, name)));
  return missing.length === 0 ? undefined : `${BIN} has no ${missing.join(' and no ')}`;
}

let isTold = false;

/** For `before` of a suite: `if (!mesosIsAvailable()) return this.skip();`. One line says why when it is not. */
export function mesosIsAvailable(): boolean {
  const reason = whyNoMesos();
  if (reason !== undefined && !isTold) console.log(`skipped: tests with a real Mesos cannot run: ${reason}`);
  isTold = true;
  return reason === undefined;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The state that the master tells to everybody. */
export interface MasterState {
  readonly activated_slaves: number;
  readonly frameworks: readonly { readonly id: string; readonly tasks: readonly unknown[] }[];
  readonly completed_frameworks: readonly { readonly id: string }[];
}

export class RealMesos {
  readonly directory: string;
  readonly port: number;
  readonly agentPort: number;
  readonly #masterFlags: readonly string[];
  #master: ChildProcess | undefined;
  #agent: ChildProcess | undefined;

  private constructor(directory: string, ports: readonly [number, number], masterFlags: readonly string[]) {
    this.directory = directory;
    [this.port, this.agentPort] = ports;
    this.#masterFlags = masterFlags;
  }

  static async start(directory: string, masterFlags: readonly string[] = []): Promise<RealMesos> {
    const ports = [await findFreePort(), await findFreePort()] as const;
    const mesos = new RealMesos(directory, ports, masterFlags);
    mkdirSync(join(directory, 'master'), { recursive: true });
    await mesos.startMaster();
    await mesos.startAgent();
    return mesos;
  }

  get master(): string {
    return `127.0.0.1:${this.port}`;
  }

  async state(): Promise<MasterState> {
    return (await (await fetch(`http://${this.master}/state`)).json()) as MasterState;
  }

  #spawn(name: string, flags: readonly string[]): ChildProcess {
    const child = spawn(join(BIN, name), ['--ip=127.0.0.1', '--hostname=127.0.0.1', ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(this.directory, `${name}.log`), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    return child;
  }

  /** Its registry is in memory: one that is started again knows no agent until it comes back. */
  async startMaster(): Promise<void> {
    this.#master = this.#spawn('mesos-master', [
      `--port=${this.port}`,
      `--work_dir=${join(this.directory, 'master')}`,
      '--registry=in_memory',
      '--allocation_interval=500ms',
      ...this.#masterFlags,
    ]);
    await eventually('master answers', 30_000, async () =>
      (await fetch(`http://${this.master}/health`)).ok ? true : undefined,
    );
  }

  async startAgent(): Promise<void> {
    this.#agent = this.#spawn('mesos-agent', [
      `--master=${this.master}`,
      `--port=${this.agentPort}`,
      `--work_dir=${join(this.directory, 'agent')}`,
      `--runtime_dir=${join(this.directory, 'run')}`,
      `--fetcher_cache_dir=${join(this.directory, 'fetch')}`,
      '--launcher=posix',
      '--isolation=posix/cpu,posix/mem,filesystem/posix',
      '--containerizers=mesos',
      '--no-switch_user',
      '--resources=cpus:4;mem:4096;disk:10000;ports:[31000-32000]',
    ]);
    await eventually('agent registers', 60_000, async () =>
      (await this.state()).activated_slaves === 1 ? true : undefined,
    );
  }

  async killMaster(): Promise<void> {
    if (this.#master !== undefined) await endProgram(this.#master, 'SIGKILL');
  }

  async killAgent(): Promise<void> {
    if (this.#agent !== undefined) await endProgram(this.#agent, 'SIGKILL');
  }

  async close(): Promise<void> {
    await this.killAgent();
    await this.killMaster();
  }
}
