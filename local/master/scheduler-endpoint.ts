/** `POST /api/v1/scheduler`: the checks in Mesos' order and words, then the call. */
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import { answerEmpty, answerText } from '../http/answer.ts';
import {
  acceptsJson,
  answerNotAcceptable,
  readCall,
  requirePresent,
  requireUuid,
  ValidationError,
} from '../http/call-request.ts';
import type { Exchange } from '../http/server.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { authenticate } from './authentication.ts';
import { perform } from './calls.ts';
import { findUpdateProblem, type FrameworkUpdate, updateFramework } from './framework-update.ts';
import type { Master } from './master.ts';
import type { FrameworkRecord } from './records.ts';
import { subscribe } from './subscription.ts';

/** As read: only what protobuf calls required is sure to be there. */
type LooseCall = { readonly type?: string; readonly framework_id?: { readonly value: string } } & Record<
  string,
  unknown
>;

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

function validateSubscribe(call: LooseCall, principal: string | undefined): void {
  requirePresent(call['subscribe'], 'subscribe');
  const info = (call['subscribe'] as { framework_info: FrameworkInfo }).framework_info;
  if (info.id?.value !== call.framework_id?.value)
    throw new ValidationError("'framework_id' differs from 'subscribe.framework_info.id'");
  const claimed = info.principal;
  if (principal !== undefined && claimed !== undefined && principal !== claimed)
    throw new ValidationError(mismatch(principal, claimed));
}

function mismatch(principal: string, claimed: string): string {
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

function findProblem(call: LooseCall, principal: string | undefined): string | undefined {
  try {
    validate(call, principal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return `Failed to validate scheduler::Call: ${error.message}`;
  }
}

function handleSubscribe(
  master: Master,
  exchange: Exchange,
  call: LooseCall,
  principal: string | undefined,
): void {
  const { request, response } = exchange;
  if (!acceptsJson(request.headers.accept)) return answerNotAcceptable(exchange);
  if (request.headers['mesos-stream-id'] !== undefined)
    return answerText(response, 400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
  const { framework_info, suppressed_roles, offer_constraints } = (
    call as unknown as Extract<SchedulerCall, { type: 'SUBSCRIBE' }>
  ).subscribe;
  const info = principal === undefined ? framework_info : { ...framework_info, principal };
  subscribe(master, response, { info, suppressed: suppressed_roles ?? [], constraints: offer_constraints });
}

/** The only call whose outcome is the answer. */
function handleUpdate(
  master: Master,
  { response }: Exchange,
  framework: FrameworkRecord,
  call: LooseCall,
): void {
  const update = call['update_framework'] as FrameworkUpdate;
  const problem = findUpdateProblem(framework, update);
  if (problem !== undefined) return answerText(response, 400, problem);
  updateFramework(master, framework, update);
  answerEmpty(response, 200);
}

function handleCall(
  master: Master,
  exchange: Exchange,
  call: LooseCall,
  principal: string | undefined,
): void {
  const { request, response } = exchange;
  const id = call.framework_id?.value ?? '';
  const framework = master.frameworks.get(id);
  const streamId = request.headers['mesos-stream-id'];
  if (framework === undefined) return answerText(response, 400, 'Framework cannot be found');
  const claimed = framework.info.principal;
  if (principal !== undefined && claimed !== undefined && principal !== claimed)
    return answerText(response, 400, mismatch(principal, claimed));
  if (framework.stream === undefined) return answerText(response, 403, 'Framework is not subscribed');
  if (streamId === undefined)
    return answerText(response, 400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
  if (streamId !== framework.streamId)
    return answerText(
      response,
      400,
      `The stream ID '${String(streamId)}' included in this request didn't match the stream ID currently associated with framework ID ${id}`,
    );
  const type = call.type as string;
  if (WITHOUT_EFFECT.has(type)) return answerEmpty(response, 202);
  if (!(type in BODIES) && !WITHOUT_BODY.has(type))
    return answerText(response, 501, `The local Mesos does not know the call ${type}`);
  if (type === 'UPDATE_FRAMEWORK') return handleUpdate(master, exchange, framework, call);
  answerEmpty(response, 202);
  perform({ master, framework }, call as unknown as SchedulerCall);
}

/** Without credentials on file nobody is asked for any. */
function refuseStranger(exchange: Exchange): void {
  const challenge = { 'WWW-Authenticate': 'Basic realm="mesos-master-scheduler"' };
  answerText(exchange.response, 401, '401 Unauthorized.', challenge);
}

export function handleSchedulerRequest(master: Master, exchange: Exchange): void {
  const { credentials } = master.options;
  const principal = credentials && authenticate(credentials, exchange.request.headers.authorization);
  if (credentials !== undefined && principal === undefined) return refuseStranger(exchange);
  const call = readCall(exchange, SCHEDULER_API) as LooseCall | undefined;
  if (call === undefined) return;
  const problem = findProblem(call, principal);
  if (problem !== undefined) return answerText(exchange.response, 400, problem);
  if (call.type === 'SUBSCRIBE') handleSubscribe(master, exchange, call, principal);
  else handleCall(master, exchange, call, principal);
}
