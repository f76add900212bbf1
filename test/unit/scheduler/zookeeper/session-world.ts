/** A session machine with its clock for tests. Times are milliseconds after its start; the timeout granted is 9000. */
import {
  type EventOf,
  type SessionEffect,
  type SessionEvent,
  type SessionModel,
  createSessionModel,
} from '../../../../scheduler/zookeeper/session-model.ts';
import { nextDueAt, stateAt } from '../../../../scheduler/zookeeper/session-time.ts';
import { stepSession } from '../../../../scheduler/zookeeper/session.ts';
import type { SessionState } from '../../../../scheduler/zookeeper/zookeeper-client.ts';

export const TIMEOUT_MS = 9000;

type EffectOf<Kind extends SessionEffect['kind']> = Extract<SessionEffect, { kind: Kind }>;

export class SessionWorld {
  nowMs = 0;
  model: SessionModel;
  /** Of all steps so far. */
  readonly effects: SessionEffect[] = [];
  chance = 0.5;

  constructor(...servers: string[]) {
    const settings = { servers: servers.length === 0 ? ['a:1'] : servers, sessionTimeoutMs: TIMEOUT_MS };
    this.model = createSessionModel(settings, 0);
  }

  get state(): SessionState {
    return stateAt(this.model, this.nowMs);
  }

  get states(): SessionState[] {
    return this.of('announce').map(({ state }) => state);
  }

  of<Kind extends SessionEffect['kind']>(kind: Kind): EffectOf<Kind>[] {
    return this.effects.filter((effect): effect is EffectOf<Kind> => effect.kind === kind);
  }

  /** One step; the kinds of its effects without log lines. */
  send(event: SessionEvent): string[] {
    const context = { nowMs: this.nowMs, chance: () => this.chance };
    const { model, effects } = stepSession(this.model, event, context);
    this.model = model;
    this.effects.push(...effects);
    return effects.map(({ kind }) => kind).filter((kind) => kind !== 'log');
  }

  /** Lets time pass, with every timer firing when it is due. */
  pass(ms: number): string[] {
    const untilMs = this.nowMs + ms;
    const kinds: string[] = [];
    for (let dueAt = nextDueAt(this.model); dueAt <= untilMs; dueAt = nextDueAt(this.model)) {
      this.nowMs = Math.max(this.nowMs, dueAt);
      kinds.push(...this.send({ kind: 'tick' }));
    }
    this.nowMs = untilMs;
    return kinds;
  }

  /** Lets time pass while the process is stopped. */
  stop(ms: number): void {
    this.nowMs += ms;
  }

  welcome(changes: Partial<EventOf<'welcomed'>> = {}): string[] {
    const password = Buffer.from('secret');
    return this.send({ kind: 'welcomed', timeoutMs: TIMEOUT_MS, sessionId: 7n, password, ...changes });
  }

  /** From a started machine to a welcomed one. */
  connect(changes: Partial<EventOf<'welcomed'>> = {}): string[] {
    const kinds = [...this.send({ kind: 'tick' }), ...this.send({ kind: 'opened' })];
    return [...kinds, ...this.welcome(changes)];
  }

  reply(xid: number, changes: Partial<EventOf<'replied'>> = {}): string[] {
    return this.send({ kind: 'replied', xid, zxid: 0n, code: 0, body: Buffer.alloc(0), ...changes });
  }

  read(id: number): string[] {
    return this.send({ kind: 'requested', id, isRead: true });
  }

  write(id: number): string[] {
    return this.send({ kind: 'requested', id, isRead: false });
  }

  /** Code by id. */
  get failures(): Record<number, string> {
    return Object.fromEntries(this.of('fail').map(({ id, code }) => [id, code]));
  }
}
