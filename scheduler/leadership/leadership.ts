/** What running with or without others that may lead looks like from inside the scheduler. */
import type { Logger } from '../log.ts';
import type { RecordStore } from '../state/record-store.ts';
import type { StateLocation } from '../state/state-location.ts';
import type { LeaderData } from './leader-data.ts';

export interface LeadershipOptions {
  readonly location: StateLocation;
  readonly cluster: string;
  /** Where others reach the API of this scheduler; needed where several take turns. */
  readonly apiUrl: string;
  /** PEM of the CA of that API; unset: those of the system. */
  readonly caPem?: string | undefined;
  /** Name of this host, for people. */
  readonly host: string;
  /** Where agents reach this scheduler's artifact server when it leads; unset: not known yet. */
  readonly artifactHost?: string | undefined;
  /** How long a scheduler that leads no longer may take to stop. */
  readonly stopTimeoutMs?: number;
}

export interface LeadershipHooks {
  readonly log: Logger;
  /** Stops the scheduler; every task keeps running. */
  readonly signal: AbortSignal;
  /** Answers for the leader while another scheduler leads; closed before this one leads. */
  readonly openStandby?: (leader: () => LeaderData | undefined) => Promise<{ close(): Promise<void> }>;
}

/** One time of leading. */
export interface Term {
  readonly records: RecordStore;
  /** Of the state, for messages. */
  readonly place: string;
  /** Aborted by a stop, and when leadership is lost: then nothing may be done any more. */
  readonly signal: AbortSignal;
  /**
   * To be awaited before what was decided is done in the world. It waits while ZooKeeper does not answer; false: another
   * scheduler may lead, nothing may be done. True only when that is certain, also right after this process was stopped.
   */
  readonly confirmLeadership: () => Promise<boolean>;
  /** Who stands by at this moment, as far as is known. */
  readonly listOthers: () => readonly LeaderData[];
}

/** Runs until the signal; the exit status. What the store throws goes through it. */
export type RunTerm = (term: Term) => Promise<number>;
