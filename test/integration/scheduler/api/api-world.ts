/** A scheduler with its API on a socket and over TLS, on a fake master, for the tests beside this file. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { join } from 'node:path';
import type { RemoteApi } from '../../../../scheduler/api/client.ts';
import type { ServiceSpec } from '../../../../scheduler/core/service-spec.ts';
import type { SchedulerOptions } from '../../../../scheduler/scheduler-options.ts';
import { FakeMaster } from '../../../support/fake-master.ts';
import { eventually } from '../../../support/eventually.ts';
import { type RunningScheduler, SchedulerBench } from '../../../support/scheduler-under-test.ts';

const API = { bindHost: '127.0.0.1', port: 0, advertisedHost: '127.0.0.1' };

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export async function readAnswer(answer: IncomingMessage): Promise<RawAnswer> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const piece of answer as AsyncIterable<string>) text += piece;
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}

export class ApiWorld {
  readonly master: FakeMaster;
  readonly bench = new SchedulerBench();
  scheduler: RunningScheduler | undefined;

  private constructor(master: FakeMaster) {
    this.master = master;
  }

  static async open(): Promise<ApiWorld> {
    return new ApiWorld(await FakeMaster.start());
  }

  /** Until the API answers over TLS and the framework is subscribed. */
  async start(spec: ServiceSpec, changes: Partial<SchedulerOptions> = {}): Promise<void> {
    const nth = this.master.callsOf('SUBSCRIBE').length + 1;
    const options = this.bench.makeOptions(this.master.address, spec, { api: API, ...changes });
    this.scheduler = this.bench.start(options);
    await this.master.untilCall('SUBSCRIBE', nth);
    await eventually('the API', 10_000, () => this.#read('api-url'));
  }

  /** Offers a host until so many tasks were launched, then has them run. */
  async runTasks(count: number): Promise<void> {
    await eventually(`${count} tasks`, 10_000, () => {
      this.master.offer(`h${this.master.launched.length + 1}`);
      return this.master.launched.length >= count ? true : undefined;
    });
    for (const task of this.master.launched) this.master.update(task, 'TASK_RUNNING');
    await this.master.untilCall('ACKNOWLEDGE', count);
  }

  get stateDirectory(): string {
    return this.bench.stateDirectory;
  }

  get remote(): RemoteApi {
    return { url: this.#read('api-url'), token: this.#read('api-token'), ca: this.#read('api-certs/ca.pem') };
  }

  #read(name: string): string {
    return readFileSync(join(this.stateDirectory, name), 'utf8').trim();
  }

  /** As any client would ask, path and headers as they are; over TLS with the right token unless told otherwise. */
  async ask(path: string, options: RequestOptions & { readonly body?: string } = {}): Promise<RawAnswer> {
    const { url, token, ca } = this.remote;
    const { hostname, port } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const authorization = `Bearer ${token}`;
    const { body, ...rest } = options;
    const asked = { hostname, port, path, ca, agent: false, headers: { authorization }, ...rest };
    const request = requestHttps(asked, resolve);
    request.on('error', reject);
    request.end(body);
    return await readAnswer(await promise);
  }

  async close(): Promise<void> {
    await this.bench.close();
    await this.master.close();
  }
}
