/**
 * kill -9 of the scheduler that leads, until another one leads, is connected, has every instance ready and an answer of
 * Mesos about every task (takeover, aim: 10 s); with a real ZooKeeper and the local Mesos, sessions and ticks as operators have
 * them. That nothing was lost, doubled or restarted is part of the measurement: it ends with the first that is not so.
 */
import assert from 'node:assert/strict';
import type { StatusReport } from '../scheduler/api/status.ts';
import { eventually } from '../test/support/eventually.ts';
import { SchedulerGroup } from '../test/support/scheduler-group.ts';
import type { SchedulerMember } from '../test/support/scheduler-member.ts';
import { undoAtExit } from './at-exit.ts';
import type { BenchOptions, BenchSamples } from './result.ts';

const KILLS_PER_ROUND = 4;
const TARGET_S = 10;
const TICK_TIME_MS = 2000;
const INSTANCES = 3;
const SCHEDULERS = 3;

interface Takeover {
  readonly leader: SchedulerMember;
  /** To the first word of the next leader: what ZooKeeper takes to give the former one up. */
  readonly expiryS: number;
  /** From there on. */
  readonly ownS: number;
}

/** What must be the same after as before. */
function describe({ frameworkId, instances }: StatusReport, group: SchedulerGroup) {
  const tasks = instances.map(({ name, phase, taskId, restarts }) => ({ name, phase, taskId, restarts }));
  return { frameworkId, tasks, services: group.listServices() };
}

async function untilStandby(member: SchedulerMember): Promise<void> {
  await eventually('it stands by again', 30_000, async () =>
    (await member.readHealth()).role === 'standby' ? true : undefined,
  );
}

async function takeOver(group: SchedulerGroup, killed: SchedulerMember): Promise<Takeover> {
  const others = group.members.filter((member) => member !== killed);
  const before = describe((await group.untilReconciled()).status, group);
  const began = performance.now();
  await killed.end('SIGKILL');
  const { leader, status } = await group.untilReconciled(killed);
  const ended = performance.now();
  assert.deepEqual(describe(status, group), before, 'lost, doubled or restarted');
  const lines = others.flatMap(({ log }) => log).filter(({ atMs }) => atMs > began);
  const leadsAt = lines.find(({ text }) => text.includes(' leads '))?.atMs ?? Number.NaN;
  killed.start();
  await untilStandby(killed);
  return { leader, expiryS: (leadsAt - began) / 1000, ownS: (ended - leadsAt) / 1000 };
}

async function measureKills(group: SchedulerGroup, options: BenchOptions): Promise<number[]> {
  const seconds: number[] = [];
  let { leader } = await group.untilReconciled();
  for (let kill = 1; kill <= options.rounds * KILLS_PER_ROUND; kill += 1) {
    const { leader: next, expiryS, ownS } = await takeOver(group, leader);
    leader = next;
    seconds.push(expiryS + ownS);
    const parts = `${expiryS.toFixed(2)} s until the session expired, ${ownS.toFixed(2)} s ours`;
    options.report(`kill ${kill}: ${(expiryS + ownS).toFixed(2)} s: ${parts}`);
  }
  return seconds;
}

export async function* measureTakeover(options: BenchOptions): AsyncGenerator<BenchSamples> {
  const setup = { schedulers: SCHEDULERS, instances: INSTANCES, tickTimeMs: TICK_TIME_MS };
  const group = await SchedulerGroup.open(setup);
  const killAll = undoAtExit(() => group.killAll());
  try {
    for (const member of group.members) {
      member.start();
      await eventually('it answers', 30_000, () => member.readHealth());
    }
    const ours = await measureKills(group, options);
    const peer = ours.map(() => TARGET_S);
    yield { name: 'takeover', unit: 's', ours, peer, peerName: `none: target ${TARGET_S} s` };
  } finally {
    await group.close();
    killAll();
  }
}
