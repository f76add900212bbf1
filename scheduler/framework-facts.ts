/** What Mesos is told of the framework beside its fixed properties. */
import { findWebUrl } from './api/status.ts';
import type { EngineState } from './core/engine-state.ts';
import { planOfferConstraints } from './core/offers/needless-offers.ts';
import type { FrameworkFacts } from './mesos/framework-info.ts';
import type { SchedulerOptions } from './scheduler-options.ts';

export function toFrameworkFacts(
  state: EngineState,
  { offerConstraints }: Pick<SchedulerOptions, 'offerConstraints'>,
): FrameworkFacts {
  const suppressed = Object.entries(state.demand).filter(([, demand]) => demand.suppressed);
  return {
    webUrl: findWebUrl(state),
    ...(offerConstraints === true && { offerConstraints: planOfferConstraints(state, 'repeated') }),
    suppressedRoles: suppressed.map(([role]) => role),
  };
}
