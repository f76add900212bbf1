/** What makes Mesos refuse a FrameworkInfo. The scheduler gets the text as an ERROR event on a stream that was accepted. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import { findIdProblem, findRoleProblem } from '../names.ts';
import { hasCapability } from './records.ts';

/** Deprecated, but frameworks without MULTI_ROLE still say it. */
type LegacyInfo = FrameworkInfo & { readonly role?: string };

const LONGEST_TIMEOUT_SECONDS = 2 ** 63 / 1e9;

export function rolesOf(info: LegacyInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}

function findRolesProblem(info: LegacyInfo): string | undefined {
  const roles = info.roles ?? [];
  const multiRole = hasCapability(info, 'MULTI_ROLE');
  if (multiRole && info.role !== undefined)
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  if (!multiRole && roles.length > 0)
    return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
  const twice = [...new Set(roles.filter((role, index) => roles.indexOf(role) !== index))];
  if (twice.length > 0) return `'FrameworkInfo.roles' contains duplicate items: { ${twice.join(', ')} }`;
  const problem = rolesOf(info).map(findRoleProblem).find(Boolean);
  const field = multiRole ? 'roles' : 'role';
  return problem === undefined ? undefined : `'FrameworkInfo.${field}' contains invalid role: ${problem}`;
}

function renderExponent(value: number): string {
  return Math.abs(value) < 1e6 ? String(value) : value.toExponential().replace(/e\+(\d)$/, 'e+0$1');
}

export function findFrameworkProblem(info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
  const timeout = info.failover_timeout ?? 0;
  const strange = suppressed.find((role) => !rolesOf(info).includes(role));
  const id = info.id === undefined ? undefined : findIdProblem(info.id.value);
  const roles = findRolesProblem(info) ?? id;
  if (roles !== undefined) return roles;
  if (Math.abs(timeout) > LONGEST_TIMEOUT_SECONDS)
    return `The framework failover_timeout (${renderExponent(timeout)}) is invalid`;
  return strange === undefined
    ? undefined
    : `Suppressed role '${strange}' is not contained in the list of roles`;
}
