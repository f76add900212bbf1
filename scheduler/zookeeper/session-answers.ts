/** What the server says: its welcome, answers to requests and pings, news of watched nodes. */
import { OK, SESSION_EXPIRED, SESSION_MOVED } from './reply-code.ts';
import { type SessionDraft, change, expire, failAll, finish, loseLink, serverOf } from './session-draft.ts';
import { AUTH_XID, NOTIFICATION_XID, PING_XID, SET_WATCHES_XID } from './session-messages.ts';
import type { EventOf } from './session-model.ts';

export function greet(draft: SessionDraft): void {
  const { link, session, lastZxid, settings } = draft.model;
  if (link.kind !== 'opening') return;
  const { id, password } = session ?? { id: 0n, password: new Uint8Array(16) };
  const greeting = { lastZxid, timeoutMs: settings.sessionTimeoutMs, sessionId: id, password };
  draft.effects.push({ kind: 'greet', greeting });
  change(draft, { link: { kind: 'greeting', sinceMs: link.sinceMs, sentMs: draft.nowMs } });
}

export function welcome(draft: SessionDraft, event: EventOf<'welcomed'>): void {
  const { link, session, lastZxid } = draft.model;
  if (link.kind !== 'greeting') return;
  if (event.timeoutMs <= 0) {
    if (session === undefined) loseLink(draft, 'the server gave no session');
    else expire(draft, 'the server no longer has it');
    return;
  }
  const { sessionId: id, password, timeoutMs } = event;
  const fields = { server: serverOf(draft.model), session: `0x${id.toString(16)}`, timeoutMs };
  draft.effects.push({ kind: 'log', level: 'info', text: 'connected to ZooKeeper', fields });
  draft.effects.push({ kind: 'authenticate' });
  if (session !== undefined) draft.effects.push({ kind: 'restore-watches', zxid: lastZxid });
  change(draft, {
    session: { id, password, timeoutMs, provenMs: link.sentMs },
    // What goes out now has no answer that proves anything: the first ping is due by the greeting's time.
    link: { kind: 'up', lastSentMs: link.sentMs, pingSentMs: undefined },
  });
}

/** The server has heard from us not before this. */
function prove(draft: SessionDraft, sentMs: number): void {
  const { session } = draft.model;
  // Only now: a server that welcomes and then refuses must not be tried without a pause.
  change(draft, { failures: 0, silentAttempts: 0 });
  if (session === undefined || sentMs <= session.provenMs) return;
  change(draft, { session: { ...session, provenMs: sentMs } });
}

function receivePing(draft: SessionDraft): void {
  const { link } = draft.model;
  if (link.kind !== 'up' || link.pingSentMs === undefined) return;
  prove(draft, link.pingSentMs);
  change(draft, { link: { ...link, pingSentMs: undefined } });
}

function receiveAnswer(draft: SessionDraft, { xid, code, body }: EventOf<'replied'>): void {
  const [call, ...sent] = draft.model.sent;
  if (call?.xid !== xid) {
    if (draft.model.closing?.xid === xid) finish(draft);
    else loseLink(draft, `an answer to request ${xid} where ${call?.xid ?? 'none'} was due`);
    return;
  }
  prove(draft, call.sentMs);
  change(draft, { sent });
  draft.effects.push({ kind: 'complete', id: call.id, code, body });
}

/** Without credentials or watches the session is not what its users count on. */
function receiveSetup(draft: SessionDraft, { xid, code }: EventOf<'replied'>): void {
  if (code === OK) return;
  const problem = `the server refuses the ${xid === AUTH_XID ? 'credentials' : 'watches'} with error ${code}`;
  if (xid === AUTH_XID) failAll(draft, { code: 'ERR_ZOOKEEPER_AUTH', problem });
  loseLink(draft, problem);
}

export function receive(draft: SessionDraft, event: EventOf<'replied'>): void {
  if (draft.model.link.kind !== 'up') return;
  if (event.zxid > draft.model.lastZxid) change(draft, { lastZxid: event.zxid });
  if (event.code === SESSION_EXPIRED && draft.model.closing !== undefined) finish(draft);
  else if (event.code === SESSION_EXPIRED) expire(draft, 'a server says so');
  else if (event.code === SESSION_MOVED) loseLink(draft, 'another server serves the session');
  else if (event.xid === NOTIFICATION_XID) draft.effects.push({ kind: 'notify', body: event.body });
  else if (event.xid === PING_XID) receivePing(draft);
  else if (event.xid === AUTH_XID || event.xid === SET_WATCHES_XID) receiveSetup(draft, event);
  else receiveAnswer(draft, event);
}
