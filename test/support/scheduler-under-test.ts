/** Schedulers in this process, on state directories of their own, cleaned up also when a test fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { createLogger } from '../../scheduler/log.ts';
import type { SchedulerOptions } from '../../scheduler/scheduler-options.ts';
import { runScheduler } from '../../scheduler/scheduler.ts';

export interface RunningScheduler {
  readonly log: string[];
  readonly exit: Promise<number>;
  /** As SIGTERM. */
  stop(): Promise<number>;
}

export class SchedulerBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'stevedore-scheduler-'));
  readonly stateDirectory = join(this.directory, 'state');
  readonly #running: RunningScheduler[] = [];

  /** A stand-in for the executor bundle: served, never run. */
  #makeBundle(): SchedulerOptions['bundle'] {
    const archivePath = join(this.directory, 'bundle.tar.gz');
    writeFileSync(archivePath, 'bundle');
    const sha256 = createHash('sha256').update('bundle').digest('hex');
    return { archivePath, manifest: { fileName: 'bundle.tar.gz', sizeBytes: 6, sha256, sumsSha256: sha256 } };
  }

  makeOptions(master: string, spec: ServiceSpec, changes: Partial<SchedulerOptions> = {}): SchedulerOptions {
    return {
      master,
      // What a specification says beside its functions stands for the text that it would be built from.
      configuration: { cluster: spec.cluster, snapshot: JSON.stringify(spec), build: () => spec },
      framework: { name: 'test', roles: ['r'], user: 'root', failoverTimeoutSeconds: 60 },
      server: {
        bindHost: '127.0.0.1',
        tlsPort: 0,
        plainPort: 0,
        storeDirectory: join(this.stateDirectory, 'artifacts'),
      },
      bundle: this.#makeBundle(),
      stateDirectory: this.stateDirectory,
      address: 'hostname',
      timing: { backoffBaseMs: 100, reviveIntervalMs: 100, reconcileBaseMs: 500 },
      ...changes,
    };
  }

  start(options: SchedulerOptions): RunningScheduler {
    const controller = new AbortController();
    const log: string[] = [];
    const exit = runScheduler(options, {
      log: createLogger((line) => void log.push(line)),
      signal: controller.signal,
    });
    const scheduler = {
      log,
      exit,
      stop: () => {
        controller.abort();
        return exit;
      },
    };
    this.#running.push(scheduler);
    return scheduler;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((scheduler) => scheduler.stop()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
