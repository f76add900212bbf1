/** The times of a ZooKeeper session: when it is in doubt, when it is over, when something is due. */
import { toBackoffMs } from '../core/timing.ts';
import type { SessionModel } from './session-model.ts';
import type { SessionState } from './zookeeper-client.ts';

const MIN_ATTEMPT_MS = 1000;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5000;
/** A lost connection is not answered by every client of the server at the same moment. */
const SPREAD_MS = 50;
const MAX_CLOSING_MS = 2000;

/** Of the session, or asked for while there is none. */
export function timeoutOf(model: SessionModel): number {
  return model.session?.timeoutMs ?? model.settings.sessionTimeoutMs;
}

/** When the server may end the session, if nothing more is heard of it. */
function expiryOf(model: SessionModel): number {
  return model.session === undefined ? Infinity : model.session.provenMs + model.session.timeoutMs;
}

/** When the connection counts as lost: a third of the timeout is left to find another server. */
function silenceLimitOf(model: SessionModel): number {
  if (model.session === undefined || model.link.kind !== 'up') return Infinity;
  return model.session.provenMs + (model.session.timeoutMs * 2) / 3;
}

function isOver(model: SessionModel, nowMs: number): boolean {
  return nowMs >= expiryOf(model);
}

export function isSilent(model: SessionModel, nowMs: number): boolean {
  return nowMs >= silenceLimitOf(model);
}

/**
 * By the clock, not by what has been handled so far: a process that was stopped sees here that its session may be gone,
 * before any timer of it fired.
 */
export function stateAt(model: SessionModel, nowMs: number): SessionState {
  if (model.isClosed || model.closing !== undefined) return 'closed';
  if (model.session === undefined) return 'connecting';
  if (isOver(model, nowMs)) return 'expired';
  return model.link.kind === 'up' && !isSilent(model, nowMs) ? 'connected' : 'suspended';
}

/**
 * How long a server may take to welcome us. At first so short that every one gets its turn in the third of a session that
 * is left after silence: a server may accept a connection while it starts and forget it (NullPointerException in
 * NIOServerCnxn.close, seen with 3.9.3). Longer after each round of silent servers, which may be slow and not dead.
 */
function attemptMsOf({ silentAttempts, settings, session }: SessionModel): number {
  const shareMs = (session?.timeoutMs ?? settings.sessionTimeoutMs) / settings.servers.length;
  const rounds = Math.floor(silentAttempts / settings.servers.length);
  return Math.max(MIN_ATTEMPT_MS, Math.min(shareMs, (shareMs / 3) * (1 + rounds)));
}

export function attemptLimitOf(model: SessionModel): number {
  const { link } = model;
  return link.kind === 'opening' || link.kind === 'greeting' ? link.sinceMs + attemptMsOf(model) : Infinity;
}

export function pingDueAt(model: SessionModel): number {
  const { link, session } = model;
  if (link.kind !== 'up' || link.pingSentMs !== undefined || session === undefined) return Infinity;
  return link.lastSentMs + session.timeoutMs / 3;
}

/** A request that waits for a connection is given up after as long as a session lasts. */
function waitingLimitOf(model: SessionModel): number {
  // The first is the oldest.
  return (model.waiting[0]?.sinceMs ?? Infinity) + timeoutOf(model);
}

/** Every server is tried in quick succession; after each round the wait grows. */
export function toRetryDelayMs(model: SessionModel, chance: number): number {
  const round = Math.floor(model.failures / model.settings.servers.length);
  if (round === 0) return Math.round(chance * SPREAD_MS);
  const maxMs = Math.min(MAX_BACKOFF_MS, Math.max(MIN_BACKOFF_MS, timeoutOf(model) / 6));
  return toBackoffMs(round, chance, { baseMs: MIN_BACKOFF_MS, maxMs });
}

export function toClosingMs(model: SessionModel): number {
  return Math.min(MAX_CLOSING_MS, timeoutOf(model));
}

/** When the next tick is due; Infinity when nothing is. */
export function nextDueAt(model: SessionModel): number {
  if (model.isClosed) return Infinity;
  if (model.closing !== undefined) return model.closing.untilMs;
  const retryAt = model.link.kind === 'down' ? model.link.retryAtMs : Infinity;
  const limits = [expiryOf(model), silenceLimitOf(model), attemptLimitOf(model), waitingLimitOf(model)];
  return Math.min(retryAt, pingDueAt(model), ...limits);
}
