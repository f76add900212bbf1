/** START_MAINTENANCE: the agent is sent away. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, ROLE } from './wording.ts';

const MACHINE = { hostname: '127.0.0.1', ip: '127.0.0.1' };

export async function playOutage(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const offer = await talk.offer();
  await talk.accept(offer, 'LAUNCH', [operation.launch(lastingTask('keep', talk.agentId))]);
  await talk.update();
  await talk.offer(() => true);
  const unavailability = { start: { nanoseconds: 1_000_000_000_000_000_000 } };
  const windows = [{ machine_ids: [MACHINE], unavailability }];
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', {
    update_maintenance_schedule: { schedule: { windows } },
  });
  await talk.event('RESCIND');
  await talk.event('INVERSE_OFFERS');
  await talk.offer(() => true);
  await talk.operate('START_MAINTENANCE', { start_maintenance: { machines: [MACHINE] } });
  await talk.event('UPDATE');
  await talk.event('RESCIND');
  await talk.event('RESCIND_INVERSE_OFFER');
  await talk.event('FAILURE');
  await talk.operate('GET_MAINTENANCE_STATUS');
  await talk.operate('UPDATE_MAINTENANCE_SCHEDULE', { update_maintenance_schedule: { schedule: {} } });
  await talk.operate('STOP_MAINTENANCE', { stop_maintenance: { machines: [MACHINE] } });
  await talk.operate('GET_MAINTENANCE_STATUS');
  await talk.operate('GET_MAINTENANCE_SCHEDULE');
}
