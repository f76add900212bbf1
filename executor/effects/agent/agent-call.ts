/** One call of the executor API: a POST with exactly the headers that an agent accepts. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { ExecutorCall } from '../../../protocol/mesos/executor.ts';
import type { AgentEnvironment } from '../../core/agent-environment.ts';

const PATH = '/api/v1/executor';
const MAX_BODY_CHARS = 300;

/** Where calls go and with what; made once. */
export interface AgentAddress {
  readonly request: (options: http.RequestOptions) => http.ClientRequest;
  readonly options: https.RequestOptions;
  /** Keeps one connection for all calls but SUBSCRIBE, which needs its own. */
  readonly calls: http.Agent;
}

function splitEndpoint(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(':');
  return { host: endpoint.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(endpoint.slice(at + 1)) };
}

/** Mesos compares the type byte for byte: `; charset=utf-8` would be a 415. */
function renderHeaders(environment: AgentEnvironment): Record<string, string> {
  const { authenticationToken: token, endpoint } = environment;
  return {
    Host: endpoint,
    'Content-Type': 'application/json',
    Accept: 'application/json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
}

export function openAgentAddress(environment: AgentEnvironment): AgentAddress {
  const { domainSocket, tls, tlsCaFile, tlsVerify } = environment;
  const target =
    domainSocket === undefined ? splitEndpoint(environment.endpoint) : { socketPath: domainSocket };
  const secured = tls && domainSocket === undefined;
  const trust = tlsCaFile === undefined ? {} : { ca: readFileSync(tlsCaFile) };
  const scheme = secured ? https : http;
  return {
    request: (options) => scheme.request(options),
    options: {
      ...target,
      ...(secured ? { rejectUnauthorized: tlsVerify, ...trust } : {}),
      method: 'POST',
      path: PATH,
      headers: renderHeaders(environment),
    },
    calls: new scheme.Agent({ keepAlive: true, maxSockets: 1 }),
  };
}

/** Sends a call and gives the response with its body still to be read. */
export function sendCall(
  address: AgentAddress,
  call: ExecutorCall,
  options: http.RequestOptions,
): Promise<http.IncomingMessage> {
  const body = Buffer.from(JSON.stringify(call));
  const headers = { ...(address.options.headers as object), 'Content-Length': body.length };
  return new Promise((resolve, reject) => {
    const request = address.request({ ...address.options, ...options, headers });
    request.on('response', resolve);
    request.on('timeout', () => request.destroy(new Error('the agent does not answer')));
    request.on('error', reject);
    request.end(body);
  });
}

/** A refusal's text, short. */
export async function readBody(response: http.IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += text.length < MAX_BODY_CHARS ? chunk : '';
  return text.slice(0, MAX_BODY_CHARS).trim();
}
