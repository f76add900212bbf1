/** What an event of Mesos is to the engine. */
import type { SchedulerEvent } from '../protocol/mesos/scheduler.ts';
import type { EngineEvent } from './core/engine-state.ts';

/** Those that the engine does not hear of: the beginning and the end of a subscription, and what it has no use for. */
export type PlainEvent = Exclude<SchedulerEvent, { type: 'SUBSCRIBED' } | { type: 'ERROR' }>;

/** Undefined: nothing follows from it. */
export function toEngineEvent(event: PlainEvent): EngineEvent | undefined {
  switch (event.type) {
    case 'OFFERS':
      return { kind: 'offers', offers: event.offers.offers ?? [] };
    case 'UPDATE':
      return { kind: 'update', status: event.update.status };
    case 'FAILURE': {
      const { agent_id, executor_id } = event.failure;
      return { kind: 'failure', agentId: agent_id?.value, executorId: executor_id?.value };
    }
    case 'INVERSE_OFFERS':
      return { kind: 'inverse-offers', offers: event.inverse_offers.inverse_offers ?? [] };
    case 'RESCIND_INVERSE_OFFER': {
      const inverseOfferId = event.rescind_inverse_offer.inverse_offer_id.value;
      return { kind: 'rescind-inverse-offer', inverseOfferId };
    }
    // Offers are answered at once, so a rescinded one is gone already; nothing of ours sends messages.
    case 'RESCIND':
    case 'UPDATE_OPERATION_STATUS':
    case 'MESSAGE':
    case 'HEARTBEAT':
      return undefined;
  }
}
