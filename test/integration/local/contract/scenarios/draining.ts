/** DEACTIVATE_AGENT, REACTIVATE_AGENT and DRAIN_AGENT. */
import type { Conversation } from '../conversation.ts';
import { lastingTask, operation, ROLE } from './wording.ts';

const any = (): boolean => true;

interface Agents {
  readonly get_agents: { readonly agents: { deactivated?: boolean; drain_info?: object; active: boolean }[] };
}

async function logAgent(talk: Conversation): Promise<void> {
  const [agent] = (await talk.ask<Agents>('GET_AGENTS')).get_agents.agents;
  talk.log(
    `= ${JSON.stringify({ active: agent?.active, deactivated: agent?.deactivated, drain: agent?.drain_info })}`,
  );
}

export async function playDraining(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const offer = await talk.offer();
  await talk.accept(offer, 'LAUNCH', [operation.launch(lastingTask('keep', talk.agentId))]);
  await talk.update();
  await talk.offer(any);
  const agent_id = { value: talk.agentId };
  await talk.operate('DEACTIVATE_AGENT', { deactivate_agent: { agent_id } });
  await talk.event('RESCIND');
  await logAgent(talk);
  await talk.noOffer(2000);
  await talk.operate('REACTIVATE_AGENT', { reactivate_agent: { agent_id } });
  await talk.offer(any);
  await logAgent(talk);
  await talk.operate('DRAIN_AGENT', { drain_agent: { agent_id } });
  await talk.event('RESCIND');
  const { status } = (await talk.event('UPDATE')).update;
  await logAgent(talk);
  await talk.operate('REACTIVATE_AGENT', { reactivate_agent: { agent_id } });
  const { task_id, uuid } = status;
  await talk.call('ACKNOWLEDGE', status.state, { acknowledge: { agent_id, task_id, uuid } });
  await talk.event('FAILURE');
  await talk.settle();
  await logAgent(talk);
  await talk.noOffer(2000);
  await talk.operate('REACTIVATE_AGENT', { reactivate_agent: { agent_id } });
  await talk.offer(any);
  await logAgent(talk);
  const nobody = { agent_id: { value: 'nobody' } };
  await talk.operate('DRAIN_AGENT', { drain_agent: nobody });
  await talk.operate('DEACTIVATE_AGENT', { deactivate_agent: nobody });
  await talk.operate('REACTIVATE_AGENT', { reactivate_agent: nobody });
  await talk.operate('MARK_AGENT_GONE', { mark_agent_gone: nobody });
  await talk.operate('DRAIN_AGENT', {});
}
