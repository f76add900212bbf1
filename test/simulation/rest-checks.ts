/** What must hold when nothing has gone wrong for hours. */
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import { getTarget } from '../../scheduler/core/rollout/configuration-version.ts';
import type { EngineState } from '../../scheduler/core/engine-state.ts';
import { type SimulatedAgent, type SimulatedTask, isEnded } from './simulated-agent.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

function listLive(agents: readonly SimulatedAgent[]): SimulatedTask[] {
  return agents.flatMap((agent) => agent.listLive());
}

function checkInstance(cluster: SimulatedCluster, instance: InstanceRecord): string[] {
  const { name, phase, task } = instance;
  const isRunning = listLive(cluster.master.agents).some(
    (candidate) => candidate.id === task?.taskId && !isEnded(candidate),
  );
  const stored = cluster.store.readJson(`instances/${name}`);
  return [
    ...(isRunning && phase === 'ready' ? [] : [`${name} (${phase}) runs no task`]),
    ...(JSON.stringify(stored) === JSON.stringify(instance) ? [] : [`${name} is not stored as it is`]),
  ];
}

/** Everything runs what the operator configured last. */
function checkConfiguration({ facts, instances }: EngineState): string[] {
  const target = getTarget(facts.versions);
  if (target === undefined) return ['no configuration is known'];
  return instances
    .list()
    .filter(({ component, task }) => task?.configuration !== target.components[component]?.digest)
    .map(({ name }) => `${name} runs another configuration`);
}

/** One on every agent, where the service says so. */
function checkWorkers({ instances, settings }: EngineState, agents: readonly SimulatedAgent[]): string[] {
  if (settings.spec.components.every(({ count }) => count !== 'every-agent')) return [];
  const workers = instances.list().filter(({ component }) => component === 'worker');
  const hosts = new Set(workers.map(({ task }) => task?.hostname));
  return hosts.size === agents.length ? [] : [`workers on ${hosts.size} of ${agents.length} hosts`];
}

function checkVolumes({ instances }: EngineState, agents: readonly SimulatedAgent[]): string[] {
  const held = instances
    .list()
    .flatMap(({ reserved = [] }) => reserved)
    .map(({ disk }) => disk?.persistence?.id);
  return agents
    .flatMap(({ volumes }) => volumes)
    .map(({ disk }) => disk?.persistence?.id)
    .filter((id) => !held.includes(id))
    .map((id) => `volume ${id} is of nobody`);
}

export function checkRest(cluster: SimulatedCluster): string[] {
  const { state } = cluster.scheduler;
  const { agents } = cluster.master;
  const known = new Set(state.instances.list().map(({ task }) => task?.taskId));
  const strays = listLive(agents).filter(({ id }) => !known.has(id));
  return [
    ...strays.map(({ id }) => `unknown task ${id} runs`),
    ...state.instances.list().flatMap((instance) => checkInstance(cluster, instance)),
    ...checkConfiguration(state),
    ...checkWorkers(state, agents),
    ...checkVolumes(state, agents),
  ];
}

export function checkTornDown({ master, store }: SimulatedCluster): string[] {
  const volumes = master.agents.flatMap((agent) => agent.volumes);
  return [
    ...(master.isTornDown ? [] : ['the framework was not removed']),
    ...(store.readJson('framework-id') === undefined ? [] : ['the framework id is still stored']),
    ...listLive(master.agents).map(({ id }) => `task ${id} runs after the teardown`),
    ...volumes.map(({ disk }) => `volume ${disk?.persistence?.id} is left`),
  ];
}
