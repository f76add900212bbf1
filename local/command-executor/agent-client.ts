/** The executor API as the built-in command executor uses it. */
import http, { type IncomingMessage } from 'node:http';
import type { ExecutorEvent } from '../../protocol/mesos/executor.ts';
import { RecordParser } from '../../protocol/record-io.ts';

/** Where and as whom to call: from the environment that the agent gave. */
export interface AgentAddress {
  readonly endpoint: string;
  readonly frameworkId: string;
  readonly executorId: string;
}

function post(address: AgentAddress, call: object): Promise<IncomingMessage> {
  const { endpoint, frameworkId, executorId } = address;
  const ids = { framework_id: { value: frameworkId }, executor_id: { value: executorId } };
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request(`http://${endpoint}/api/v1/executor`, {
      method: 'POST',
      headers,
      agent: false,
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.end(JSON.stringify({ ...ids, ...call }));
  });
}

/** True if the agent took the call. */
export async function send(address: AgentAddress, call: object): Promise<boolean> {
  try {
    const response = await post(address, call);
    response.resume();
    return response.statusCode === 202;
  } catch {
    return false;
  }
}

/** Reads one subscription to its end; false if the agent refused or was not there. */
export async function subscribe(
  address: AgentAddress,
  call: object,
  onEvent: (event: ExecutorEvent) => void,
): Promise<boolean> {
  try {
    const response = await post(address, call);
    if (response.statusCode !== 200) return false;
    const parser = new RecordParser();
    for await (const chunk of response)
      for (const record of parser.push(chunk as Buffer))
        onEvent(JSON.parse(record.toString('utf8')) as ExecutorEvent);
    return true;
  } catch {
    return false;
  }
}
