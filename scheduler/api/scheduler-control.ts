/** What the API asks of the scheduler. */
import type { OperatorAction } from '../core/operator-action.ts';
import type { PlanReport } from '../core/rollout/plan-report.ts';
import type { SchedulerMetrics } from '../metrics/scheduler-metrics.ts';
import type { EventLog } from './event-log.ts';
import type { ExplainReport, StatusReport, TeardownReport } from './status.ts';

export interface SchedulerControl {
  readonly metrics: SchedulerMetrics;
  readonly events: EventLog;
  status(): StatusReport;
  explain(): ExplainReport;
  plan(): PlanReport;
  /** What a configuration would do; nothing is changed. @throws what building it throws */
  planChange(snapshot: string): PlanReport;
  /** @throws StevedoreError why it cannot be done now */
  act(action: OperatorAction): Promise<void>;
  /** Resolves when the framework is gone. @throws StevedoreError ERR_TEARDOWN_TIMEOUT */
  teardown(options: { readonly keepVolumes: boolean }): Promise<TeardownReport>;
  /** Ends this scheduler; tasks keep running. */
  stop(): void;
}
