/** One subscription: the call, the agent's refusal of it, or its stream of events until that ends. */
import type { IncomingMessage } from 'node:http';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import type { ExecutorEvent } from '../../../protocol/mesos/executor.ts';
import { RecordParser } from '../../../protocol/record-io.ts';
import type { AgentEnvironment } from '../../core/agent-environment.ts';
import { renderSubscribeCall } from '../../core/status-update.ts';
import type { UpdateQueue } from '../../core/update-queue.ts';
import { type AgentAddress, readBody, sendCall } from './agent-call.ts';

const ANSWER_TIMEOUT_MS = 10_000;
/** A stream is silent for half an hour between heartbeats. */
const KEEP_ALIVE_MS = 30_000;

export interface SubscriptionParts {
  readonly environment: AgentEnvironment;
  readonly address: AgentAddress;
  readonly queue: UpdateQueue;
  readonly onEvent: (event: ExecutorEvent) => void;
  readonly signal: AbortSignal;
}

/** 503 is an agent that has not finished recovery; other refusals will not change. */
async function judgeRefusal(response: IncomingMessage, endpoint: string): Promise<string> {
  const status = response.statusCode ?? 0;
  const body = await readBody(response);
  if (status >= 500) return `${status} ${body}`;
  throw new StevedoreError('ERR_AGENT_REFUSED', { endpoint, status, body });
}

async function readEvents(response: IncomingMessage, onEvent: SubscriptionParts['onEvent']): Promise<void> {
  const parser = new RecordParser();
  for await (const chunk of response)
    for (const record of parser.push(chunk as Buffer))
      onEvent(JSON.parse(record.toString('utf8')) as ExecutorEvent);
}

/**
 * Returns why the subscription is over, as the end of a sentence.
 * @throws StevedoreError ERR_AGENT_REFUSED
 */
export async function followSubscription(parts: SubscriptionParts): Promise<string> {
  const { environment, address, signal } = parts;
  const call = renderSubscribeCall(environment, parts.queue);
  try {
    const response = await sendCall(address, call, { agent: false, timeout: ANSWER_TIMEOUT_MS, signal });
    if (response.statusCode !== 200) return await judgeRefusal(response, environment.endpoint);
    response.socket.setTimeout(0);
    response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    await readEvents(response, parts.onEvent);
    return 'the stream ended';
  } catch (error) {
    if (error instanceof StevedoreError && error.code === 'ERR_AGENT_REFUSED') throw error;
    return messageOf(error);
  }
}
