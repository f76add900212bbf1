/** One of several schedulers as a process of its own: a state directory, an API over TLS, and its own way to the master. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callApi, openAnswer } from '../../scheduler/api/client.ts';
import type { StatusReport } from '../../scheduler/api/status.ts';
import { MasterGate } from './master-gate.ts';
import { endProgram, startProgram } from './program.ts';

export interface Health {
  readonly role: 'leader' | 'standby';
  readonly connected: boolean;
  readonly leader?: string;
}

interface Line {
  /** Of `performance.now()`. */
  readonly atMs: number;
  readonly text: string;
}

export interface MemberOptions {
  readonly name: string;
  readonly directory: string;
  readonly master: string;
  readonly apiPort: number;
  /** What all have in common. */
  readonly args: readonly string[];
}

export class SchedulerMember {
  readonly name: string;
  readonly stateDirectory: string;
  readonly log: Line[] = [];
  readonly #options: MemberOptions;
  readonly gate: MasterGate;
  #child: ChildProcess | undefined;

  private constructor(options: MemberOptions, gate: MasterGate) {
    this.#options = options;
    this.gate = gate;
    this.name = options.name;
    this.stateDirectory = join(options.directory, options.name);
    mkdirSync(this.stateDirectory, { recursive: true });
  }

  static async create(options: MemberOptions): Promise<SchedulerMember> {
    return new SchedulerMember(options, await MasterGate.open(options.master));
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  start(): void {
    const api = ['--api-host=127.0.0.1', `--api-port=${this.#options.apiPort}`, '--api-advertise=127.0.0.1'];
    const own = [`--master=${this.gate.address}`, `--state-dir=${this.stateDirectory}`, ...api];
    const child = startProgram(['scripts/stevedore.ts', 'fixture', ...own, ...this.#options.args]);
    this.#child = child;
    child.stdout?.on('data', (piece: Buffer) => {
      const lines = piece.toString().split('\n').filter(Boolean);
      for (const text of lines) this.log.push({ atMs: performance.now(), text });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    return this.#child === undefined ? null : await endProgram(this.#child, signal);
  }

  /** Of its own API; the token is whosever led. */
  api(token: string) {
    const ca = join(this.stateDirectory, 'api-certs/ca.pem');
    return {
      url: `https://127.0.0.1:${this.#options.apiPort}`,
      token,
      ...(existsSync(ca) && { ca: readFileSync(ca, 'utf8') }),
    };
  }

  readStatus(token: string): Promise<StatusReport> {
    return callApi<StatusReport>(this.api(token), 'GET', '/v1/status', { signal: AbortSignal.timeout(3000) });
  }

  readHealth(): Promise<Health> {
    return callApi<Health>(this.api(''), 'GET', '/v1/health', { signal: AbortSignal.timeout(3000) });
  }

  /** The value of a metric without labels, of whoever leads. */
  async readMetric(token: string, name: string): Promise<number> {
    const options = { signal: AbortSignal.timeout(3000) };
    const answer = await openAnswer(this.api(token), ['GET', '/metrics'], options);
    let text = '';
    for await (const piece of answer) text += String(piece);
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  }

  async close(): Promise<void> {
    this.signal('SIGCONT');
    await this.end('SIGTERM');
    await this.gate.close();
  }
}
