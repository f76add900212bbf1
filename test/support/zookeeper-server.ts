/**
 * A real ZooKeeper server for tests: a process of its own on 127.0.0.1 that can be killed, frozen and started again on the
 * same port with the same data. Sessions may be as short as one second.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import { eventually } from './eventually.ts';
import { type ZooKeeperSetup, writeConfiguration } from './zookeeper-configuration.ts';
import { findMissingProgram, provideZooKeeperClassPath } from './zookeeper-jars.ts';
import { endSession } from './zookeeper-session-end.ts';

// biome-ignore format: one option a line says less
const JAVA = [
  '-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dzookeeper.jmx.log4j.disable=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Djava.net.preferIPv4Stack=true',
];
const NETTY = '-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory';
const MAIN = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
const START_MS = 30_000;

/**
 * A port that nobody listens on at the moment. Not one that the kernel gives to outgoing connections: while a server is
 * away its clients try to connect, and one of them could get the server's port, or even itself.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** Tells the processes that test files side by side what was found; empty: nothing is missing. */
const FOUND = 'TEST_ZOOKEEPER_LACKS';

/** Says in one line what a real ZooKeeper needs and this machine has not. */
export async function announceMissingProgram(): Promise<void> {
  const program = await findMissingProgram();
  process.env[FOUND] = program ?? '';
  if (program !== undefined) console.log(`skipped: tests with a real ZooKeeper need ${program}`);
}

/** For `before` of a suite: `if (!(await zookeeperIsAvailable())) this.skip();`. One line says why when it is not. */
export async function zookeeperIsAvailable(): Promise<boolean> {
  if (process.env[FOUND] === undefined) await announceMissingProgram();
  return process.env[FOUND] === '';
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export class ZooKeeperServer {
  readonly port: number;
  /** 0 without TLS. */
  readonly tlsPort: number;
  readonly #directory: string;
  readonly #classPath: string;
  #child: ChildProcess | undefined;
  #output = '';
  readonly #killAtExit = () => void this.#child?.kill('SIGKILL');

  /** Made by `startZooKeeper`. */
  constructor(made: { port: number; tlsPort: number; directory: string; classPath: string }) {
    this.port = made.port;
    this.tlsPort = made.tlsPort;
    this.#directory = made.directory;
    this.#classPath = made.classPath;
    process.once('exit', this.#killAtExit);
  }

  /** `host:port` of the port without TLS. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const factory = this.tlsPort === 0 ? [] : [NETTY];
    const args = [...JAVA, ...factory, '-cp', this.#classPath, MAIN, join(this.#directory, 'zoo.cfg')];
    const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-4000)));
    await eventually('ZooKeeper serves', START_MS, async () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${this.#output}`);
      return (await this.ask('srvr')).includes('Mode:') ? true : undefined;
    });
  }

  /** Kills it as a crash would; its port and data stay. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Connections stay open, and nothing answers. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends a client's session behind its back, as its server does when it was silent for too long. */
  async expireSession(sessionId: bigint): Promise<void> {
    await endSession(this.port, sessionId);
  }

  /** The answer to a four-letter word: `cons`, `dump`, `wchp`, `mntr`. */
  async ask(word: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    socket.setTimeout(3000, () => socket.destroy(new Error(`no answer to ${word}`)));
    socket.end(word);
    return await readAll(socket);
  }

  /** Ends it and removes its data. */
  async close(): Promise<void> {
    await this.stop();
    process.off('exit', this.#killAtExit);
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** What it last said, for the message of a failing test. */
  get output(): string {
    return this.#output;
  }
}

/** One that is not started yet; the caller closes it. */
export async function prepareZooKeeper(setup: ZooKeeperSetup): Promise<ZooKeeperServer> {
  const classPath = await provideZooKeeperClassPath();
  const directory = await mkdtemp(join(tmpdir(), 'stevedore-zookeeper-'));
  const port = await findFreePort();
  const tlsPort = setup.tls === undefined ? 0 : await findFreePort();
  await writeConfiguration(directory, setup, { port, tlsPort });
  return new ZooKeeperServer({ port, tlsPort, directory, classPath });
}

/** Starts one; the caller closes it. */
export async function startZooKeeper(setup: ZooKeeperSetup = {}): Promise<ZooKeeperServer> {
  const server = await prepareZooKeeper(setup);
  try {
    await server.start();
  } catch (error) {
    await server.close();
    throw new Error(`${messageOf(error)}\n${server.output}`, { cause: error });
  }
  return server;
}
