/** Every metric of a scheduler, by name; docs/metrics.md is made from this table. */

export interface MetricEntry {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

export const METRICS = {
  stevedore_offers_received_total: {
    kind: 'counter',
    help: 'Offers that Mesos made.',
    labels: ['role'],
  },
  stevedore_offers_declined_total: {
    kind: 'counter',
    help: 'Offers that were declined: nothing waited for one (idle), or what waited did not fit (misfit).',
    labels: ['reason'],
  },
  stevedore_offer_refusals_total: {
    kind: 'counter',
    help: 'Times that a stage of the evaluation refused an offer for an instance.',
    labels: ['stage'],
  },
  stevedore_offers_accepted_total: {
    kind: 'counter',
    help: 'Offers that were accepted.',
    labels: [],
  },
  stevedore_launches_total: { kind: 'counter', help: 'Tasks that were launched.', labels: ['component'] },
  stevedore_kills_total: { kind: 'counter', help: 'KILL calls.', labels: [] },
  stevedore_status_updates_total: {
    kind: 'counter',
    help: 'Status updates of Mesos, repeated ones included.',
    labels: ['state', 'reason'],
  },
  stevedore_instances: { kind: 'gauge', help: 'Instances by phase.', labels: ['component', 'phase'] },
  stevedore_reconciliations_total: {
    kind: 'counter',
    help: 'RECONCILE calls: about given tasks (explicit), or about all (implicit).',
    labels: ['kind'],
  },
  stevedore_reconciliation_pending: {
    kind: 'gauge',
    help: 'Tasks about which Mesos was asked and has not answered.',
    labels: [],
  },
  stevedore_connected: {
    kind: 'gauge',
    help: '1 while the framework is subscribed at a Mesos master.',
    labels: [],
  },
  stevedore_subscriptions_total: {
    kind: 'counter',
    help: 'Subscriptions; all but the first mean that the stream was lost.',
    labels: [],
  },
  stevedore_stream_silence_seconds: {
    kind: 'gauge',
    help: 'Time since the last event of Mesos; a heartbeat comes every 15 s.',
    labels: [],
  },
  stevedore_calls_total: {
    kind: 'counter',
    help: 'Calls to the Mesos master by what became of them.',
    labels: ['type', 'result'],
  },
  stevedore_suppressions_total: { kind: 'counter', help: 'SUPPRESS calls.', labels: [] },
  stevedore_revives_total: { kind: 'counter', help: 'REVIVE calls.', labels: [] },
  stevedore_store_write_seconds: {
    kind: 'histogram',
    help: 'Time that a write of the state store took.',
    labels: [],
    buckets: SECONDS,
  },
  stevedore_step_seconds: {
    kind: 'histogram',
    help: 'Time that the engine took to decide about one event.',
    labels: ['event'],
    buckets: SECONDS,
  },
  stevedore_leader: {
    kind: 'gauge',
    help: '1 for the scheduler that leads, 0 for a standby.',
    labels: [],
  },
  stevedore_api_requests_total: {
    kind: 'counter',
    help: 'Requests to the API.',
    labels: ['method', 'route', 'status'],
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type MetricName = keyof typeof METRICS;

/** docs/metrics.md. */
export function renderMetricReference(metrics: Readonly<Record<string, MetricEntry>>): string {
  const rows = Object.entries(metrics).map(
    ([name, { kind, labels, help }]) =>
      `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ') || '-'} | ${help} |`,
  );
  return [
    '# Metrics',
    '',
    '`GET /metrics` of the API answers them in the text format of Prometheus. Seconds everywhere.',
    '',
    '| name | kind | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
