/** Runs `provision-process.ts`, with less privilege or in a mount namespace of its own where a test wants it. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type LaunchSpec, renderLaunchSpec } from '../../../../protocol/launch-spec.ts';

const SCRIPT = fileURLToPath(new URL('./provision-process.ts', import.meta.url));

export const NOBODY = 65534;

/** Argv before that of Node. */
export const AS_NOBODY = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--bounding-set=-all',
];

/** The shell's `$@` is what runs in the namespace. */
export function inMountNamespace(script: string): string[] {
  return ['unshare', '-m', '--propagation', 'private', '/bin/sh', '-c', `${script} && exec "$@"`, 'sh'];
}

export interface Told {
  readonly placeholders: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly enter: string[];
  readonly unformatted: string[];
  readonly lines: string[];
  readonly code?: string;
  readonly message: string;
}

/** For a test that kills it before it says a word. */
export function spawnProvision(
  spec: LaunchSpec,
  sandbox: string,
  prefix: readonly string[] = [],
): ChildProcessByStdio<Writable, Readable, null> {
  const argv = [...prefix, process.execPath, SCRIPT, renderLaunchSpec(spec), sandbox];
  const [command, ...rest] = argv as [string, ...string[]];
  return spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
}

export class ProvisionChild {
  readonly told: Told;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, told: Told) {
    this.#process = process;
    this.told = told;
  }

  static async start(
    spec: LaunchSpec,
    sandbox: string,
    prefix: readonly string[] = [],
  ): Promise<ProvisionChild> {
    const child = spawnProvision(spec, sandbox, prefix);
    let text = '';
    while (!text.endsWith('\n')) {
      const [chunk] = (await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'close').then(() => ['{"message":"ended without a word"}\n']),
      ])) as [Buffer | string];
      text += chunk.toString();
    }
    return new ProvisionChild(child, JSON.parse(text) as Told);
  }

  /** Lets it release everything. */
  async end(): Promise<void> {
    await this.#end(() => this.#process.stdin?.end());
  }

  async kill(): Promise<void> {
    await this.#end(() => this.#process.kill('SIGKILL'));
  }

  async #end(how: () => void): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    how();
    await closed;
  }
}
