/** Changes of a session model that several events share. Each takes the draft of one step and writes into it. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { SessionEffect, SessionModel, WaitingCall } from './session-model.ts';
import { timeoutOf, toRetryDelayMs } from './session-time.ts';

export interface SessionDraft {
  model: SessionModel;
  readonly effects: SessionEffect[];
  readonly nowMs: number;
  /** Between 0 and 1. */
  readonly chance: () => number;
}

export function change(draft: SessionDraft, changes: Partial<SessionModel>): void {
  draft.model = { ...draft.model, ...changes };
}

export function serverOf({ settings, server }: SessionModel): string {
  return settings.servers[server % settings.servers.length] ?? '';
}

function failCalls(
  draft: SessionDraft,
  calls: readonly WaitingCall[],
  failure: { readonly code: ErrorCode; readonly problem: string },
): void {
  for (const { id } of calls) draft.effects.push({ kind: 'fail', id, ...failure });
}

/** Whoever waits for anything. */
export function failAll(
  draft: SessionDraft,
  failure: { readonly code: ErrorCode; readonly problem: string },
): void {
  failCalls(draft, [...draft.model.sent, ...draft.model.waiting], failure);
  change(draft, { sent: [], waiting: [] });
}

function warn(draft: SessionDraft, text: string, fields: Readonly<Record<string, unknown>>): void {
  draft.effects.push({ kind: 'log', level: 'warn', text, fields });
}

function disconnect(draft: SessionDraft): void {
  if (draft.model.link.kind !== 'down') draft.effects.push({ kind: 'disconnect' });
}

/** Writes may have happened or not, so they fail; reads wait for the next connection. */
function giveBackSent(draft: SessionDraft, problem: string): void {
  const { sent, waiting } = draft.model;
  const writes = sent.filter(({ isRead }) => !isRead);
  failCalls(draft, writes, { code: 'ERR_ZOOKEEPER_CONNECTION_LOST', problem });
  const reads = sent.filter(({ isRead }) => isRead);
  const again = reads.map(({ id, isRead, sinceMs }) => ({ id, isRead, sinceMs }));
  change(draft, { sent: [], waiting: [...again, ...waiting] });
}

/** One line at the first failure and then ever less often: servers may be away for days. */
function isWorthALine(failures: number): boolean {
  return (failures & (failures - 1)) === 0;
}

/** The connection is gone or given up; the next server is tried after a while. */
export function loseLink(draft: SessionDraft, reason: string): void {
  const { model } = draft;
  disconnect(draft);
  giveBackSent(draft, reason);
  const failures = model.failures + 1;
  if (isWorthALine(failures)) {
    warn(draft, 'no connection to a ZooKeeper server', { server: serverOf(model), reason, failures });
  }
  change(draft, { failures, server: model.server + 1 });
  const retryAtMs = draft.nowMs + toRetryDelayMs(draft.model, draft.chance());
  change(draft, { link: { kind: 'down', retryAtMs } });
}

/** The session is gone: whoever owned something by it is told, and a new one is made. */
export function expire(draft: SessionDraft, reason: string): void {
  const { session } = draft.model;
  disconnect(draft);
  warn(draft, 'the ZooKeeper session expired', { session: `0x${session?.id.toString(16)}`, reason });
  draft.effects.push({ kind: 'drop-watches' }, { kind: 'announce', state: 'expired' });
  failAll(draft, { code: 'ERR_ZOOKEEPER_SESSION_EXPIRED', problem: reason });
  const link = { kind: 'down', retryAtMs: draft.nowMs } as const;
  // A new session starts without memory: servers restored from a backup would refuse the old transaction for ever.
  change(draft, { session: undefined, lastZxid: 0n, link, announced: 'expired' });
}

/** Requests wait no longer than a session lasts. They were never sent, or only read. */
export function failOverdue(draft: SessionDraft): void {
  const limitMs = timeoutOf(draft.model);
  const isOverdue = ({ sinceMs }: WaitingCall) => draft.nowMs >= sinceMs + limitMs;
  const problem = `no server was connected for ${limitMs} ms, and it was not carried out`;
  const overdue = draft.model.waiting.filter(isOverdue);
  if (overdue.length === 0) return;
  failCalls(draft, overdue, { code: 'ERR_ZOOKEEPER_CONNECTION_LOST', problem });
  change(draft, { waiting: draft.model.waiting.filter((call) => !isOverdue(call)) });
}

/** Ends for good. */
export function finish(draft: SessionDraft): void {
  const { sent, waiting } = draft.model;
  disconnect(draft);
  failCalls(draft, sent, { code: 'ERR_ZOOKEEPER_CONNECTION_LOST', problem: 'this client was closed' });
  failCalls(draft, waiting, { code: 'ERR_ZOOKEEPER_CLOSED', problem: '' });
  draft.effects.push({ kind: 'drop-watches' }, { kind: 'finished' });
  const link = { kind: 'down', retryAtMs: Infinity } as const;
  change(draft, { sent: [], waiting: [], link, isClosed: true, closing: undefined });
}
