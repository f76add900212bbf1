/** Why nothing is offered at all: Mesos keeps quiet about a quota that is used up. */
import { renderDuration } from '../../../protocol/duration.ts';
import { findComponent, roleOf } from '../components.ts';
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord } from '../instance.ts';
import { demandOf } from './offer-demand.ts';

/** While something is wanted, offers are refused for seconds only, so they come again and again. */
const SILENCE_MS = 120_000;

/** Undefined while offers for the instance's role come. */
export function explainSilence(
  { connected, demand, settings }: EngineState,
  instance: InstanceRecord,
  nowMs: number,
): string | undefined {
  const component = findComponent(settings.spec, instance.component);
  if (component === undefined) return undefined;
  const role = roleOf(settings, component);
  const { wantedSinceMs, lastOfferAtMs = 0 } = demandOf({ demand }, role);
  if (!connected || wantedSinceMs === undefined) return undefined;
  const silentMs = nowMs - Math.max(wantedSinceMs, lastOfferAtMs);
  if (silentMs < SILENCE_MS) return undefined;
  return `no offers for role ${role} for ${renderDuration(silentMs)}: check the quota of the role, what else runs in it, and that agents have anything free`;
}
