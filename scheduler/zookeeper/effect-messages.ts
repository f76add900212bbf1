/** The messages that effects of the session machine stand for. */
import type { PendingCalls } from './pending-calls.ts';
import { renderAuth, renderClose, renderGreeting, renderPing, renderWatches } from './session-messages.ts';
import type { SessionEffect } from './session-model.ts';
import type { Watches } from './watches.ts';

export type SendingEffect = Extract<
  SessionEffect,
  { readonly kind: 'greet' | 'authenticate' | 'restore-watches' | 'ping' | 'send' | 'end-session' }
>;

export interface MessageSource {
  /** `user:password`; undefined: nothing is said about who we are. */
  readonly digest: string | undefined;
  readonly watches: Watches;
  readonly calls: PendingCalls;
}

/** In the order of sending. */
export function renderEffect(effect: SendingEffect, source: MessageSource): Buffer[] {
  switch (effect.kind) {
    case 'greet':
      return [renderGreeting(effect.greeting)];
    case 'authenticate':
      return source.digest === undefined ? [] : [renderAuth(source.digest)];
    case 'restore-watches':
      return renderWatches(effect.zxid, source.watches.paths);
    case 'ping':
      return [renderPing()];
    case 'send':
      return [source.calls.render(effect.id, effect.xid)];
    case 'end-session':
      return [renderClose(effect.xid)];
  }
}
