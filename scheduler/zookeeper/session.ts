/**
 * The life of a ZooKeeper session, without sockets and clocks: pings at a third of the timeout, another server when nothing
 * was proven for two thirds, over after the whole, and then a new session. ZooKeeper's programmers' guide, `Sessions`.
 */
import { greet, receive, welcome } from './session-answers.ts';
import { close, request, sendWaiting } from './session-calls.ts';
import {
  type SessionDraft,
  change,
  expire,
  failOverdue,
  finish,
  loseLink,
  serverOf,
} from './session-draft.ts';
import type { SessionEffect, SessionEvent, SessionModel } from './session-model.ts';
import { attemptLimitOf, isSilent, pingDueAt, stateAt } from './session-time.ts';

const OWN_CLOCK = 'no server answered for the whole session timeout';

function apply(draft: SessionDraft, event: SessionEvent): void {
  switch (event.kind) {
    case 'tick':
      return;
    case 'opened':
      return greet(draft);
    case 'welcomed':
      return welcome(draft, event);
    case 'replied':
      return receive(draft, event);
    case 'lost':
      return draft.model.closing === undefined ? loseLink(draft, event.reason) : finish(draft);
    case 'requested':
      return request(draft, event);
    case 'close':
      return close(draft);
  }
}

/** An event of a session that is over by our clock, although nobody has noticed: what it says no longer counts. */
function applyTooLate(draft: SessionDraft, event: SessionEvent): void {
  expire(draft, OWN_CLOCK);
  if (event.kind === 'close') close(draft);
  if (event.kind !== 'requested') return;
  // Its caller still believed in the session, so it must not run in the next one.
  draft.effects.push({
    kind: 'fail',
    id: event.id,
    code: 'ERR_ZOOKEEPER_SESSION_EXPIRED',
    problem: OWN_CLOCK,
  });
}

function ping(draft: SessionDraft): void {
  const { link } = draft.model;
  if (link.kind !== 'up' || draft.nowMs < pingDueAt(draft.model)) return;
  draft.effects.push({ kind: 'ping' });
  change(draft, { link: { ...link, lastSentMs: draft.nowMs, pingSentMs: draft.nowMs } });
}

function openNext(draft: SessionDraft): void {
  const { link } = draft.model;
  if (link.kind !== 'down' || draft.nowMs < link.retryAtMs) return;
  draft.effects.push({ kind: 'open', server: serverOf(draft.model) });
  change(draft, { link: { kind: 'opening', sinceMs: draft.nowMs } });
}

function giveUpAttempt(draft: SessionDraft): void {
  loseLink(draft, 'the server did not answer in time');
  change(draft, { silentAttempts: draft.model.silentAttempts + 1 });
}

/** Does what is due at this time. */
function settle(draft: SessionDraft): void {
  const { isClosed, closing, link } = draft.model;
  if (isClosed) return;
  if (closing !== undefined) {
    if (draft.nowMs >= closing.untilMs || link.kind !== 'up') finish(draft);
    return;
  }
  if (isSilent(draft.model, draft.nowMs)) loseLink(draft, 'no answer for two thirds of the session timeout');
  if (draft.nowMs >= attemptLimitOf(draft.model)) giveUpAttempt(draft);
  failOverdue(draft);
  openNext(draft);
  sendWaiting(draft);
  ping(draft);
}

function announce(draft: SessionDraft): void {
  const state = stateAt(draft.model, draft.nowMs);
  if (state === draft.model.announced) return;
  draft.effects.push({ kind: 'announce', state });
  change(draft, { announced: state });
}

/** @param context `nowMs` of a clock that goes on while the machine sleeps; `chance` between 0 and 1. */
export function stepSession(
  model: SessionModel,
  event: SessionEvent,
  context: { readonly nowMs: number; readonly chance: () => number },
): { readonly model: SessionModel; readonly effects: readonly SessionEffect[] } {
  const draft: SessionDraft = { model, effects: [], ...context };
  if (stateAt(model, context.nowMs) === 'expired') applyTooLate(draft, event);
  else apply(draft, event);
  settle(draft);
  announce(draft);
  return { model: draft.model, effects: draft.effects };
}
