/** `POST /api/v1/scheduler`: the checks in Mesos' order and words, then the call. */
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import { answerEmpty, answerText } from '../http/answer.ts';
import { acceptsJson, answerNotAcceptable, readCall } from '../http/call-request.ts';
import type { Exchange } from '../http/server.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { authenticate } from './authentication.ts';
import {
  findCallProblem,
  isKnownCall,
  isWithoutEffect,
  type LooseCall,
  mismatch,
} from './call-validation.ts';
import { perform } from './calls.ts';
import { findUpdateProblem, type FrameworkUpdate, updateFramework } from './framework-update.ts';
import type { Master } from './master.ts';
import type { FrameworkRecord } from './records.ts';
import { subscribe } from './subscription.ts';

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
  if (isWithoutEffect(type)) return answerEmpty(response, 202);
  if (!isKnownCall(type)) return answerText(response, 501, `The local Mesos does not know the call ${type}`);
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
  const problem = findCallProblem(call, principal);
  if (problem !== undefined) return answerText(exchange.response, 400, problem);
  if (call.type === 'SUBSCRIBE') handleSubscribe(master, exchange, call, principal);
  else handleCall(master, exchange, call, principal);
}
