/** What operators see of a running framework and may order. */
import type { EventLog } from './api/event-log.ts';
import type { SchedulerControl } from './api/scheduler-control.ts';
import {
  type ExplainReport,
  type StatusReport,
  type TeardownReport,
  toExplainReport,
  toStatusReport,
} from './api/status.ts';
import { describeUnprepared } from './configuration-digest.ts';
import type { OperatorAction } from './core/operator-action.ts';
import { judgeAction } from './core/operators/judge-action.ts';
import { type PlanReport, toPlanReport } from './core/rollout/plan-report.ts';
import { planChange } from './core/rollout/planned-change.ts';
import { RELEASE_MS } from './core/volumes/teardown-release.ts';
import type { FrameworkRun } from './framework-run.ts';
import type { SchedulerMetrics } from './metrics/scheduler-metrics.ts';
import type { RunParts } from './run-parts.ts';

/** What the end of the last task and the word to Mesos may take beyond the grace and the release of volumes. */
const TEARDOWN_MARGIN_MS = 10_000;

export class RunControl implements SchedulerControl {
  readonly metrics: SchedulerMetrics;
  readonly events: EventLog;
  readonly #run: FrameworkRun;
  readonly #parts: RunParts;
  readonly #startedAtMs = Date.now();

  constructor(run: FrameworkRun, parts: RunParts) {
    this.#run = run;
    this.#parts = parts;
    this.metrics = run.metrics;
    this.events = run.events;
  }

  status(): StatusReport {
    const process_ = { pid: process.pid, startedAtMs: this.#startedAtMs };
    return toStatusReport(this.#run.state, process_, Date.now());
  }

  explain(): ExplainReport {
    return toExplainReport(this.#run.state, Date.now());
  }

  plan(): PlanReport {
    return toPlanReport(this.#run.state, Date.now());
  }

  planChange(snapshot: string): PlanReport {
    const { options, chosen, state } = this.#parts;
    const spec = options.configuration.build(snapshot);
    const { framework } = chosen;
    const description = describeUnprepared({ framework, state, snapshot }, spec);
    return planChange(this.#run.state, { spec, description }, Date.now());
  }

  async act(action: OperatorAction): Promise<void> {
    const problem = judgeAction(this.#run.state, action);
    if (problem !== undefined) throw problem;
    await this.#run.dispatch({ kind: 'operator', action });
    // An order that could not be stored is none.
    this.#run.end.refuseFailed();
  }

  async teardown({ keepVolumes }: { readonly keepVolumes: boolean }): Promise<TeardownReport> {
    const { frameworkId, settings } = this.#run.state;
    const { teardownGraceMs: graceMs } = settings.timing;
    if (frameworkId === undefined) await this.#run.forget();
    else await this.act({ kind: 'teardown', graceMs, keepVolumes });
    await this.#run.end.awaitTeardown(graceMs + RELEASE_MS + TEARDOWN_MARGIN_MS, () =>
      this.#run.state.connected ? 'tasks still run' : 'there is no connection to the Mesos master',
    );
    return { tornDown: true, frameworkId };
  }

  stop(): void {
    this.#run.end.stop();
  }
}
