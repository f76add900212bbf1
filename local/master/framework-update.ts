/** UPDATE_FRAMEWORK: all of it or nothing, and the answer says which. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { OfferConstraints } from '../../protocol/mesos/offer-constraints.ts';
import { findFrameworkProblem, rolesOf } from './framework-validation.ts';
import type { Master } from './master.ts';
import { findConstraintsProblem } from './offer-constraints.ts';
import type { FrameworkRecord } from './records.ts';
import { setWishes, updateInfo } from './subscription.ts';

export interface FrameworkUpdate {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[];
  readonly offer_constraints?: OfferConstraints;
}

function findFixedFieldProblem(from: FrameworkInfo, to: FrameworkInfo): string | undefined {
  if (from.principal !== to.principal) return "Changing framework's principal is not allowed.";
  const changed = (field: string, before: unknown, after: unknown): string | undefined =>
    before === after
      ? undefined
      : `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${String(before)}' to '${String(after)}'`;
  return (
    changed('user', from.user, to.user) ??
    changed('checkpoint', from.checkpoint ?? false, to.checkpoint ?? false)
  );
}

/** The text of the 400 answer. */
export function findUpdateProblem(framework: FrameworkRecord, update: FrameworkUpdate): string | undefined {
  const { framework_info: info, suppressed_roles = [], offer_constraints } = update;
  const supplied = findFrameworkProblem(info, []);
  if (supplied !== undefined) return `Supplied FrameworkInfo is not valid: ${supplied}`;
  const fixed = findFixedFieldProblem(framework.info, info);
  if (fixed !== undefined) return `FrameworkInfo update is not valid: ${fixed}`;
  const roles = rolesOf(info);
  const strange = suppressed_roles.filter((role) => !roles.includes(role));
  const problem =
    strange.length > 0
      ? `Suppressed roles { ${strange.join(', ')} } are not contained in the set of roles`
      : findConstraintsProblem(offer_constraints, roles);
  return problem && `'UpdateFramework' call is not valid: ${problem}`;
}

/** Offers of roles that the framework left are taken back. */
export function updateFramework(master: Master, framework: FrameworkRecord, update: FrameworkUpdate): void {
  updateInfo(framework, update.framework_info);
  setWishes(framework, update.suppressed_roles ?? [], update.offer_constraints);
  for (const offer of master.offersOf({ frameworkId: framework.id }))
    if (!framework.roles.includes(offer.role)) master.rescind(offer);
  master.sendToAgents({ type: 'UPDATE_FRAMEWORK', framework: framework.info });
  master.allocate();
}
