/** `POST /api/v1`: the reading calls of Mesos' operator API, in the shapes of its v1 master.proto. */
import { answerText, answerWrongMethod, startAnswer } from '../http/answer.ts';
import type { Exchange } from '../http/server.ts';
import { OPERATOR_API, SCHEDULER_API } from '../wire/api-proto.ts';
import { ConversionError, readJson, readMessage } from '../wire/read-json.ts';
import { renderJson } from '../wire/render-json.ts';
import { getMaintenanceSchedule, getMaintenanceStatus } from './maintenance-view.ts';
import type { Master } from './master.ts';
import { type OperatorCall, performChange } from './operator-changes.ts';
import { VERSION } from '../version.ts';
import type { AgentRecord, Drain, FrameworkRecord, TaskRecord } from './records.ts';

/** A message of the schema as the JSON that Mesos writes of it. */
function render(name: string, value: object): unknown {
  return JSON.parse(renderJson(SCHEDULER_API, name, value)) as unknown;
}

function renderTask(task: TaskRecord): object {
  const { name, task_id, resources, labels } = task.info;
  return {
    name,
    task_id,
    framework_id: { value: task.frameworkId },
    ...(task.executorId === undefined ? {} : { executor_id: { value: task.executorId } }),
    agent_id: { value: task.agentId },
    state: task.state,
    resources,
    statuses: task.statuses.map((status) => render('TaskStatus', status)),
    ...(task.status?.uuid === undefined
      ? {}
      : { status_update_state: task.status.state, status_update_uuid: task.status.uuid }),
    ...(labels === undefined ? {} : { labels }),
  };
}

function renderDrain({ state, graceNanoseconds, markGone }: Drain): object {
  const grace = graceNanoseconds === undefined ? {} : { max_grace_period: { nanoseconds: graceNanoseconds } };
  return { state, config: { ...grace, mark_gone: markGone } };
}

function renderAgent(agent: AgentRecord): object {
  return {
    agent_info: render('AgentInfo', agent.info),
    active: agent.channel !== undefined && !agent.deactivated,
    deactivated: agent.deactivated,
    ...(agent.drain === undefined ? {} : { drain_info: renderDrain(agent.drain) }),
    version: VERSION,
    pid: `slave(1)@${agent.address.ip}:${agent.address.port}`,
    registered_time: { nanoseconds: agent.registeredMs * 1e6 },
    total_resources: agent.total,
  };
}

function renderFramework(framework: FrameworkRecord): object {
  const connected = framework.stream !== undefined;
  return {
    framework_info: render('FrameworkInfo', framework.info),
    active: connected,
    connected,
    recovered: false,
    registered_time: { nanoseconds: framework.registeredMs * 1e6 },
    reregistered_time: { nanoseconds: framework.reregisteredMs * 1e6 },
  };
}

function getTasks(master: Master): object {
  const frameworks = [...master.frameworks.values()];
  const all = [...frameworks, ...master.completed];
  return {
    tasks: frameworks.flatMap((framework) => [...framework.tasks.values()].map(renderTask)),
    unreachable_tasks: frameworks.flatMap((framework) =>
      [...framework.unreachableTasks.values()].map(renderTask),
    ),
    completed_tasks: all.flatMap((framework) => framework.completedTasks.map(renderTask)),
  };
}

function getExecutors(master: Master): object {
  const executors = [...master.agents.values()].flatMap((agent) =>
    [...agent.executors.values()].map((executor) => ({
      executor_info: render('ExecutorInfo', executor.info),
      agent_id: { value: agent.id },
    })),
  );
  return { executors };
}

function getAgents(master: Master): object {
  return { agents: [...master.agents.values()].map(renderAgent), recovered_agents: [] };
}

function getFrameworks(master: Master): object {
  return {
    frameworks: [...master.frameworks.values()].map(renderFramework),
    completed_frameworks: master.completed.map(renderFramework),
  };
}

function getMaster(master: Master): object {
  const seconds = master.startedMs / 1000;
  return { master_info: master.info, start_time: seconds, elected_time: seconds };
}

function getState(master: Master): object {
  return {
    get_tasks: getTasks(master),
    get_executors: getExecutors(master),
    get_frameworks: getFrameworks(master),
    get_agents: getAgents(master),
  };
}

const CALLS: Readonly<Record<string, (master: Master) => object>> = {
  GET_HEALTH: () => ({ healthy: true }),
  GET_VERSION: () => ({ version_info: { version: VERSION } }),
  GET_MASTER: getMaster,
  GET_AGENTS: getAgents,
  GET_FRAMEWORKS: getFrameworks,
  GET_TASKS: getTasks,
  GET_EXECUTORS: getExecutors,
  GET_STATE: getState,
  GET_MAINTENANCE_SCHEDULE: getMaintenanceSchedule,
  GET_MAINTENANCE_STATUS: getMaintenanceStatus,
};

function readOperatorCall(exchange: Exchange): OperatorCall | undefined {
  const call = readMessage(OPERATOR_API, 'Call', readJson(exchange.body.toString('utf8'))) as OperatorCall;
  return call.type === undefined ? undefined : call;
}

function answer(master: Master, exchange: Exchange): void {
  const read = readOperatorCall(exchange);
  if (read !== undefined && performChange(master, exchange, read)) return;
  const type = read?.type;
  const call = type === undefined ? undefined : CALLS[type];
  if (type === undefined || call === undefined)
    return answerText(
      exchange.response,
      400,
      "Failed to validate master::Call: Expecting 'type' to be present",
    );
  const json = JSON.stringify({ type, [type.toLowerCase()]: call(master) });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(json)) };
  startAnswer(exchange.response, 200, headers);
  exchange.response.end(json);
}

export function handleOperatorRequest(master: Master, exchange: Exchange): void {
  if (exchange.request.method !== 'POST')
    return answerWrongMethod(exchange.response, exchange.request.method ?? '');
  try {
    answer(master, exchange);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    answerText(exchange.response, 400, error.message);
  }
}
