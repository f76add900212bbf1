/** What each line of a script does to the cluster. */
import type { EngineEvent } from '../../scheduler/core/engine-state.ts';
import type { Disturbance } from './script.ts';
import { createChance } from './chance.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

function pickOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[Math.floor(pick * list.length)];
}

type Doer<K extends Disturbance['kind']> = (
  cluster: SimulatedCluster,
  disturbance: Extract<Disturbance, { kind: K }>,
) => void | Promise<void>;

/** Changes what is on its way to the scheduler; the rest of chance comes from the line's own number. */
function rearrange(
  cluster: SimulatedCluster,
  pick: number,
  change: (events: EngineEvent[], chance: () => number) => EngineEvent[],
): void {
  const { master } = cluster;
  master.forwardUpdates(cluster.nowMs);
  const keep = master.inbox.filter(({ kind }) => kind === 'subscribed');
  const rest = master.inbox.filter(({ kind }) => kind !== 'subscribed');
  master.inbox = [...keep, ...change(rest, createChance(Math.floor(pick * 1e9)))];
}

const DOERS: { readonly [K in Disturbance['kind']]: Doer<K> } = {
  crash: ({ scheduler }, { afterEffects }) => {
    if (afterEffects === 0) scheduler.kill();
    else scheduler.lifeEffects = afterEffects;
  },
  'store-failure': ({ store }, { when }) => {
    store.failure = when;
  },
  disconnect: (cluster) => cluster.reconnect(),
  'master-failover': async (cluster) => {
    cluster.master.failOver(cluster.nowMs);
    await cluster.reconnect();
  },
  'agent-leaves': ({ master }, { pick }) => {
    const agent = pickOf(master.agents, pick);
    if (agent?.reachable === true) master.lose(agent);
  },
  'agent-returns': ({ master, nowMs }, { pick }) => {
    const agent = pickOf(
      master.agents.filter(({ reachable }) => !reachable),
      pick,
    );
    if (agent !== undefined) master.welcome(agent, nowMs);
  },
  'agent-replaced': (cluster, { pick }) => {
    const { master } = cluster;
    const old = pickOf(master.agents, pick);
    if (old === undefined) return;
    master.lose(old);
    const fresh = cluster.createAgent(old.host);
    master.agents = master.agents.map((agent) => (agent === old ? fresh : agent));
    master.welcome(fresh, cluster.nowMs);
  },
  'task-ends': ({ master }, { pick, state }) => {
    const running = master.agents.flatMap((agent) => agent.listLive().map((task) => ({ agent, task })));
    const chosen = pickOf(running, pick);
    chosen?.agent.report(chosen.task, state, 'as the script says');
  },
  'lose-events': (cluster, { pick }) =>
    rearrange(cluster, pick, (events, chance) => events.filter(() => chance() < 0.5)),
  'double-events': (cluster, { pick }) =>
    rearrange(cluster, pick, (events, chance) =>
      events.flatMap((event) => (chance() < 0.5 ? [event, event] : [event])),
    ),
  'reorder-events': (cluster, { pick }) =>
    rearrange(cluster, pick, (events, chance) =>
      events
        .map((event) => ({ event, rank: chance() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event),
    ),
  'lose-calls': (cluster) => {
    cluster.losesCalls = true;
  },
  rescind: (cluster) => {
    cluster.rescinds = true;
  },
  configure: async (cluster, { variant }) => {
    cluster.variant = variant;
    await cluster.restart();
  },
  operator: (cluster, { action }) => cluster.order(action),
};

export async function disturb(cluster: SimulatedCluster, disturbance: Disturbance): Promise<void> {
  const doer = DOERS[disturbance.kind] as Doer<Disturbance['kind']>;
  await doer(cluster, disturbance as never);
}
