/** A program of ours that is kept running: started again a second after it ended, until it is asked to stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { ENTRY } from './agent/container.ts';

const RESTART_MS = 1000;
const KILL_MS = 5000;
/** How long a start may take, also on a machine that is busy. */
export const READY_MS = 30_000;

/** What a program said last: why it ended, if it did. The log itself may be removed with its directory. */
function readLastLine(log: string): string | undefined {
  const line = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  return line === '' ? undefined : line.replace(/^stevedore[^:]*: |[.\s]+$/g, '');
}

export class KeptProcess {
  readonly name: string;
  readonly #workDir: string;
  readonly #onChange: () => void;
  /** Grows by the port that the first start was given. */
  args: readonly string[];
  #process: ChildProcess | undefined;
  #stopping = false;
  /** `ip:port` once it answered. */
  address: string | undefined;

  constructor(name: string, args: readonly string[], workDir: string, onChange: () => void) {
    this.name = name;
    this.args = args;
    this.#workDir = workDir;
    this.#onChange = onChange;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get log(): string {
    return path.join(this.#workDir, 'logs', `${this.name}.log`);
  }

  /**
   * Starts it and waits until it says that it is ready.
   * @throws StevedoreError ERR_LOCAL_CHILD_NOT_READY
   */
  async start(): Promise<void> {
    const log = openSync(this.log, 'a');
    const args = [...process.execArgv, ENTRY, ...this.args, '--until-stdin-ends=true'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    this.#process = child;
    child.on('exit', () => void this.#again());
    this.address = await this.#untilReady(child);
    this.#onChange();
  }

  async #untilReady(child: ChildProcess): Promise<string> {
    const fail = (): never => {
      const problem = readLastLine(this.log) ?? 'it ended or was silent';
      throw new StevedoreError('ERR_LOCAL_CHILD_NOT_READY', { name: this.name, problem, log: this.log });
    };
    const line = new Promise<string>((resolve) => {
      if (child.stdout !== null) createInterface(child.stdout).once('line', resolve);
    });
    const exit = new Promise<undefined>((resolve) => child.once('exit', () => resolve(undefined)));
    const late = sleep(READY_MS, undefined, { ref: false });
    const text = (await Promise.race([line, exit, late])) ?? fail();
    return (JSON.parse(text) as { address: string }).address;
  }

  async #again(): Promise<void> {
    if (this.#stopping || this.address === undefined) return;
    await sleep(RESTART_MS);
    if (this.#stopping) return;
    await this.start().catch((error: unknown) => {
      process.stderr.write(`stevedore local: ${messageOf(error)}\n`);
      return this.#again();
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = sleep(KILL_MS, 'late', { ref: false });
    if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL');
    await exited;
  }
}
