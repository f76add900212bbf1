/**
 * Answers to Mesos' requests to give resources back before a maintenance. The answer is advice to the operator: yes when
 * everything of ours on the host can leave it, else no with the reason in the log.
 */
import type { InverseOffer } from '../../../protocol/mesos/framework.ts';
import type { Draft } from '../draft.ts';
import { listStaying } from './evacuation.ts';
import { knowsElsewhere } from './leaving.ts';
import { renderWindow, toWindow } from './maintenance-window.ts';

/** Mesos asks again after this. */
const REFUSE_SECONDS = 300;

function findHost(draft: Draft, offer: InverseOffer): string | undefined {
  const agentId = offer.agent_id?.value;
  const own = draft.state.instances.list().find(({ task }) => task?.agentId === agentId);
  return own?.task?.hostname ?? offer.url?.address.hostname;
}

function noteWindow(draft: Draft, hostname: string, offer: InverseOffer): void {
  const { maintenance } = draft.state;
  const window = { ...toWindow(offer.unavailability), inverseOfferId: offer.id.value };
  draft.state = { ...draft.state, maintenance: { ...maintenance, [hostname]: window } };
}

/** Why the host cannot be left; empty if it can. */
function judge(draft: Draft, offer: InverseOffer): string[] {
  const hostname = findHost(draft, offer);
  if (offer.agent_id === undefined || hostname === undefined) return ['it names no host'];
  noteWindow(draft, hostname, offer);
  const isUsed = draft.state.instances.list().some(({ task }) => task?.hostname === hostname);
  const stay = listStaying(draft, hostname);
  if (stay.length > 0 || !isUsed || knowsElsewhere(draft.state, draft.nowMs)) return stay;
  return ['no other host has made an offer'];
}

function logAnswer(draft: Draft, offer: InverseOffer, stay: readonly string[]): void {
  const hostname = findHost(draft, offer) ?? '';
  const window = renderWindow(hostname, toWindow(offer.unavailability), draft.nowMs);
  if (stay.length === 0) draft.log('info', 'will have left the host when its maintenance begins', { window });
  else draft.log('warn', 'cannot leave a host before its maintenance', { window, stay });
}

export function answerInverseOffers(draft: Draft, offers: readonly InverseOffer[]): void {
  const answers = { accept: [] as string[], decline: [] as string[] };
  for (const offer of offers) {
    const stay = judge(draft, offer);
    logAnswer(draft, offer, stay);
    (stay.length === 0 ? answers.accept : answers.decline).push(offer.id.value);
  }
  for (const answer of ['accept', 'decline'] as const)
    if (answers[answer].length > 0)
      draft.add({
        kind: `${answer}-inverse`,
        inverseOfferIds: answers[answer],
        refuseSeconds: REFUSE_SECONDS,
      });
}

/** The schedule has changed or Mesos has a new leader: offers and new requests tell again. */
export function rescindInverseOffer(draft: Draft, inverseOfferId: string): void {
  const { maintenance } = draft.state;
  const left = Object.entries(maintenance).filter(([, window]) => window.inverseOfferId !== inverseOfferId);
  draft.state = { ...draft.state, maintenance: Object.fromEntries(left) };
}
