/** The plan as operators see it: which instance is changed next, why, and what holds the rollout up. */

export type RolloutPhase =
  /** Everything runs as configured. */
  | 'complete'
  /** Instances are launched that have none or lost theirs; nothing that runs is changed. */
  | 'deploying'
  | 'recovering'
  /** Instances that run are restarted under the target version. */
  | 'rolling-out'
  /** A canary is done; `resume-plan` goes on. */
  | 'waiting'
  /** An instance failed under the target version; `resume-plan` or `rollback`. */
  | 'halted'
  /** By an operator; `resume-plan` goes on. */
  | 'paused'
  /** Mesos or the service refused a launch. */
  | 'blocked'
  | 'tearing-down';

export interface VersionReport {
  /** Hex; the first eight digits are what people compare. */
  readonly digest: string;
  readonly sinceMs: number;
}

export type StepStatus = 'pending' | 'blocked' | 'starting' | 'complete' | 'failed' | 'paused';

export type StepAction = 'launch' | 'restart' | 'remove' | 'none';

export interface PlanStep {
  readonly component: string;
  readonly instance: string;
  readonly status: StepStatus;
  readonly action: StepAction;
  /** What differs, key by key, then what holds the step up. */
  readonly reasons: readonly string[];
}

export interface PlanReport {
  readonly phase: RolloutPhase;
  /** By component: `serial`, `parallel 3`, `canary`. */
  readonly strategy: Readonly<Record<string, string>>;
  /** Everything ran under it before; the target's own when nothing is to be changed. Unset: nothing ran before. */
  readonly version?: VersionReport | undefined;
  /** Unset until the configuration was read. */
  readonly target?: VersionReport | undefined;
  readonly paused: boolean;
  /** Why the phase is `waiting`, `halted` or `paused`. */
  readonly held?: string | undefined;
  /** Why the configuration that was given is not used; the target is the former one then. */
  readonly refused?: readonly string[] | undefined;
  /** In the order in which components are changed. */
  readonly steps: readonly PlanStep[];
}
