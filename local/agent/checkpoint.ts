/**
 * The agent's memory across its own restarts, under `meta/` of the work directory: one small JSON file for the agent, for
 * each framework and for each executor, replaced as a whole before anything that follows from it happens.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { ExecutorInfo, TaskStatus } from '../../protocol/mesos/task.ts';
import type { PendingOperation } from './operation-updates.ts';
import type { ProcessIdentity } from './processes.ts';
import type { AgentTask, ExecutorRecord, FrameworkEntry } from './records.ts';

export interface SavedAgent {
  readonly id: string | undefined;
  /** Executors know this address, so it is used again. */
  readonly port: number;
  /** Set while an operator drains the agent. */
  readonly drain?: { readonly markGone: boolean };
}

export interface SavedExecutor {
  readonly id: string;
  readonly info: ExecutorInfo;
  readonly containerId: string;
  readonly directory: string;
  readonly user: string;
  readonly builtIn: boolean;
  readonly process: ProcessIdentity | undefined;
  readonly descendants: readonly ProcessIdentity[];
  readonly tasks: readonly AgentTask[];
}

export interface SavedFramework {
  readonly id: string;
  readonly info: FrameworkInfo;
  readonly updates: Readonly<Record<string, readonly TaskStatus[]>>;
  readonly executors: readonly SavedExecutor[];
}

export class Checkpoint {
  readonly #root: string;

  /** @throws StevedoreError ERR_LOCAL_WORK_DIR */
  constructor(workDir: string) {
    this.#root = path.join(workDir, 'meta');
    try {
      mkdirSync(path.join(this.#root, 'frameworks'), { recursive: true });
      this.#write('probe', {});
      rmSync(path.join(this.#root, 'probe'));
    } catch (error) {
      const fields = { directory: workDir, problem: messageOf(error) };
      throw new StevedoreError('ERR_LOCAL_WORK_DIR', fields, { cause: error });
    }
  }

  saveAgent(agent: SavedAgent): void {
    this.#write('agent.json', agent);
  }

  readAgent(): SavedAgent | undefined {
    return this.#read<SavedAgent>('agent.json');
  }

  /** What operations made, as opposed to the agent's flags. */
  saveResources(resources: readonly Resource[]): void {
    this.#write('resources.json', { resources });
  }

  readResources(): readonly Resource[] {
    return this.#read<{ resources: readonly Resource[] }>('resources.json')?.resources ?? [];
  }

  saveOperations(operations: readonly PendingOperation[]): void {
    this.#write('operations.json', { operations });
  }

  readOperations(): readonly PendingOperation[] {
    return this.#read<{ operations: readonly PendingOperation[] }>('operations.json')?.operations ?? [];
  }

  saveFramework({ id, info, updates }: FrameworkEntry): void {
    const pending = [...updates].map(([taskId, queue]) => [taskId, queue.pending]);
    mkdirSync(path.join(this.#root, 'frameworks', id, 'executors'), { recursive: true });
    this.#write(`frameworks/${id}/framework.json`, { id, info, updates: Object.fromEntries(pending) });
  }

  removeFramework(id: string): void {
    rmSync(path.join(this.#root, 'frameworks', id), { recursive: true, force: true });
  }

  saveExecutor(executor: ExecutorRecord): void {
    const { id, info, containerId, directory, user, builtIn, process } = executor;
    const tasks = [...executor.tasks.values()];
    const descendants = [...executor.descendants.values()];
    const saved: SavedExecutor = {
      id,
      info,
      containerId,
      directory,
      user,
      builtIn,
      process,
      descendants,
      tasks,
    };
    this.#write(`frameworks/${executor.frameworkId}/executors/${id}.json`, saved);
  }

  removeExecutor(executor: ExecutorRecord): void {
    const file = `frameworks/${executor.frameworkId}/executors/${executor.id}.json`;
    rmSync(path.join(this.#root, file), { force: true });
  }

  readFrameworks(): SavedFramework[] {
    return readdirSync(path.join(this.#root, 'frameworks')).flatMap((id) => {
      const saved = this.#read<Omit<SavedFramework, 'executors'>>(`frameworks/${id}/framework.json`);
      if (saved === undefined) return [];
      const files = readdirSync(path.join(this.#root, 'frameworks', id, 'executors'));
      const names = files.filter((name) => name.endsWith('.json'));
      const executors = names.flatMap(
        (name) => this.#read<SavedExecutor>(`frameworks/${id}/executors/${name}`) ?? [],
      );
      return [{ ...saved, executors }];
    });
  }

  /** Written beside and renamed, so that a crash leaves the old or the new file. */
  #write(name: string, content: object): void {
    const file = path.join(this.#root, name);
    writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  #read<T>(name: string): T | undefined {
    const file = path.join(this.#root, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
  }
}
