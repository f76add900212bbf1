/** What one run of a framework is made of. */
import type { ChosenConfiguration } from './configuration-choice.ts';
import { createEngineState } from './core/engine-start.ts';
import type { EngineState } from './core/engine-state.ts';
import { DEFAULT_TIMING } from './core/timing.ts';
import type { Logger } from './log.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import type { SchedulerState } from './state/scheduler-state.ts';

export interface RunParts {
  readonly options: SchedulerOptions;
  /** The configuration that it begins with, before its artifacts are ready. */
  readonly chosen: ChosenConfiguration;
  readonly state: SchedulerState;
  /** False: another scheduler may lead, and nothing may be done any more. */
  readonly confirmLeadership: () => Promise<boolean>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The engine as the state store remembers it. */
export function createRunState({ options, chosen, state }: RunParts, nowMs: number): EngineState {
  const { spec, framework } = chosen;
  const { address, bundle, maximumFailedTasks } = options;
  const { roles, principal } = framework;
  const { sha256: bundleSha256, sizeBytes: bundleBytes } = bundle.manifest;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const { firstBytesPerSecond } = bundle;
  const waves = { bundleSha256, bundleBytes, firstBytesPerSecond };
  const about = { spec, roles, principal, address, ...waves, maximumFailedTasks, timing };
  return createEngineState(about, state.stored, nowMs);
}
