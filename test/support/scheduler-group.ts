/** Several schedulers of one cluster, with a real ZooKeeper, the local Mesos and its agents; all of it ends with `close`. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatusReport } from '../../scheduler/api/status.ts';
import { eventually } from './eventually.ts';
import { killOwn, listServices } from './fixture-processes.ts';
import { LOOPBACK_NETWORK } from './loopback-network.ts';
import { endProgram, startProgram } from './program.ts';
import { SchedulerMember } from './scheduler-member.ts';
import { type ZooKeeperServer, findFreePort, startZooKeeper } from './zookeeper-server.ts';

export interface GroupOptions {
  readonly schedulers: number;
  readonly instances: number;
  readonly tickTimeMs?: number;
  /** `--state-zk-session-timeout`; unset: the default. */
  readonly session?: string;
  /** Each scheduler serves artifacts on a loopback address of its own, as on a host of its own. */
  readonly ownHosts?: boolean;
  /** The test calls `startAgents`: nothing is launched before. */
  readonly agentsLater?: boolean;
  readonly args?: readonly string[];
}

const READY_MS = 60_000;

export class SchedulerGroup {
  readonly directory = mkdtempSync(join(tmpdir(), 'stevedore-group-'));
  readonly members: SchedulerMember[] = [];
  readonly #options: GroupOptions;
  readonly #mesos: ChildProcess[] = [];
  #zooKeeper: ZooKeeperServer | undefined;
  #master = '';

  private constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** With no scheduler started yet. */
  static async open(options: GroupOptions): Promise<SchedulerGroup> {
    const group = new SchedulerGroup(options);
    try {
      await group.#open();
      return group;
    } catch (error) {
      await group.close();
      throw error;
    }
  }

  get zooKeeper(): ZooKeeperServer {
    return this.#zooKeeper as ZooKeeperServer;
  }

  get master(): string {
    return this.#master;
  }

  async #open(): Promise<void> {
    const { tickTimeMs, schedulers } = this.#options;
    this.#zooKeeper = await startZooKeeper(tickTimeMs === undefined ? {} : { tickTimeMs });
    this.#master = await this.#startMesos(['master', '--port=0']);
    if (this.#options.agentsLater !== true) await this.startAgents();
    writeFileSync(join(this.directory, 'key'), randomBytes(32), { mode: 0o600 });
    for (let index = 0; index < schedulers; index += 1) await this.#createMember(`scheduler-${index}`);
  }

  async startAgents(): Promise<void> {
    for (const last of [2, 3, 4]) await this.#startAgent(`${LOOPBACK_NETWORK}.${last}`);
  }

  async #startMesos(args: readonly string[]): Promise<string> {
    const name = `${args[0]}-${this.#mesos.length}`;
    const mesos = startProgram(['local/entry.ts', ...args, `--work-dir=${join(this.directory, name)}`]);
    this.#mesos.push(mesos);
    const [line] = (await once(mesos.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return (JSON.parse(line.toString()) as { address: string }).address;
  }

  #startAgent(ip: string): Promise<string> {
    const address = [`--master=${this.#master}`, `--ip=${ip}`, `--hostname=${ip}`, '--port=0'];
    const resources = '--resources=cpus:2;mem:2048;disk:2000;ports:[31000-32000]';
    // No store of this machine: what is fetched there would not be fetched again.
    const root = `--executor-environment=STEVEDORE_AGENT_ROOT=${join(this.directory, `root-${ip}`)}`;
    return this.#startMesos(['agent', ...address, resources, root]);
  }

  async #createMember(name: string): Promise<void> {
    const { instances, session, ownHosts = false, args = [] } = this.#options;
    const host = ownHosts ? [`--server-host=${LOOPBACK_NETWORK}.${100 + this.members.length}`] : [];
    const state = [
      `--state=zk://${this.zooKeeper.address}/stevedore`,
      `--state-key-file=${join(this.directory, 'key')}`,
    ];
    const timeout = session === undefined ? [] : [`--state-zk-session-timeout=${session}`];
    const common = [...state, ...timeout, `--instances=${instances}`, ...host, ...args];
    const { directory } = this;
    const apiPort = await findFreePort();
    const about = { name, directory, master: this.#master, apiPort, args: common };
    this.members.push(await SchedulerMember.create(about));
  }

  /** The same for all: it comes from the cluster's key, and stands where one of them led. */
  readToken(): string {
    for (const { stateDirectory } of this.members)
      try {
        return readFileSync(join(stateDirectory, 'api-token'), 'utf8').trim();
      } catch {
        // It has not led yet.
      }
    return '';
  }

  async findLeader(): Promise<SchedulerMember | undefined> {
    for (const member of this.members) {
      if (member.hasEnded) continue;
      const health = await member.readHealth().catch(() => undefined);
      if (health?.role === 'leader') return member;
    }
    return undefined;
  }

  /** Who leads, is connected, has all instances ready, and has heard of every task. */
  async untilReconciled(
    except?: SchedulerMember,
  ): Promise<{ leader: SchedulerMember; status: StatusReport }> {
    return await eventually('a reconciled leader', READY_MS, async () => {
      const leader = await this.findLeader();
      if (leader === undefined || leader === except) return undefined;
      const status = await leader.readStatus(this.readToken());
      if (status.phase !== 'complete' || !status.connected || status.pid !== leader.pid) return undefined;
      const pending = await leader.readMetric(this.readToken(), 'stevedore_reconciliation_pending');
      return pending === 0 ? { leader, status } : undefined;
    });
  }

  listServices(): string[] {
    return listServices(this.directory);
  }

  /** For the message of a failing test. */
  renderLogs(): string {
    return this.members
      .flatMap(({ name, log }) => log.map(({ atMs, text }) => ({ atMs, line: `${name}: ${text}` })))
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ line }) => line)
      .join('\n');
  }

  /** For a run that was interrupted: at once, and without a word to anybody. The ZooKeeper server ends with this process. */
  killAll(): void {
    for (const member of this.members) member.signal('SIGKILL');
    for (const mesos of this.#mesos) mesos.kill('SIGKILL');
    killOwn(this.directory);
    rmSync(this.directory, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const member of this.members) await member.close();
    for (const mesos of this.#mesos.toReversed()) await endProgram(mesos, 'SIGTERM');
    await this.#zooKeeper?.close();
    killOwn(this.directory);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
