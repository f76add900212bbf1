/** Inverse offers: whoever holds something on an agent that will be away is asked to give it back, and may say yes or no. */
import type { InverseOffer } from '../../protocol/mesos/framework.ts';
import type { Filters } from '../../protocol/mesos/scheduler.ts';
import type { Value } from '../../protocol/mesos/resource.ts';
import { refusalMs } from './allocation.ts';
import type { Master } from './master.ts';
import { urlOf } from './offers.ts';
import type { AgentRecord, FrameworkRecord, InverseAnswer } from './records.ts';

function holdsOn(master: Master, framework: FrameworkRecord, agentId: string): boolean {
  const executors = master.agents.get(agentId)?.executors.values() ?? [];
  return (
    [...framework.tasks.values()].some((task) => task.agentId === agentId) ||
    [...executors].some(({ frameworkId }) => frameworkId === framework.id) ||
    master.offersOf({ agentId, frameworkId: framework.id }).length > 0
  );
}

function isOutstanding(master: Master, framework: FrameworkRecord, agentId: string): boolean {
  return [...master.inverseOffers.values()].some(
    (offer) => offer.agentId === agentId && offer.frameworkId === framework.id,
  );
}

function createInverseOffer(master: Master, framework: FrameworkRecord, agent: AgentRecord): InverseOffer[] {
  const unavailability = master.maintenance.unavailabilityOf(agent);
  if (unavailability === undefined) return [];
  const id = master.nextOfferId();
  const offer: InverseOffer = {
    id: { value: id },
    url: urlOf(agent),
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    unavailability,
  };
  master.inverseOffers.set(id, { id, frameworkId: framework.id, agentId: agent.id, offer });
  return [offer];
}

function isAsked(master: Master, framework: FrameworkRecord, agent: AgentRecord, nowMs: number): boolean {
  const answer = framework.inverseAnswers.get(agent.id);
  return (
    agent.channel !== undefined &&
    (answer === undefined || answer.untilMs <= nowMs) &&
    !isOutstanding(master, framework, agent.id) &&
    holdsOn(master, framework, agent.id)
  );
}

/** Asks everybody who holds something there and has not answered, or whose answer is no longer good. */
export function sendInverseOffers(master: Master, nowMs: number): void {
  for (const framework of master.frameworks.values()) {
    if (framework.stream === undefined) continue;
    const agents = [...master.agents.values()].filter((agent) => isAsked(master, framework, agent, nowMs));
    const inverse_offers = agents.flatMap((agent) => createInverseOffer(master, framework, agent));
    if (inverse_offers.length > 0)
      master.send(framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers } });
  }
}

/** What the framework says holds for as long as it refuses to be asked again. */
export function answerInverseOffers(
  master: Master,
  framework: FrameworkRecord,
  answer: {
    readonly status: InverseAnswer['status'];
    readonly inverse_offer_ids?: readonly Value<string>[];
    readonly filters?: Filters;
  },
): void {
  const nowMs = Date.now();
  const untilMs = nowMs + refusalMs(answer.filters?.refuse_seconds, master.options.allocationMs);
  for (const { value } of answer.inverse_offer_ids ?? []) {
    const offer = master.inverseOffers.get(value);
    if (offer?.frameworkId !== framework.id) continue;
    master.inverseOffers.delete(value);
    framework.inverseAnswers.set(offer.agentId, { status: answer.status, answeredMs: nowMs, untilMs });
  }
}

/** Takes back what was asked about this agent. */
export function rescindInverseOffers(master: Master, agentId: string): void {
  for (const { id, frameworkId, agentId: about } of master.inverseOffers.values()) {
    if (about !== agentId) continue;
    master.inverseOffers.delete(id);
    const framework = master.frameworks.get(frameworkId);
    const rescind_inverse_offer = { inverse_offer_id: { value: id } };
    if (framework !== undefined)
      master.send(framework, { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer });
  }
}
