/** The JSON of the agent's `/state`: what runs here, and where its files are. */
import type { Agent } from './agent.ts';
import type { ExecutorRecord } from './records.ts';

function viewExecutor(executor: ExecutorRecord, agentId: string): object {
  return {
    id: executor.id,
    name: executor.info.name ?? '',
    source: executor.info.source ?? '',
    container: executor.containerId,
    directory: executor.directory,
    type: executor.info.type ?? 'CUSTOM',
    state: executor.state,
    tasks: [...executor.tasks.values()].map(({ info, state }) => ({
      id: info.task_id.value,
      name: info.name,
      framework_id: executor.frameworkId,
      executor_id: executor.id,
      slave_id: agentId,
      state,
    })),
  };
}

export function viewAgentState(agent: Agent, version: string): object {
  const { hostname, ip, master, workDir } = agent.options;
  return {
    version,
    start_time: agent.startedMs / 1000,
    id: agent.id ?? '',
    pid: `slave(1)@${ip}:${agent.port}`,
    hostname,
    master_hostname: master.slice(0, master.lastIndexOf(':')),
    resources: agent.options.resources,
    attributes: agent.options.attributes,
    flags: { master, work_dir: workDir, ip, port: String(agent.port) },
    frameworks: [...agent.frameworks.values()].map((framework) => ({
      id: framework.id,
      name: framework.info.name,
      user: framework.info.user,
      checkpoint: framework.info.checkpoint ?? false,
      executors: [...framework.executors.values()].map((executor) => viewExecutor(executor, agent.id ?? '')),
    })),
  };
}
