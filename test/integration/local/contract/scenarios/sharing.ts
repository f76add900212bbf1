/** Two roles of one framework, of which one has reservations; and a role that the framework leaves. */
import type { Conversation } from '../conversation.ts';
import { operation, scalar } from './wording.ts';

const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'].map((type) => ({ type }));
const INFO = {
  user: 'root',
  name: 'contract',
  checkpoint: true,
  failover_timeout: 60,
  capabilities: CAPABILITIES,
};

export async function playSharing(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: ['alpha', 'static'] }, { suppressed_roles: ['static'] });
  const alpha = await talk.offer();
  await talk.call('REVIVE', 'the role with reservations', { revive: { roles: ['static'] } });
  const reserved = await talk.offer(() => true);
  const mixed = { offer_ids: [alpha.id, reserved.id], operations: [] };
  const task = { name: 't', task_id: { value: 't' }, agent_id: alpha.agent_id, command: { value: 'true' } };
  await talk.call('ACCEPT', 'offers of two roles', {
    accept: { ...mixed, operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
  });
  await talk.update();
  const stale = {
    offer_ids: [{ value: 'stale' }],
    operations: [operation.reserve([scalar('cpus', 1)], 'r')],
  };
  await talk.call('ACCEPT', 'an offer that is not there', { accept: stale });
  await talk.operation();
  await talk.call('SUPPRESS', 'the role without', { suppress: { roles: ['alpha'] } });
  const all = await talk.offer((resources) =>
    resources.some(({ reservations }) => reservations !== undefined),
  );
  await talk.decline(all);
  await talk.call('SUPPRESS', 'all', { suppress: {} });
  await talk.settle();
  const framework_info = { ...INFO, roles: ['alpha'], id: { value: talk.frameworkId } };
  await talk.call('UPDATE_FRAMEWORK', 'one role less', { update_framework: { framework_info } });
  await talk.decline(await talk.offer());
}
