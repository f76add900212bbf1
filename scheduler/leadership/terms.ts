/** Standing by, leading, losing, and standing by again. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { CodedRecordStore, type RecordCodec } from '../state/record-codec.ts';
import { type ZooKeeperAccess, connectStateClient, createCodecs } from '../state/state-access.ts';
import { type ZooKeeperLocation, listStateWarnings } from '../state/state-location.ts';
import { createLayout } from '../state/zookeeper-layout.ts';
import { openZooKeeperRecordStore } from '../state/zookeeper-record-store.ts';
import { isPassing } from './bound-session.ts';
import { type LeaderElection, createLeaderElection } from './leader-election.ts';
import type { LeadershipHooks, LeadershipOptions, RunTerm } from './leadership.ts';
import { stopInTime } from './stop-in-time.ts';

interface Parts {
  readonly options: LeadershipOptions & { readonly location: ZooKeeperLocation };
  readonly hooks: LeadershipHooks;
  readonly access: ZooKeeperAccess;
  readonly election: LeaderElection;
  readonly codecs: readonly RecordCodec[];
  readonly run: RunTerm;
}

/** Between a term that ended early and the next candidacy. */
const PAUSE_MS = 1000;

/** The own election node once this scheduler leads; undefined: the signal came first. */
async function standBy({ election, hooks }: Parts): Promise<string | undefined> {
  hooks.log.info({}, 'stands by until it leads');
  const standby = await hooks.openStandby?.(() => election.leader);
  try {
    return await election.campaign(hooks.signal);
  } finally {
    await standby?.close();
  }
}

/** True for what only says that another scheduler leads, or may. */
async function isLossOfLeadership(error: unknown, election: LeaderElection): Promise<boolean> {
  if (isPassing(error)) return true;
  if (!(error instanceof StevedoreError)) return false;
  // One that was asleep may hear it from Mesos before its own clock tells it.
  if (error.code === 'ERR_FRAMEWORK_FAILED_OVER') return !(await election.confirm());
  return error.code === 'ERR_STATE_FENCED' || error.code === 'ERR_STATE_OUTCOME_UNKNOWN';
}

async function openRecords({ options, access, codecs }: Parts, electionNode: string) {
  const { cluster, location } = options;
  const layout = createLayout(location.address.path, cluster);
  const parts = { ...access, layout, cluster, electionNode, newId: randomUUID };
  return { store: new CodedRecordStore(await openZooKeeperRecordStore(parts), codecs), place: layout.place };
}

async function runTerm(electionNode: string, lost: AbortSignal, parts: Parts): Promise<number> {
  const { hooks, election } = parts;
  const { store: records, place } = await openRecords(parts, electionNode);
  const signal = AbortSignal.any([hooks.signal, lost]);
  const running = parts.run({
    records,
    place,
    signal,
    confirmLeadership: () => election.confirm(),
    listOthers: () => election.others,
  });
  try {
    return await stopInTime(running, lost, parts.options);
  } finally {
    await records.close();
  }
}

/** The exit status; undefined: another scheduler leads now, or may. */
async function lead(electionNode: string, parts: Parts): Promise<number | undefined> {
  const { election, hooks } = parts;
  const lost = new AbortController();
  const off = election.onLost(() =>
    lost.abort(new StevedoreError('ERR_STATE_FENCED', { cluster: parts.options.cluster })),
  );
  hooks.log.info({ electionNode }, 'leads');
  try {
    const status = await runTerm(electionNode, lost.signal, parts);
    if (!lost.signal.aborted || hooks.signal.aborted) return status;
    hooks.log.warn({}, 'leads no longer: its session with ZooKeeper is gone');
  } catch (error) {
    const isStuck = error instanceof StevedoreError && error.code === 'ERR_LEADER_STUCK';
    if (isStuck || !(lost.signal.aborted || (await isLossOfLeadership(error, election)))) throw error;
    hooks.log.warn({ reason: messageOf(error) }, 'leads no longer');
  } finally {
    off();
    await election.resign();
  }
  return undefined;
}

async function takeTurns(parts: Parts): Promise<number> {
  const { signal } = parts.hooks;
  while (!signal.aborted) {
    const electionNode = await standBy(parts);
    if (electionNode === undefined) break;
    const status = await lead(electionNode, parts);
    if (status !== undefined) return status;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

/** @throws what opening the state throws, ERR_LEADER_STUCK */
export async function runTerms(
  options: Parts['options'],
  hooks: LeadershipHooks,
  run: RunTerm,
): Promise<number> {
  const { location, cluster, apiUrl, caPem, host, artifactHost } = options;
  for (const warning of listStateWarnings(location)) hooks.log.warn({}, warning);
  const codecs = createCodecs(location.keyFile, cluster);
  // The session outlives the signal, so that leadership can be handed on.
  const ended = new AbortController();
  const access = connectStateClient(location, cluster, { log: hooks.log, signal: ended.signal });
  const path = `${createLayout(location.address.path, cluster).root}/election`;
  const data = { apiUrl, caPem, host, artifactHost, pid: process.pid, sinceMs: Date.now() };
  const election = createLeaderElection({ client: access.client, path, data, newId: randomUUID });
  try {
    return await takeTurns({ options, hooks, access, election, codecs, run });
  } finally {
    await election
      .resign()
      .catch((error: unknown) => hooks.log.warn({ reason: messageOf(error) }, 'could not resign'));
    await access.client.close();
    ended.abort();
  }
}
