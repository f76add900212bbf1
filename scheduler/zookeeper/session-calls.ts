/** What users of a session ask for: requests, and its end. */
import { type SessionDraft, change, finish } from './session-draft.ts';
import type { EventOf, SentCall } from './session-model.ts';
import { toClosingMs } from './session-time.ts';

const MAX_XID = 0x7fff_ffff;

function toNextXid(lastXid: number): number {
  return lastXid >= MAX_XID ? 1 : lastXid + 1;
}

export function request(draft: SessionDraft, { id, isRead }: EventOf<'requested'>): void {
  const { closing, isClosed, waiting } = draft.model;
  if (closing !== undefined || isClosed) {
    draft.effects.push({ kind: 'fail', id, code: 'ERR_ZOOKEEPER_CLOSED', problem: '' });
    return;
  }
  change(draft, { waiting: [...waiting, { id, isRead, sinceMs: draft.nowMs }] });
}

export function close(draft: SessionDraft): void {
  const { model, nowMs } = draft;
  if (model.closing !== undefined || model.isClosed) return;
  if (model.link.kind !== 'up') {
    finish(draft);
    return;
  }
  const xid = toNextXid(model.lastXid);
  draft.effects.push({ kind: 'end-session', xid });
  change(draft, { lastXid: xid, closing: { untilMs: nowMs + toClosingMs(model), xid } });
}

/** Once there is a connection. */
export function sendWaiting(draft: SessionDraft): void {
  const { link, waiting, sent, lastXid } = draft.model;
  if (link.kind !== 'up' || waiting.length === 0) return;
  let xid = lastXid;
  const added: SentCall[] = [];
  for (const call of waiting) {
    xid = toNextXid(xid);
    added.push({ ...call, xid, sentMs: draft.nowMs });
    draft.effects.push({ kind: 'send', id: call.id, xid });
  }
  const used = { ...link, lastSentMs: draft.nowMs };
  change(draft, { waiting: [], sent: [...sent, ...added], lastXid: xid, link: used });
}
