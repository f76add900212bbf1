/**
 * What a scheduler does while another one leads: it answers for that one, and makes ready what would otherwise hold it up when
 * it leads itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../protocol/errors.ts';
import { openArtifactIntake } from '../server/artifact-server.ts';
import { createAccessToken, writeAccessToken } from './api/access-token.ts';
import type { Api } from './api/open-api.ts';
import { registerArtifacts } from './artifacts.ts';
import type { LeaderData } from './leadership/leader-data.ts';
import type { Logger } from './log.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { CLUSTER_KEY_RECORD } from './state/record-names.ts';
import { createCodecs } from './state/state-access.ts';
import type { StateLocation } from './state/state-location.ts';
import { readStoredRecords } from './state/state-reading.ts';
import { decodeRecords } from './state/state-verification.ts';

export interface StandbyParts {
  readonly options: SchedulerOptions;
  readonly location: StateLocation;
  readonly api: Api;
  readonly log: Logger;
}

/** A state that is not there yet is made by the first that leads. */
const LOOK_AGAIN_MS = 5000;

/** Large archives are fetched and packed before they are needed: a takeover waits for no transfer. */
async function makeArtifactsReady({ options, log }: StandbyParts, signal: AbortSignal): Promise<void> {
  const { configuration, server } = options;
  const intake = await openArtifactIntake({ storeDirectory: server.storeDirectory, log });
  try {
    const { artifacts } = configuration.build(configuration.snapshot);
    await registerArtifacts(intake, artifacts, { signal, log, onProgress: () => undefined });
  } finally {
    intake.close();
  }
}

async function readToken({ location, options }: StandbyParts): Promise<string | undefined> {
  const { cluster } = options.configuration;
  const { place, records } = await readStoredRecords(location, cluster);
  const codecs = createCodecs(location.keyFile, cluster);
  const key = decodeRecords(records, { cluster, place, codecs }).get(CLUSTER_KEY_RECORD);
  return key && createAccessToken(key);
}

/** Whoever asks on this host's socket is let through to the leader, also before this scheduler ever led. */
async function learnToken(parts: StandbyParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const token = await readToken(parts).catch(() => undefined);
    if (signal.aborted) return;
    if (token === undefined) await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    else {
      writeAccessToken(parts.options.stateDirectory, token);
      return parts.api.lead(undefined, token);
    }
  }
}

/** What goes wrong here is tried again, and told in full, when this scheduler leads. */
export function createStandby(parts: StandbyParts) {
  return async (leader: () => LeaderData | undefined): Promise<{ close(): Promise<void> }> => {
    const ended = new AbortController();
    const { signal } = ended;
    parts.api.standBy(leader);
    const warn = (text: string) => (error: unknown) => {
      if (!signal.aborted) parts.log.warn({ reason: messageOf(error) }, text);
    };
    const work = [
      makeArtifactsReady(parts, signal).catch(warn('artifacts are not ready for a takeover')),
      learnToken(parts, signal).catch(warn('requests on the socket are not let through to the leader')),
    ];
    return {
      close: async () => {
        ended.abort();
        await Promise.all(work);
        parts.api.standBy(undefined);
      },
    };
  };
}
