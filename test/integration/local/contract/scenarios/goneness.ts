/** MARK_AGENT_GONE; last of all, as the agent does not come back. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, ROLE } from './wording.ts';

export async function playGoneness(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const offer = await talk.offer();
  await talk.accept(offer, 'LAUNCH', [operation.launch(lastingTask('keep', talk.agentId))]);
  await talk.update();
  await talk.offer(() => true);
  const agent_id = { value: talk.agentId };
  await talk.operate('MARK_AGENT_GONE', { mark_agent_gone: { agent_id } });
  await talk.event('UPDATE');
  await talk.event('RESCIND');
  await talk.event('FAILURE');
  const tasks = [
    { task_id: { value: 'keep' }, agent_id },
    { task_id: { value: 'unknown' }, agent_id },
  ];
  await talk.call('RECONCILE', '', { reconcile: { tasks } });
  await talk.event('UPDATE');
  await talk.event('UPDATE');
  await talk.operate('MARK_AGENT_GONE', { mark_agent_gone: { agent_id } });
}
