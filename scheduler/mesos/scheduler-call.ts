/** One call to a master over the v1 scheduler API, and what an answer other than the wanted one is. */
import type * as http from 'node:http';
import type { SchedulerCall } from '../../protocol/mesos/scheduler.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import type { MasterAccess } from './master-access.ts';
import type { MasterAddress } from './master-address.ts';
import { post, readText } from './master-request.ts';

const PATH = '/api/v1/scheduler';
/** Enough of a text for a person. */
const MAX_BODY_CHARS = 2000;

/** An answer that is not the wanted one. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
  /** The header that was sent. */
  readonly authorization: string | undefined;
}

export interface StreamRequest {
  readonly master: MasterAddress;
  readonly access: MasterAccess;
  readonly call: SchedulerCall;
  readonly timing: ConnectionTiming;
  /** Ends the stream, too; its reason is what `events` throws. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly response: http.IncomingMessage;
  readonly authorization: string | undefined;
}

export interface Sending {
  readonly agent: http.Agent;
  readonly call: SchedulerCall;
  readonly timeoutMs: number;
  /** None in a SUBSCRIBE. */
  readonly streamId?: string;
}

/** Resolves with the head of the answer. */
export async function sendCall(request: StreamRequest, sending: Sending): Promise<Answer> {
  const { master, access, signal } = request;
  const authorization = await access.credential?.authorize(signal);
  const response = await post({
    ...master,
    path: PATH,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(sending.streamId !== undefined && { 'Mesos-Stream-Id': sending.streamId }),
    },
    agent: sending.agent,
    body: JSON.stringify(sending.call),
    timeoutMs: sending.timeoutMs,
    signal,
  });
  return { response, authorization };
}

export async function toRejection(
  { response, authorization }: Answer,
  timeoutMs: number,
): Promise<Rejection> {
  const body = await readText(response, timeoutMs);
  const { statusCode: status = 0, headers } = response;
  return {
    kind: 'rejected',
    status,
    body: body.slice(0, MAX_BODY_CHARS),
    location: headers.location,
    authorization,
  };
}
