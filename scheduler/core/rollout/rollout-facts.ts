/** What a rollout must still know after a crash. */
import type { ConfigurationVersion } from './configuration-version.ts';

export interface RolloutFailure {
  readonly instance: string;
  readonly atMs: number;
  readonly message: string;
}

/** Under way from the moment a version became the target until every instance runs under it. */
export interface Rollout {
  /** Digest of the target. */
  readonly version: string;
  readonly sinceMs: number;
  /** Under the target version, since it was begun or last resumed. */
  readonly failures: readonly RolloutFailure[];
  /** Set when they were too many: no further instance is touched. */
  readonly haltedAtMs?: number | undefined;
  /** Instances that failed already when it began: they say nothing about the version. */
  readonly unwell: readonly string[];
  /** Components whose canary an operator has approved. */
  readonly approved: readonly string[];
}

/** By an operator: a start with the configuration that was left stays with the one that was gone back to. */
export interface Rollback {
  /** Snapshots. */
  readonly from: string;
  readonly to: string;
}

export interface ScaledCount {
  readonly count: number;
  /** What the configuration said then: when it says something else, that counts. */
  readonly configured: number;
}

export interface RolloutFacts {
  /** The newest, the target, stands last. */
  readonly versions?: readonly ConfigurationVersion[] | undefined;
  readonly rollout?: Rollout | undefined;
  readonly rollback?: Rollback | undefined;
  readonly planPaused?: { readonly sinceMs: number } | undefined;
  /** By component. */
  readonly scale?: Readonly<Record<string, ScaledCount>> | undefined;
  /** By component, when an operator last ordered all of its instances to restart. A task carries the order it came after. */
  readonly restarts?: Readonly<Record<string, number>> | undefined;
}
