/** Maintenance windows: offers say when an agent will be away, inverse offers ask for it, and at last it is down. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, ROLE } from './wording.ts';

const MACHINE = { hostname: '127.0.0.1', ip: '127.0.0.1' };
const START = { nanoseconds: 4_000_000_000_000_000_000 };
const any = (): boolean => true;

function scheduleOf(...machine_ids: object[]): object {
  const unavailability = { start: START, duration: { nanoseconds: 3_600_000_000_000 } };
  const windows = machine_ids.length === 0 ? [] : [{ machine_ids, unavailability }];
  return { update_maintenance_schedule: { schedule: { windows } } };
}

export async function playMaintenance(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const offer = await talk.offer();
  await talk.accept(offer, 'LAUNCH', [operation.launch(lastingTask('keep', talk.agentId))]);
  await talk.update();
  await talk.offer(any);
  await talk.operate('GET_MAINTENANCE_STATUS');
  await talk.operate('GET_MAINTENANCE_SCHEDULE');
  await talk.operate('START_MAINTENANCE', { start_maintenance: { machines: [MACHINE] } });
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', scheduleOf(MACHINE));
  await talk.event('RESCIND');
  const { inverse_offers } = (await talk.event('INVERSE_OFFERS')).inverse_offers;
  await talk.offer(any);
  await talk.call('DECLINE_INVERSE_OFFERS', '', {
    decline_inverse_offers: { inverse_offer_ids: [inverse_offers[0].id], filters: { refuse_seconds: 1 } },
  });
  await talk.operate('GET_MAINTENANCE_STATUS');
  const again = (await talk.event('INVERSE_OFFERS')).inverse_offers.inverse_offers;
  await talk.call('ACCEPT_INVERSE_OFFERS', '', {
    accept_inverse_offers: { inverse_offer_ids: [again[0].id], filters: { refuse_seconds: 1000 } },
  });
  await talk.operate('GET_MAINTENANCE_STATUS');
  await talk.operate('GET_MAINTENANCE_SCHEDULE');
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', scheduleOf());
  await talk.event('RESCIND');
  await talk.offer(any);
  await talk.operate('GET_MAINTENANCE_STATUS');
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', scheduleOf(MACHINE, MACHINE));
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', scheduleOf({}));
  await talk.operate('STOP_MAINTENANCE', { stop_maintenance: { machines: [MACHINE] } });
}
