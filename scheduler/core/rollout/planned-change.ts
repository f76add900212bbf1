/** What a configuration would do, before it is applied. */
import { Draft } from '../draft.ts';
import type { EngineState } from '../engine-state.ts';
import type { ServiceSpec } from '../service-spec.ts';
import { applyConfiguration } from './apply-configuration.ts';
import { judgeChange } from './change-validators.ts';
import { type ConfigurationDescription, getTarget } from './configuration-version.ts';
import { type PlanReport, toPlanReport } from './plan-report.ts';

export interface PlannedConfiguration {
  readonly spec: ServiceSpec;
  /** Artifacts that nobody has fetched yet may be left out. */
  readonly description: ConfigurationDescription;
}

function listReasons(state: EngineState, { spec, description }: PlannedConfiguration): string[] {
  const before = getTarget(state.facts.versions);
  if (before === undefined) return [];
  const instances = state.instances.list();
  return judgeChange({ before, after: description, spec, instances });
}

function applyTo(state: EngineState, planned: PlannedConfiguration, nowMs: number): EngineState {
  // Nothing is sent while there is no connection, so that what is to go is still there to be told.
  const draft = new Draft({ ...state, connected: false }, { nowMs, chance: () => 0 });
  applyConfiguration(draft, planned);
  return { ...draft.state, connected: state.connected };
}

/** A change that cannot be made leaves the plan as it is, with the reasons in `refused`. */
export function planChange(state: EngineState, planned: PlannedConfiguration, nowMs: number): PlanReport {
  const refused = listReasons(state, planned);
  if (refused.length > 0) return { ...toPlanReport(state, nowMs), refused };
  return toPlanReport(applyTo(state, planned, nowMs), nowMs);
}
