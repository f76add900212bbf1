/** All that the engine decides from, and what it may be told. */
import type { InverseOffer, Offer } from '../../protocol/mesos/framework.ts';
import type { TaskStatus } from '../../protocol/mesos/task.ts';
import type { RefusalLedger } from './explanation/refusal-ledger.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { MaximumFailedTasks } from './failures/failed-tasks.ts';
import type { Evaluation } from './offers/offer-evaluator.ts';
import type { Instances } from './plan.ts';
import type { WindowsByHost } from './maintenance/maintenance-window.ts';
import type { Reconciliation } from './tasks/reconciliation.ts';
import type { OperatorAction } from './operator-action.ts';
import type { GivenConfiguration } from './rollout/apply-configuration.ts';
import type { ServiceSpec } from './service-spec.ts';
import type { ReadonlyTable } from './table.ts';
import type { Timing } from './timing.ts';
import type { WaveState } from './waves/launch-waves.ts';

export interface EngineSettings {
  readonly spec: ServiceSpec;
  /** The first is that of components that name none. */
  readonly roles: readonly [string, ...string[]];
  /** Of the framework; Mesos wants it on what the framework reserves. */
  readonly principal?: string | undefined;
  readonly address: 'hostname' | 'ip';
  readonly bundleSha256: string;
  /** Unset: first launches do not go in waves. */
  readonly bundleBytes?: number | undefined;
  /** What all fetches of the bundle together are thought to get before one was measured; unset: 64 MiB/s. */
  readonly firstBytesPerSecond?: number | undefined;
  /** Unset: any number may fail. */
  readonly maximumFailedTasks?: MaximumFailedTasks | undefined;
  readonly timing: Timing;
}

/** What one waiting instance got from the last offers. */
export interface TimedEvaluation extends Evaluation {
  readonly atMs: number;
}

/** Of one role. */
export interface OfferDemand {
  readonly suppressed: boolean;
  readonly reviveWanted: boolean;
  readonly lastReviveAtMs: number;
  /** What offers were wanted for after the step before. */
  readonly known: readonly string[];
  /** Since when something is wanted without a pause. */
  readonly wantedSinceMs?: number | undefined;
  readonly lastOfferAtMs?: number | undefined;
}

export interface EngineState {
  readonly settings: EngineSettings;
  /** As the configuration says; `settings.spec` has the counts of operators instead. */
  readonly configured: ServiceSpec;
  /** Why the configuration that was given is not used. */
  readonly refused?: readonly string[] | undefined;
  readonly connected: boolean;
  readonly frameworkId?: string | undefined;
  readonly master?: string | undefined;
  readonly mode: 'running' | 'tearing-down' | 'torn-down';
  readonly teardownDeadlineMs?: number | undefined;
  /** Of a teardown: what is not offered until then is left where it lies. */
  readonly releaseDeadlineMs?: number | undefined;
  readonly instances: Instances;
  readonly facts: EngineFacts;
  readonly reconciliation: Reconciliation;
  readonly demand: Readonly<Record<string, OfferDemand>>;
  /** By instance, or the open slot of a component. */
  readonly evaluations: ReadonlyTable<readonly TimedEvaluation[]>;
  /** When a host last made an offer. */
  readonly hostsSeenMs: ReadonlyTable<number>;
  /** When hosts will be down. Mesos tells it again after each subscription. */
  readonly maintenance: WindowsByHost;
  readonly waves: WaveState;
  /** Why agents did not do lately, by component. */
  readonly refusals: Readonly<Record<string, RefusalLedger>>;
  /** Which stages the log has named, by component. */
  readonly saidStages: Readonly<Record<string, string>>;
}

export type EngineEvent =
  | { readonly kind: 'subscribed'; readonly frameworkId: string; readonly master: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'offers'; readonly offers: readonly Offer[] }
  | { readonly kind: 'update'; readonly status: TaskStatus }
  /** Of a whole agent when `executorId` is unset. */
  | {
      readonly kind: 'failure';
      readonly agentId?: string | undefined;
      readonly executorId?: string | undefined;
    }
  | { readonly kind: 'inverse-offers'; readonly offers: readonly InverseOffer[] }
  | { readonly kind: 'rescind-inverse-offer'; readonly inverseOfferId: string }
  | { readonly kind: 'tick' }
  | { readonly kind: 'operator'; readonly action: OperatorAction }
  /** A configuration is ready to be used. */
  | ({ readonly kind: 'configured' } & GivenConfiguration)
  /** The configuration that an operator wanted back cannot be made ready. */
  | { readonly kind: 'configuration-failed'; readonly problem: string };

/** Time and chance of one step; `chance` gives another number between 0 and 1 at each call. */
export interface StepMoment {
  readonly nowMs: number;
  readonly chance: () => number;
}
