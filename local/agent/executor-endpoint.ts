/** `POST /api/v1/executor`: the checks in Mesos' order and words, then the call. */
import type { ExecutorCall } from '../../protocol/mesos/executor.ts';
import { answerEmpty, answerText } from '../http/answer.ts';
import {
  acceptsJson,
  answerNotAcceptable,
  readCall,
  requirePresent,
  requireUuid,
  ValidationError,
} from '../http/call-request.ts';
import { EventStream } from '../http/event-stream.ts';
import type { Exchange } from '../http/server.ts';
import { EXECUTOR_API } from '../wire/api-proto.ts';
import type { Agent } from './agent.ts';
import { takeUpdate } from './executor-updates.ts';
import { shutdownExecutor } from './lifecycle.ts';
import { partitionLost } from './partition.ts';
import { type ExecutorRecord, type FrameworkEntry, liveTasks } from './records.ts';

type Call<T extends ExecutorCall['type']> = Extract<ExecutorCall, { type: T }>;
/** As read: `type` may be missing, and so may the body that belongs to it. */
interface LooseCall {
  readonly type?: string;
  readonly executor_id: { readonly value: string };
  readonly framework_id: { readonly value: string };
  readonly subscribe?: Call<'SUBSCRIBE'>['subscribe'];
  readonly update?: Call<'UPDATE'>['update'];
  readonly message?: Call<'MESSAGE'>['message'];
}
type Scope = { readonly agent: Agent; readonly framework: FrameworkEntry; readonly executor: ExecutorRecord };

const BODIES: Readonly<Record<string, 'subscribe' | 'update' | 'message'>> = {
  SUBSCRIBE: 'subscribe',
  UPDATE: 'update',
  MESSAGE: 'message',
};

/** @throws ValidationError */
function validateUpdate(executorId: string, frameworkId: string, { status }: Call<'UPDATE'>['update']): void {
  const sender = `executor ${executorId} of framework ${frameworkId}`;
  const other = status.executor_id?.value;
  requirePresent(status.uuid, 'uuid');
  requireUuid(status.uuid);
  if (other !== undefined && other !== executorId)
    throw new ValidationError(
      `ExecutorID in Call: ${executorId} does not match ExecutorID in TaskStatus: ${other}`,
    );
  if (status.source !== 'SOURCE_EXECUTOR')
    throw new ValidationError(
      `Received Call from ${sender} with invalid source, expecting 'SOURCE_EXECUTOR'`,
    );
  if (status.state === 'TASK_STAGING')
    throw new ValidationError(`Received TASK_STAGING from ${sender} which is not allowed`);
}

function findProblem(call: LooseCall): string | undefined {
  try {
    requirePresent(call.type, 'type');
    const body = BODIES[call.type as string];
    if (body !== undefined) requirePresent(call[body], body);
    if (call.update !== undefined && body === 'update')
      validateUpdate(call.executor_id.value, call.framework_id.value, call.update);
    return undefined;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return `Failed to validate Executor::Call: ${error.message}`;
  }
}

/** Handed over before, but the executor never saw it: it was on the stream that broke. */
function dropUnseen({ agent, framework, executor }: Scope, seen: ReadonlySet<string>): void {
  for (const task of liveTasks(executor)) {
    const id = task.info.task_id.value;
    if (!task.launched || task.state !== 'TASK_STAGING' || seen.has(id)) continue;
    const state = partitionLost(framework.info, 'TASK_DROPPED');
    const told = { state, reason: 'REASON_AGENT_RESTARTED', message: 'Task launched during agent restart' };
    agent.publish(framework, executor, agent.agentStatus(id, told, executor.id));
  }
}

function launchQueued({ agent, executor }: Scope): void {
  for (const task of liveTasks(executor)) {
    if (task.launched) continue;
    task.launched = true;
    agent.sendEvent(executor, { type: 'LAUNCH', launch: { task: task.info } });
  }
  agent.checkpoint.saveExecutor(executor);
}

function openStream(scope: Scope, exchange: Exchange): void {
  const { agent, framework, executor } = scope;
  executor.stream?.end();
  const stream = new EventStream(exchange.response);
  executor.stream = stream;
  const heartbeat = setInterval(
    () => agent.sendEvent(executor, { type: 'HEARTBEAT' }),
    agent.options.heartbeatMs,
  );
  exchange.response.on('close', () => {
    clearInterval(heartbeat);
    if (executor.stream === stream) executor.stream = undefined;
  });
  agent.sendEvent(executor, {
    type: 'SUBSCRIBED',
    subscribed: {
      executor_info: executor.info,
      framework_info: framework.info,
      agent_info: agent.info,
      container_id: { value: executor.containerId },
    },
  });
}

function subscribe(scope: Scope, exchange: Exchange, wanted: Call<'SUBSCRIBE'>['subscribe']): void {
  const { agent, framework, executor } = scope;
  openStream(scope, exchange);
  const idle = executor.state === 'REGISTERING' && executor.tasks.size === 0;
  if (executor.state === 'TERMINATING' || executor.state === 'TERMINATED')
    return agent.sendEvent(executor, { type: 'SHUTDOWN' });
  clearTimeout(executor.timer);
  executor.state = 'RUNNING';
  for (const { status } of wanted.unacknowledged_updates ?? [])
    takeUpdate(agent, framework, executor, status);
  const tasks = wanted.unacknowledged_tasks ?? [];
  dropUnseen(scope, new Set(tasks.map((task) => task.task_id.value)));
  if (idle) shutdownExecutor(agent, executor);
  else launchQueued(scope);
}

function perform(scope: Scope, call: LooseCall): void {
  const { agent, framework, executor } = scope;
  if (call.type === 'UPDATE' && call.update !== undefined)
    takeUpdate(agent, framework, executor, call.update.status);
  if (call.type !== 'MESSAGE' || call.message === undefined) return;
  const message = { frameworkId: framework.id, executorId: executor.id, data: call.message.data };
  agent.send({ type: 'EXECUTOR_MESSAGE', ...message });
}

function dispatch(agent: Agent, exchange: Exchange, call: LooseCall): void {
  const { request, response } = exchange;
  const subscribes = call.type === 'SUBSCRIBE' && call.subscribe !== undefined;
  if (subscribes && !acceptsJson(request.headers.accept)) return answerNotAcceptable(exchange);
  if (agent.recovering && !subscribes) return answerText(response, 503, 'Agent has not finished recovery');
  const framework = agent.frameworks.get(call.framework_id.value);
  if (framework === undefined) return answerText(response, 400, 'Framework cannot be found');
  const executor = framework.executors.get(call.executor_id.value);
  if (executor === undefined) return answerText(response, 400, 'Executor cannot be found');
  const scope = { agent, framework, executor };
  if (subscribes) return subscribe(scope, exchange, call.subscribe);
  if (executor.state === 'REGISTERING') return answerText(response, 403, 'Executor is not subscribed');
  answerEmpty(response, 202);
  perform(scope, call);
}

export function handleExecutorRequest(agent: Agent, exchange: Exchange): void {
  const call = readCall(exchange, EXECUTOR_API) as LooseCall | undefined;
  if (call === undefined) return;
  const problem = findProblem(call);
  if (problem !== undefined) return answerText(exchange.response, 400, problem);
  dispatch(agent, exchange, call);
}
