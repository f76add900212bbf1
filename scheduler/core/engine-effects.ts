/** What the engine wants done. The interpreter performs a step's effects in the order in which they stand. */
import type { EngineFacts } from './engine-facts.ts';
import type { InstanceRecord } from './instance.ts';
import type { Placement } from './offers/offer-evaluator.ts';
import type { TaskOnAgent } from './tasks/reconciliation.ts';
import type { ComponentSpec, PlacedInstance, ServiceLaunch } from './service-spec.ts';
import type { ResourceOperation } from './volumes/operations.ts';

/** One task of an ACCEPT. */
export interface PlannedLaunch {
  readonly component: ComponentSpec;
  readonly agentId: string;
  readonly placement: Placement;
  readonly placed: PlacedInstance;
  readonly launch: ServiceLaunch;
}

export type EngineEffect =
  | {
      readonly kind: 'persist';
      /** null: forgotten. */
      readonly frameworkId: string | null;
      readonly changed: readonly InstanceRecord[];
      readonly removed: readonly string[];
      /** Facts that changed; undefined: no more. */
      readonly facts: EngineFacts;
    }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly text: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'kill';
      readonly taskId: string;
      readonly agentId?: string | undefined;
      /** Unset: as its launch said. */
      readonly graceMs?: number | undefined;
    }
  /** Of the task's executor: it is asked to end and destroyed if it does not. */
  | ({ readonly kind: 'shutdown' } & TaskOnAgent)
  | {
      readonly kind: 'accept';
      readonly offerId: string;
      /** What is given back, reserved and made before the launches. */
      readonly operations: readonly ResourceOperation[];
      readonly launches: readonly PlannedLaunch[];
      readonly refuseSeconds: number;
    }
  /** An offer of which something of ours is given back and nothing used. */
  | {
      readonly kind: 'release';
      readonly offerId: string;
      readonly operations: readonly ResourceOperation[];
      readonly refuseSeconds: number;
    }
  | { readonly kind: 'decline'; readonly offerIds: readonly string[]; readonly refuseSeconds: number }
  | {
      readonly kind: 'accept-inverse' | 'decline-inverse';
      readonly inverseOfferIds: readonly string[];
      readonly refuseSeconds: number;
    }
  | { readonly kind: 'acknowledge'; readonly taskId: string; readonly agentId: string; readonly uuid: string }
  | { readonly kind: 'reconcile'; readonly tasks: readonly TaskOnAgent[] }
  | { readonly kind: 'suppress'; readonly roles: readonly string[] }
  | { readonly kind: 'revive'; readonly roles: readonly string[] }
  | { readonly kind: 'teardown' }
  /** Launches from here on are of the configuration with this digest, which was made ready before. */
  | { readonly kind: 'use-configuration'; readonly digest: string }
  /** Makes the configuration of this snapshot ready, and tells when it is (`configured`) or cannot be. */
  | { readonly kind: 'prepare-configuration'; readonly snapshot: string };

const ORDER: readonly EngineEffect['kind'][] = [
  'persist',
  'log',
  'use-configuration',
  'acknowledge',
  'kill',
  'shutdown',
  'accept',
  'release',
  'decline',
  'accept-inverse',
  'decline-inverse',
  'reconcile',
  'suppress',
  'revive',
  'teardown',
  'prepare-configuration',
];

/** Persist before anything is done in the world. */
export function orderEffects(effects: readonly EngineEffect[]): EngineEffect[] {
  return effects.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
