/** What each effect of the engine does to the simulated Mesos. */
import type { PlannedLaunch } from '../../scheduler/core/engine-effects.ts';
import type { PerformableEffect } from '../../scheduler/engine-loop.ts';
import { checkOffer, checkRivals, checkStored, checkTaskIds } from './launch-checks.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import type { Variant } from './script.ts';

type EffectOf<K extends PerformableEffect['kind']> = Extract<PerformableEffect, { kind: K }>;

type Doers = {
  readonly [K in PerformableEffect['kind']]: (cluster: SimulatedCluster, effect: EffectOf<K>) => void;
};

function launch(cluster: SimulatedCluster, { placed, agentId, placement }: PlannedLaunch): void {
  const agent = cluster.findAgent(agentId);
  agent?.launch({ id: placed.taskId, instance: placed.instance }, [...placement.task, ...placement.executor]);
}

function accept(cluster: SimulatedCluster, effect: EffectOf<'accept'>): void {
  const { launches, operations } = effect;
  cluster.actions += 1;
  const offer = cluster.close(effect.offerId, effect.refuseSeconds);
  const around = { agents: cluster.master.agents, told: cluster.told, nowMs: cluster.nowMs };
  cluster.problems.push(
    ...checkOffer(offer, launches),
    ...checkStored(cluster.store, launches),
    ...checkRivals(launches, around),
    ...checkTaskIds(launches, cluster.taskIds),
  );
  for (const { placed } of launches) cluster.taskIds.add(placed.taskId);
  const agent = offer && cluster.findAgent(offer.agent_id.value);
  if (agent === undefined)
    for (const { placed, agentId } of launches) cluster.master.drop(placed.taskId, agentId);
  else {
    agent.apply(operations);
    for (const planned of launches) launch(cluster, planned);
  }
}

function prepare(cluster: SimulatedCluster, { snapshot }: EffectOf<'prepare-configuration'>): void {
  // It takes a while in the real one, too: the engine hears of it later.
  cluster.later(() => cluster.configureAgain(snapshot as Variant));
}

const DOERS: Doers = {
  accept,
  log: () => undefined,
  release: (cluster, { offerId, operations, refuseSeconds }) => {
    const offer = cluster.close(offerId, refuseSeconds);
    if (offer !== undefined) cluster.findAgent(offer.agent_id.value)?.apply(operations);
  },
  decline: (cluster, { offerIds, refuseSeconds }) => {
    for (const id of offerIds) cluster.close(id, refuseSeconds);
  },
  kill: (cluster, { taskId }) => {
    cluster.actions += 1;
    cluster.master.kill(taskId, cluster.nowMs);
  },
  shutdown: (cluster, { taskId }) => cluster.master.kill(taskId, cluster.nowMs),
  acknowledge: (cluster, { agentId, taskId, uuid }) => cluster.findAgent(agentId)?.acknowledge(taskId, uuid),
  reconcile: ({ master, nowMs }, { tasks }) => {
    if (tasks.length === 0) master.reconcileAll(nowMs);
    for (const { taskId, agentId } of tasks) master.reconcile(taskId, agentId, nowMs);
  },
  suppress: ({ master }) => master.suppress(),
  revive: ({ master }) => master.revive(),
  teardown: (cluster) => {
    cluster.master.tearDown();
    cluster.later(() => cluster.scheduler.forget());
  },
  'accept-inverse': () => undefined,
  'decline-inverse': () => undefined,
  'use-configuration': () => undefined,
  'prepare-configuration': prepare,
};

export function perform(cluster: SimulatedCluster, effect: PerformableEffect): void {
  if (cluster.losesCalls && effect.kind !== 'prepare-configuration') return;
  const doer = DOERS[effect.kind] as (cluster: SimulatedCluster, effect: PerformableEffect) => void;
  doer(cluster, effect);
}
