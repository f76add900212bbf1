/** What a call of a scheduler must say before anybody looks at who makes it. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import { requirePresent, requireUuid, ValidationError } from '../http/call-request.ts';
import type { FrameworkUpdate } from './framework-update.ts';

/** As read: only what protobuf calls required is sure to be there. */
export type LooseCall = {
  readonly type?: string;
  readonly framework_id?: { readonly value: string };
} & Record<string, unknown>;

/** Calls that mean nothing without their body, and the name of it. */
const BODIES: Readonly<Record<string, string>> = {
  SUBSCRIBE: 'subscribe',
  ACCEPT: 'accept',
  DECLINE: 'decline',
  KILL: 'kill',
  SHUTDOWN: 'shutdown',
  ACKNOWLEDGE: 'acknowledge',
  RECONCILE: 'reconcile',
  MESSAGE: 'message',
  ACCEPT_INVERSE_OFFERS: 'accept_inverse_offers',
  DECLINE_INVERSE_OFFERS: 'decline_inverse_offers',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  UPDATE_FRAMEWORK: 'update_framework',
};
const WITHOUT_BODY = new Set(['TEARDOWN', 'REVIVE', 'SUPPRESS']);
/** What a real Mesos takes, too, and does nothing about. */
const WITHOUT_EFFECT = new Set(['REQUEST']);

export function isKnownCall(type: string): boolean {
  return type in BODIES || WITHOUT_BODY.has(type);
}

export function isWithoutEffect(type: string): boolean {
  return WITHOUT_EFFECT.has(type);
}

function validateSubscribe(call: LooseCall, principal: string | undefined): void {
  requirePresent(call['subscribe'], 'subscribe');
  const info = (call['subscribe'] as { framework_info: FrameworkInfo }).framework_info;
  if (info.id?.value !== call.framework_id?.value)
    throw new ValidationError("'framework_id' differs from 'subscribe.framework_info.id'");
  const claimed = info.principal;
  if (principal !== undefined && claimed !== undefined && principal !== claimed)
    throw new ValidationError(mismatch(principal, claimed));
}

export function mismatch(principal: string, claimed: string): string {
  return `Authenticated principal '${principal}' does not match principal '${claimed}' set in \`FrameworkInfo\``;
}

function validateOperationAcknowledgement(call: LooseCall): void {
  const acknowledged = call['acknowledge_operation_status'] as { uuid: string; agent_id?: unknown };
  requireUuid(acknowledged.uuid);
  requirePresent(acknowledged.agent_id, 'agent_id');
}

function validateUpdate(call: LooseCall): void {
  const { framework_info } = call['update_framework'] as FrameworkUpdate;
  if (framework_info.id?.value !== call.framework_id?.value)
    throw new ValidationError("'framework_id' differs from 'update_framework.framework_info.id'");
}

/** @throws ValidationError */
function validate(call: LooseCall, principal: string | undefined): void {
  requirePresent(call.type, 'type');
  if (call.type === 'SUBSCRIBE') return validateSubscribe(call, principal);
  requirePresent(call.framework_id, 'framework_id');
  const body = BODIES[call.type as string];
  if (body !== undefined) requirePresent(call[body], body);
  if (call.type === 'ACKNOWLEDGE') requireUuid((call['acknowledge'] as { uuid: string }).uuid);
  if (call.type === 'ACKNOWLEDGE_OPERATION_STATUS') validateOperationAcknowledgement(call);
  if (call.type === 'UPDATE_FRAMEWORK') validateUpdate(call);
}

/** The text of the 400 answer, in Mesos' words. */
export function findCallProblem(call: LooseCall, principal: string | undefined): string | undefined {
  try {
    validate(call, principal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return `Failed to validate scheduler::Call: ${error.message}`;
  }
}
