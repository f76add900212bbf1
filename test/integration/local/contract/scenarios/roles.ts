/** Who is offered what: roles of one framework, reservations for ancestors, SUPPRESS, REVIVE and refusals. */
import type { Conversation } from '../conversation.ts';
import { operation, reservedBy, scalar } from './wording.ts';

export async function playRoles(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: ['static/below', 'other'], name: 'roles' }, { suppressed_roles: ['other'] });
  const below = await talk.offer(() => true);
  const refined = {
    ...scalar('cpus', 0.5),
    reservations: [{ type: 'STATIC' as const, role: 'static' }, reservedBy('static/below')],
  };
  await talk.accept(below, 'RESERVE a refinement', [operation.reserve([refined], 'f1')]);
  await talk.operation();
  await talk.accept(await talk.offer(() => true), 'UNRESERVE it', [operation.unreserve([refined], 'f2')]);
  await talk.operation();
  await talk.decline(await talk.offer(() => true), 300);
  await talk.noOffer(2500);
  await talk.call('REVIVE', 'another role', { revive: { roles: ['other'] } });
  const other = await talk.offer(() => true);
  await talk.call('SUPPRESS', 'all roles', { suppress: {} });
  await talk.decline(other);
  await talk.noOffer(2500);
  await talk.call('REVIVE', 'a role', { revive: { roles: ['static/below'] } });
  await talk.decline(await talk.offer(() => true), 0);
  await talk.call('SUPPRESS', 'of a role that is not ours', { suppress: { roles: ['nobody'] } });
}
