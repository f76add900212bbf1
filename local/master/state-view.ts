/** The JSON of `/state`, `/slaves`, `/frameworks` and `/tasks`: the fields that people and monitoring look at. */
import { isReserved, reservationRole } from '../operations.ts';
import type { Master } from './master.ts';
import { VERSION } from '../version.ts';
import type { AgentRecord, FrameworkRecord, TaskRecord } from './records.ts';
import { renderAttributes, renderResourceTotals } from './resource-text.ts';

const seconds = (ms: number): number => ms / 1000;

function viewTask(task: TaskRecord): object {
  const { info } = task;
  return {
    id: info.task_id.value,
    name: info.name,
    framework_id: task.frameworkId,
    executor_id: task.executorId ?? '',
    slave_id: task.agentId,
    state: task.status?.state ?? task.state,
    resources: renderResourceTotals(info.resources ?? []),
    role: info.resources?.[0]?.allocation_info?.role ?? '*',
    statuses: task.statuses.map(({ state, timestamp, labels, container_status, healthy }) => ({
      state,
      timestamp,
      ...(labels === undefined ? {} : { labels: labels.labels ?? [] }),
      ...(container_status === undefined ? {} : { container_status }),
      ...(healthy === undefined ? {} : { healthy }),
    })),
    ...(info.labels === undefined ? {} : { labels: info.labels.labels ?? [] }),
    ...(info.discovery === undefined ? {} : { discovery: info.discovery }),
  };
}

/** Totals by the role that owns them. */
function viewReserved(agent: AgentRecord): object {
  const reserved = agent.total.filter(isReserved);
  const roles = [...new Set(reserved.map(reservationRole))];
  return Object.fromEntries(
    roles.map((role) => [
      role,
      renderResourceTotals(reserved.filter((resource) => reservationRole(resource) === role)),
    ]),
  );
}

function viewAgent(master: Master, agent: AgentRecord): object {
  const offered = master.offersOf({ agentId: agent.id }).flatMap((offer) => offer.allocated);
  const total = renderResourceTotals(agent.total);
  return {
    id: agent.id,
    hostname: agent.info.hostname,
    port: agent.address.port,
    attributes: renderAttributes(agent.info.attributes ?? []),
    pid: `slave(1)@${agent.address.ip}:${agent.address.port}`,
    registered_time: seconds(agent.registeredMs),
    ...(agent.reregisteredMs === undefined ? {} : { reregistered_time: seconds(agent.reregisteredMs) }),
    resources: total,
    used_resources: renderResourceTotals(master.usedOn(agent)),
    offered_resources: renderResourceTotals(offered),
    reserved_resources: viewReserved(agent),
    unreserved_resources: renderResourceTotals(agent.total.filter((resource) => !isReserved(resource))),
    active: agent.channel !== undefined && !agent.deactivated,
    deactivated: agent.deactivated,
    ...(agent.info.domain === undefined ? {} : { domain: agent.info.domain }),
    version: VERSION,
    capabilities: ['MULTI_ROLE', 'RESERVATION_REFINEMENT'],
  };
}

function viewExecutors(master: Master, framework: FrameworkRecord): object[] {
  return [...master.agents.values()].flatMap((agent) =>
    [...agent.executors.values()]
      .filter((executor) => executor.frameworkId === framework.id)
      .map(({ info }) => ({
        executor_id: info.executor_id.value,
        name: info.name ?? '',
        framework_id: framework.id,
        slave_id: agent.id,
        resources: renderResourceTotals(info.resources ?? []),
      })),
  );
}

function viewFramework(master: Master, framework: FrameworkRecord): object {
  const { info } = framework;
  const connected = framework.stream !== undefined;
  const used = renderResourceTotals(master.usedBy(framework));
  const offers = master.offersOf({ frameworkId: framework.id });
  return {
    id: framework.id,
    name: info.name,
    used_resources: used,
    offered_resources: renderResourceTotals(offers.flatMap((offer) => offer.allocated)),
    capabilities: (info.capabilities ?? []).map((capability) => capability.type),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: connected,
    connected,
    recovered: false,
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: seconds(framework.registeredMs),
    reregistered_time: seconds(framework.reregisteredMs),
    unregistered_time: seconds(framework.unregisteredMs ?? 0),
    resources: used,
    roles: framework.roles,
    tasks: [...framework.tasks.values()].map(viewTask),
    unreachable_tasks: [...framework.unreachableTasks.values()].map(viewTask),
    completed_tasks: framework.completedTasks.map(viewTask),
    executors: viewExecutors(master, framework),
    labels: info.labels?.labels ?? [],
  };
}

export function viewAgents(master: Master): object {
  const agents = [...master.agents.values()].filter((agent) => agent.unreachableMs === undefined);
  return { slaves: agents.map((agent) => viewAgent(master, agent)), recovered_slaves: [] };
}

export function viewFrameworks(master: Master): object {
  return {
    frameworks: [...master.frameworks.values()].map((framework) => viewFramework(master, framework)),
    completed_frameworks: master.completed.map((framework) => viewFramework(master, framework)),
    unregistered_frameworks: [],
  };
}

export function viewTasks(master: Master): object {
  const frameworks = [...master.frameworks.values(), ...master.completed];
  const tasks = frameworks.flatMap((framework) => [
    ...framework.tasks.values(),
    ...framework.unreachableTasks.values(),
    ...framework.completedTasks,
  ]);
  return { tasks: tasks.map(viewTask) };
}

export function viewState(master: Master): object {
  const agents = [...master.agents.values()];
  const { id, pid, hostname } = master.info;
  return {
    version: VERSION,
    start_time: seconds(master.startedMs),
    elected_time: seconds(master.startedMs),
    id,
    pid,
    hostname,
    capabilities: (master.info.capabilities ?? []).map((capability) => capability.type),
    activated_slaves: agents.filter((agent) => agent.channel !== undefined).length,
    deactivated_slaves: agents.filter(
      (agent) => agent.channel === undefined && agent.unreachableMs === undefined,
    ).length,
    unreachable_slaves: agents.filter((agent) => agent.unreachableMs !== undefined).length,
    leader: pid,
    leader_info: { id, pid, port: master.info.port, hostname },
    flags: { ip: master.options.ip, hostname, port: String(master.info.port) },
    ...viewAgents(master),
    ...viewFrameworks(master),
    orphan_tasks: [],
  };
}
