/** A scheduler for tests: subscribes, collects events, acknowledges every update unless told not to. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { SchedulerEvent } from '../../../protocol/mesos/scheduler.ts';
import type { ExecutorInfo, TaskInfo, TaskStatus } from '../../../protocol/mesos/task.ts';
import { exchange, RawConnection, type RawResponse } from './raw-http.ts';

export interface TestFramework {
  readonly name: string;
  readonly user?: string;
  readonly failover_timeout?: number;
  readonly checkpoint?: boolean;
  readonly id?: { readonly value: string };
  readonly principal?: string;
}

const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'];

function renderRequest(body: string, headers: Readonly<Record<string, string>>): string {
  const all = { Host: 'x', 'Content-Type': 'application/json', Accept: 'application/json', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /api/v1/scheduler HTTP/1.1\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export class TestScheduler {
  readonly #port: number;
  readonly #headers: Readonly<Record<string, string>>;
  acknowledges = true;
  /** Updates so far; one that is repeated is acknowledged again. */
  #acknowledged = 0;
  stream: RawConnection | undefined;
  frameworkId = '';

  constructor(port: number, headers: Readonly<Record<string, string>> = {}) {
    this.#port = port;
    this.#headers = headers;
  }

  get events(): SchedulerEvent[] {
    return (this.stream?.records ?? []).map((record) => JSON.parse(record) as SchedulerEvent);
  }

  get updates(): TaskStatus[] {
    return this.events.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
  }

  get offers(): Offer[] {
    return this.events.flatMap((event) => (event.type === 'OFFERS' ? [...(event.offers.offers ?? [])] : []));
  }

  get streamId(): string {
    return /mesos-stream-id: (\S+)/i.exec(this.stream?.head ?? '')?.[1] ?? '';
  }

  async subscribe(framework: TestFramework): Promise<void> {
    const framework_info = {
      user: 'root',
      checkpoint: true,
      failover_timeout: 60,
      roles: ['tests'],
      capabilities: CAPABILITIES.map((type) => ({ type })),
      ...framework,
    };
    const id = framework.id === undefined ? {} : { framework_id: framework.id };
    const body = JSON.stringify({ type: 'SUBSCRIBE', ...id, subscribe: { framework_info } });
    this.stream = await RawConnection.open(this.#port, '127.0.0.1', renderRequest(body, this.#headers));
    await this.stream.until('the first event', () => this.events.length > 0);
    const [first] = this.events;
    if (first?.type === 'SUBSCRIBED') this.frameworkId = first.subscribed.framework_id.value;
  }

  async call(
    type: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawResponse> {
    const text = JSON.stringify({ type, framework_id: { value: this.frameworkId }, ...body });
    const all = { 'Mesos-Stream-Id': this.streamId, ...this.#headers, ...headers };
    return exchange(this.#port, '127.0.0.1', renderRequest(text, all));
  }

  /** Waits for events, acknowledging updates meanwhile. */
  async until(what: string, condition: () => boolean, timeoutMs = 8000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      if (this.acknowledges) await this.#acknowledgeAll();
      if (condition()) return;
      if (Date.now() > deadline)
        throw new Error(`waited in vain for ${what}: ${this.stream?.records.slice(-5).join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #acknowledgeAll(): Promise<void> {
    const fresh = this.updates.slice(this.#acknowledged);
    this.#acknowledged += fresh.length;
    for (const { uuid, agent_id, task_id } of fresh) {
      if (uuid === undefined) continue;
      await this.call('ACKNOWLEDGE', { acknowledge: { agent_id, task_id, uuid } });
    }
  }

  async untilState(taskId: string, state: string, timeoutMs?: number): Promise<TaskStatus> {
    const find = (): TaskStatus | undefined =>
      this.updates.find((status) => status.task_id.value === taskId && status.state === state);
    await this.until(`${state} of ${taskId}`, () => find() !== undefined, timeoutMs);
    return find() as TaskStatus;
  }

  /** Launches one task on the latest offer. */
  async launch(task: Partial<TaskInfo> & { readonly name: string }): Promise<void> {
    await this.until('an offer', () => this.offers.length > 0);
    const offer = this.offers.at(-1) as Offer;
    const info = {
      task_id: { value: task.name },
      agent_id: offer.agent_id,
      resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }],
      ...task,
    };
    const operations = [{ type: 'LAUNCH', launch: { task_infos: [info] } }];
    await this.call('ACCEPT', {
      accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } },
    });
  }

  close(): void {
    this.stream?.close();
  }
}

/** An executor that is nothing but a shell command, and never subscribes. */
export function shellExecutor(id: string, value: string): ExecutorInfo {
  const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.1 } }];
  return { type: 'CUSTOM', executor_id: { value: id }, resources, command: { value, shell: true } };
}
