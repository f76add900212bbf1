/** Makes everything that a task needs before its first command: trees, files, directories, ramdisk, configuration. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../../../protocol/artifact.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import type { LaunchSpec } from '../../../protocol/launch-spec.ts';
import type { PlaceholderValues } from '../../../protocol/placeholders.ts';
import { RAMDISK_LABEL, STORE_LABEL } from '../../../protocol/status-labels.ts';
import { toDirectoryName } from '../../core/delivery/directory-name.ts';
import { AGENT_ROOT_VARIABLE, type AgentRoot, openAgentRoot } from './agent-root.ts';
import { ArtifactConnection } from './artifact-connection.ts';
import { writeConfigFiles } from './config-files.ts';
import { openStored, unpack } from './content-store.ts';
import { explainDiskError } from './disk-errors.ts';
import { type FetchContext, fetchArtifact, PATIENCE } from './fetch-artifact.ts';
import { openHeldDirectory } from './held-directory.ts';
import { openPrivateDirectory, type PrivateDirectory } from './private-directory.ts';
import { openRamdisk } from './ramdisk.ts';
import { openScratchDirectory } from './scratch-directory.ts';
import { finishFormat, lockInstance, openStateDirectory, type StateDirectory } from './state-directories.ts';
import { UndoStack } from './undo-stack.ts';

const MAX_SECRET_IN_MEMORY_BYTES = 8 * 1024 * 1024;

export interface ProvisionContext {
  readonly sandbox: string;
  readonly signal: AbortSignal;
  /** What took how long, in the order of events: `fetch.alluxio`, `ramdisk`. */
  readonly step: (name: string, ms: number) => void;
  /** For the executor's own log; never holds a token. */
  readonly log: (line: string) => void;
}

export interface Provisioned {
  /** `sandbox`, `config`, `ramdisk`, `tree.<artifact>`, `file.<artifact>`, `directory.<name>`. */
  readonly placeholders: PlaceholderValues;
  readonly labels: Readonly<Record<string, string>>;
  /** Put before the argv of every command of the task, where the ramdisk lies in a mount namespace; else empty. */
  readonly enter: readonly string[];
  /** State directories that are empty and were never formatted. */
  readonly unformatted: readonly string[];
  /** Before a format command starts. */
  readonly formatting: (name: string) => Promise<void>;
  /** After it succeeded. */
  readonly formatted: (name: string) => Promise<void>;
  /** Always at the end; a second call does nothing. State stays. */
  readonly release: () => Promise<void>;
}

/** Whatever was made is undone when it fails midway. */
export async function provision(spec: LaunchSpec, context: ProvisionContext): Promise<Provisioned> {
  const provisioning = new Provisioning(spec, context);
  try {
    return await provisioning.run();
  } catch (error) {
    const explained = await explainDiskError(error, context.sandbox);
    await provisioning.release();
    throw explained;
  }
}

class Provisioning {
  readonly #spec: LaunchSpec;
  readonly #context: ProvisionContext;
  readonly #undo: UndoStack;
  readonly #values: Record<string, string> = {};
  readonly #labels: Record<string, string> = {};
  readonly #states = new Map<string, StateDirectory>();
  /** Unique on this agent, also when several clusters share it. */
  readonly #name: string;

  constructor(spec: LaunchSpec, context: ProvisionContext) {
    this.#spec = spec;
    this.#context = context;
    this.#undo = new UndoStack(context.log);
    this.#name = toDirectoryName(`${spec.cluster}-${spec.taskId}`);
  }

  /** What may fail for good comes before the long download. */
  async run(): Promise<Provisioned> {
    const { sandbox, log } = this.#context;
    const root = await openAgentRoot(process.env[AGENT_ROOT_VARIABLE], sandbox, log);
    this.#labels[STORE_LABEL] = root.path;
    this.#values.sandbox = sandbox;
    await this.#time('directories', () => this.#openDirectories(root));
    const own = await openPrivateDirectory(root, this.#name, this.#context.signal);
    this.#undo.push('private configuration', own.release);
    this.#values.config = own.config;
    const enter = await this.#openRamdisk(root);
    await this.#openArtifacts(root, own);
    const values = { ...this.#values, sandbox, config: own.config };
    await this.#time('files', () => this.#writeFiles(values));
    return this.#toProvisioned(enter);
  }

  async release(): Promise<void> {
    await this.#undo.undo();
  }

  async #openDirectories(root: AgentRoot): Promise<void> {
    const { directories } = this.#spec;
    const { sandbox, signal, log } = this.#context;
    if (directories.some(({ kind }) => kind === 'state')) {
      const lock = await lockInstance(root, this.#spec, { signal, log });
      this.#undo.push('lock of the instance', () => lock.release());
    }
    for (const directory of directories) {
      if (directory.kind === 'state') {
        const state = await openStateDirectory(directory, { root, sandbox }, this.#spec);
        this.#states.set(directory.name, state);
        this.#values[`directory.${directory.name}`] = state.path;
      } else {
        const scratch = await openScratchDirectory(directory, root, { name: this.#name, signal });
        this.#undo.push(`scratch directory ${directory.name}`, scratch.release);
        this.#values[`directory.${directory.name}`] = scratch.path;
      }
    }
  }

  async #openRamdisk(root: AgentRoot): Promise<readonly string[]> {
    const { signal, log } = this.#context;
    const ramdisk = await this.#time('ramdisk', () =>
      openRamdisk(this.#spec, { root, name: this.#name, signal, log }),
    );
    if (ramdisk === undefined) return [];
    this.#undo.push('ramdisk', ramdisk.release);
    this.#values.ramdisk = ramdisk.path;
    this.#labels[RAMDISK_LABEL] = ramdisk.label;
    return ramdisk.enter;
  }

  async #openArtifacts(root: AgentRoot, own: PrivateDirectory): Promise<void> {
    const connection = new ArtifactConnection(this.#spec.trust, this.#spec.taskId);
    try {
      for (const artifact of this.#spec.artifacts) {
        const path = await this.#time(`fetch.${artifact.name}`, () =>
          artifact.class === 'secret'
            ? this.#openSecret(artifact, { root, own }, connection)
            : this.#openPublic(artifact, root, connection),
        );
        this.#values[`${artifact.format === 'none' ? 'file' : 'tree'}.${artifact.name}`] = path;
      }
    } finally {
      connection.close();
    }
  }

  async #writeFiles(values: Parameters<typeof writeConfigFiles>[1]): Promise<void> {
    try {
      await writeConfigFiles(this.#spec.files, values);
    } catch (error) {
      throw await explainDiskError(error, values.config);
    }
  }

  async #openPublic(artifact: ArtifactRef, root: AgentRoot, connection: ArtifactConnection): Promise<string> {
    const { signal, log } = this.#context;
    const path = join(root.path, 'store');
    await mkdir(path, { recursive: true, mode: 0o700 });
    const stored = await openStored(artifact, { path, signal, log }, (sink) =>
      fetchArtifact(artifact, sink, this.#toFetchContext(connection)),
    );
    this.#undo.push(`use of ${artifact.name}`, stored.release);
    log(`${artifact.name} is ${stored.hit ? 'already' : 'now'} in the store: ${stored.path}`);
    return stored.path;
  }

  /** Never in the store: it goes with the task. */
  async #openSecret(
    artifact: ArtifactRef,
    places: { readonly root: AgentRoot; readonly own: PrivateDirectory },
    connection: ArtifactConnection,
  ): Promise<string> {
    const root = join(await this.#selectSecretPlace(artifact, places), artifact.name);
    const { top } = await unpack(artifact, root, (sink) =>
      fetchArtifact(artifact, sink, this.#toFetchContext(connection)),
    );
    return join(root, artifact.format === 'none' ? artifact.fileName : (top ?? ''));
  }

  /** A whole distribution that is secret lies on disk, as private as in memory: there it would be the task's own. */
  async #selectSecretPlace(
    artifact: ArtifactRef,
    { root, own }: { readonly root: AgentRoot; readonly own: PrivateDirectory },
  ): Promise<string> {
    if (artifact.sizeBytes <= MAX_SECRET_IN_MEMORY_BYTES || !root.durable) return own.artifacts;
    const name = `${this.#name}-${artifact.name}`;
    const held = await openHeldDirectory(join(root.path, 'private'), name, this.#context.signal);
    this.#undo.push(`secret artifact ${artifact.name}`, held.release);
    return held.path;
  }

  #toFetchContext(connection: ArtifactConnection): FetchContext {
    const { signal, log } = this.#context;
    const clock = () => performance.now();
    const { servers } = this.#spec;
    return { connection, servers, signal, clock, chance: Math.random, log, patience: PATIENCE };
  }

  #toProvisioned(enter: readonly string[]): Provisioned {
    const states = [...this.#states.values()];
    return {
      placeholders: this.#values,
      labels: this.#labels,
      enter,
      unformatted: states.filter(({ unformatted }) => unformatted).map(({ name }) => name),
      formatting: (name) => this.#stateOf(name).mark.set(),
      formatted: (name) => finishFormat(this.#stateOf(name), this.#context.signal),
      release: () => this.release(),
    };
  }

  #stateOf(name: string): StateDirectory {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    const problem = `a prepare command formats '${name}', which is no state directory`;
    throw new StevedoreError('ERR_LAUNCH_SPEC_INVALID', { problem });
  }

  async #time<T>(name: string, run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await run();
    this.#context.step(name, performance.now() - startedAt);
    return result;
  }
}
