/** Counts what the scheduler does. One registry for each, so that several may live in one process. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineState } from '../core/engine-state.ts';
import { INSTANCE_PHASES } from '../core/instance.ts';
import type { PerformedStep } from '../engine-loop.ts';
import { METRICS, type MetricEntry, type MetricName } from './metric-table.ts';
import { listObservations } from './observations.ts';

type Labels = Readonly<Record<string, string>>;

function createMetric(name: string, entry: MetricEntry, registry: Registry): Counter | Gauge | Histogram {
  const { help, kind } = entry;
  const common = { name, help, labelNames: [...entry.labels], registers: [registry] };
  if (kind === 'counter') return new Counter(common);
  if (kind === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, buckets: [...(entry.buckets ?? [])] });
}

function createAll(registry: Registry): Map<MetricName, Counter | Gauge | Histogram> {
  const entries = Object.entries(METRICS) as [MetricName, MetricEntry][];
  return new Map(entries.map(([name, entry]) => [name, createMetric(name, entry, registry)]));
}

export class SchedulerMetrics {
  readonly #registry = new Registry();
  readonly #metrics = createAll(this.#registry);
  #state: EngineState | undefined;
  #lastEventMs: number | undefined;

  count(name: MetricName, labels: Labels = {}, by = 1): void {
    (this.#metrics.get(name) as Counter).inc({ ...labels }, by);
  }

  set(name: MetricName, value: number, labels: Labels = {}): void {
    (this.#metrics.get(name) as Gauge).set({ ...labels }, value);
  }

  time(name: MetricName, seconds: number, labels: Labels = {}): void {
    (this.#metrics.get(name) as Histogram).observe({ ...labels }, seconds);
  }

  /** Runs it, and notes how long it took. */
  measure<Result>(name: MetricName, labels: Labels, run: () => Result): Result {
    const began = performance.now();
    try {
      return run();
    } finally {
      this.time(name, (performance.now() - began) / 1000, labels);
    }
  }

  observe(step: PerformedStep): void {
    this.#state = step.state;
    for (const { name, labels, by } of listObservations(step)) this.count(name, labels, by);
  }

  /** Something came from the master, a heartbeat included. */
  hear(nowMs: number): void {
    this.#lastEventMs = nowMs;
  }

  /** The text format of Prometheus. */
  async render(nowMs: number): Promise<string> {
    if (this.#state !== undefined) this.#gauge(this.#state);
    if (this.#lastEventMs !== undefined)
      this.set('stevedore_stream_silence_seconds', (nowMs - this.#lastEventMs) / 1000);
    return await this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #gauge({ connected, instances, reconciliation, settings }: EngineState): void {
    this.set('stevedore_connected', connected ? 1 : 0);
    this.set('stevedore_reconciliation_pending', reconciliation.pending.size);
    const all = instances.list();
    for (const { name: component } of settings.spec.components)
      for (const phase of INSTANCE_PHASES) {
        const own = all.filter((instance) => instance.component === component && instance.phase === phase);
        this.set('stevedore_instances', own.length, { component, phase });
      }
  }
}
