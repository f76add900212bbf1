/** Connections to masters in this process, with waiting times of milliseconds, and all that they told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { SchedulerEvent } from '../../../../protocol/mesos/scheduler.ts';
import { createLogger } from '../../../../scheduler/log.ts';
import { CallQueue } from '../../../../scheduler/mesos/call-queue.ts';
import type { ConnectionTiming } from '../../../../scheduler/mesos/connection-timing.ts';
import { toSubscribeCall } from '../../../../scheduler/mesos/framework-info.ts';
import { renderMasterAddress } from '../../../../scheduler/mesos/master-address.ts';
import type { MasterAccessOptions } from '../../../../scheduler/mesos/master-options.ts';
import { type Masters, openMasters } from '../../../../scheduler/mesos/masters.ts';
import { runConnection } from '../../../../scheduler/mesos/scheduler-connection.ts';
import type { FrameworkOptions } from '../../../../scheduler/scheduler-options.ts';
import { eventually } from '../../../support/eventually.ts';

const FRAMEWORK: FrameworkOptions = {
  name: 'test',
  roles: ['r'],
  user: 'root',
  failoverTimeoutSeconds: 60,
};
const FAST: Partial<ConnectionTiming> = { backoffBaseMs: 10, backoffMaxMs: 40, callTimeoutMs: 2000 };

interface Starting {
  readonly framework?: Partial<FrameworkOptions>;
  readonly masterAccess?: MasterAccessOptions;
  readonly timing?: Partial<ConnectionTiming>;
  readonly onEvent?: (event: SchedulerEvent, connection: RunningConnection) => void;
}

export class RunningConnection {
  readonly log: string[] = [];
  readonly events: SchedulerEvent[] = [];
  /** Masters that it subscribed with, in order. */
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  readonly calls: CallQueue;
  readonly ended: Promise<unknown>;
  readonly #controller = new AbortController();
  readonly #masters: Masters;

  constructor(master: string, starting: Starting) {
    const log = createLogger((line) => void this.log.push(line));
    const framework = { ...FRAMEWORK, ...starting.framework };
    const { masterAccess = {} } = starting;
    this.calls = new CallQueue(log);
    this.#masters = openMasters(
      { master, framework, masterAccess },
      { log, signal: this.#controller.signal },
    );
    const run = runConnection({
      ...this.#masters,
      principal: framework.principal,
      createSubscribe: () => toSubscribeCall(framework, undefined, undefined),
      onOpen: (stream, address) => {
        this.opened.push(renderMasterAddress(address));
        this.calls.use(stream);
      },
      onEvent: (event) => {
        this.events.push(event);
        starting.onEvent?.(event, this);
      },
      onClose: (reason) => {
        this.calls.use(undefined);
        this.closed.push(reason);
      },
      log,
      chance: () => 0.5,
      timing: { ...FAST, ...starting.timing },
      signal: this.#controller.signal,
    });
    this.ended = run.catch((error: unknown) => error);
  }

  until<Result>(what: string, probe: () => Result | undefined | false): Promise<Result> {
    const found = () => {
      const result = probe();
      return result === false ? undefined : result;
    };
    return eventually(`${what}; ${this.log.join('')}`, 10_000, found);
  }

  untilSubscribed(nth = 1): Promise<string> {
    return this.until(`${nth}. subscription`, () => {
      const count = this.events.filter(({ type }) => type === 'SUBSCRIBED').length;
      return count >= nth && this.opened[nth - 1];
    });
  }

  logged(text: string | RegExp): number {
    return this.log.filter((line) => (typeof text === 'string' ? line.includes(text) : text.test(line)))
      .length;
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.ended;
    await this.#masters.close();
  }
}

/** Files and connections of one test, cleaned up also when it fails. */
export class ConnectionBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'stevedore-connection-'));
  readonly #running: RunningConnection[] = [];

  start(master: string, starting: Starting = {}): RunningConnection {
    const connection = new RunningConnection(master, starting);
    this.#running.push(connection);
    return connection;
  }

  write(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((connection) => connection.stop()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Signed by itself, for this host under all its names. */
export async function makeCertificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    // Java takes no SHA-1, the library's own default.
    algorithm: 'sha256',
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}
