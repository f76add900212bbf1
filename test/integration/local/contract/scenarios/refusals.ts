/** Refusals hold back what is contained in them, and nothing more. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, reservedBy, ROLE, scalar } from './wording.ts';

const any = (): boolean => true;

export async function playRefusals(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const offer = await talk.offer();
  const accept = {
    offer_ids: [offer.id],
    operations: [operation.launch(lastingTask('keep', talk.agentId))],
    filters: { refuse_seconds: 300 },
  };
  await talk.call('ACCEPT', 'LAUNCH, and refuse the rest', { accept });
  await talk.update();
  await talk.noOffer(2500);
  await talk.call('KILL', 'keep', { kill: { task_id: { value: 'keep' } } });
  await talk.update();
  await talk.event('FAILURE');
  const whole = await talk.offer();
  const reserved = scalar('cpus', 0.5, reservedBy(ROLE));
  const reserving = {
    offer_ids: [whole.id],
    operations: [operation.reserve([reserved])],
    filters: { refuse_seconds: 300 },
  };
  await talk.call('ACCEPT', 'RESERVE, and refuse the rest', { accept: reserving });
  const made = await talk.offer(any);
  await talk.decline(made, 300);
  await talk.noOffer(2500);
  await talk.call('REVIVE', '', { revive: {} });
  await talk.accept(await talk.offer(any), 'UNRESERVE', [operation.unreserve([reserved], 'u')]);
  await talk.operation();
  await talk.decline(await talk.offer(any), 300);
  await talk.call('DECLINE', 'an offer that is not there', {
    decline: { offer_ids: [{ value: 'nobody' }], filters: { refuse_seconds: 0 } },
  });
  await talk.noOffer(2500);
  const info = { user: 'root', name: 'again', roles: [ROLE], checkpoint: true, failover_timeout: 60 };
  await talk.subscribe({ ...info, id: { value: talk.frameworkId } });
  await talk.noOffer(2500);
  await talk.call('REVIVE', '', { revive: {} });
  await talk.decline(await talk.offer(any));
}
