/** What a master need not offer in the present state; to be told with each subscription and whenever it has changed. */
import type { OfferConstraints } from '../../../protocol/mesos/offer-constraints.ts';
import { roleOf } from '../components.ts';
import { type AttributeNames, toOfferConstraints } from '../constraints/offer-constraints.ts';
import { NO_RULE, type PlacementRule } from '../constraints/placement-rule.ts';
import type { EngineState } from '../engine-state.ts';

/** What is to be given back is seen in offers only, wherever it is. */
function mayMissOffers({ mode, facts }: EngineState, role: string): boolean {
  return mode === 'running' && !(facts.released ?? []).some((entry) => entry.role === role);
}

function listRules({ settings }: EngineState, role: string): PlacementRule[] {
  return settings.spec.components
    .filter((component) => roleOf(settings, component) === role)
    .map(({ placement }) => placement ?? NO_RULE);
}

/** Undefined: everything is to be offered, to every role. */
export function planOfferConstraints(
  state: EngineState,
  names: AttributeNames,
): OfferConstraints | undefined {
  const said = state.settings.roles
    .filter((role) => mayMissOffers(state, role))
    .map((role) => toOfferConstraints(role, listRules(state, role), names)?.role_constraints);
  const role_constraints = Object.assign({}, ...said) as OfferConstraints['role_constraints'];
  return Object.keys(role_constraints).length === 0 ? undefined : { role_constraints };
}
