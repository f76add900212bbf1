/** Clients as bare as the fetcher's: what they send is exactly what is written here. */
import { once } from 'node:events';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Ask {
  readonly ca?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask(url: string, options: Ask = {}): Promise<Answer> {
  const open = url.startsWith('https:') ? requestTls : request;
  const call = open(url, { agent: false, ...options });
  call.end();
  const [response] = await once(call, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) };
}

/** Sends text as it is and gives back all that comes until the server closes. */
export async function askRaw(baseUrl: string, text: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(pieces).toString('latin1');
}
