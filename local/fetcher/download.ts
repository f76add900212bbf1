/** HTTP as Mesos' fetcher speaks it: three headers, redirects followed, only 200 is success, errors in libcurl's words. */
import { createWriteStream } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';

/** Why a resource is not there; ends up in the sandbox's stderr. */
class DownloadError extends Error {}

type CurlError = Error & { code?: string };

const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Couldn't connect to server",
  EHOSTUNREACH: "Couldn't connect to server",
  ENETUNREACH: "Couldn't connect to server",
  ENOTFOUND: "Couldn't resolve host name",
  EAI_AGAIN: "Couldn't resolve host name",
  ECONNRESET: 'Failure when receiving data from the peer',
  EISDIR: 'Is a directory',
  ETIMEDOUT: 'Timeout was reached',
};

function describe(error: CurlError): string {
  const code = error.code ?? '';
  if (/^(DEPTH|SELF|UNABLE|CERT|ERR_TLS|ERR_SSL)/.test(code))
    return 'SSL peer certificate or SSH remote key was not OK';
  return TEXTS[code] ?? error.message;
}

/** libcurl sends nothing else. Userinfo of the URL becomes Basic authentication, for its own host only. */
function renderHeaders(url: URL): Record<string, string> {
  const userinfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = { Authorization: `Basic ${Buffer.from(userinfo).toString('base64')}` };
  return { Host: url.host, ...(url.username === '' ? {} : authorization), Accept: '*/*' };
}

interface Transfer {
  readonly method: 'GET' | 'HEAD';
  readonly stallMs: number;
  readonly agents: { readonly http: http.Agent; readonly https: https.Agent };
}

async function request(url: URL, transfer: Transfer): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const options = {
    method: transfer.method,
    headers: renderHeaders(url),
    agent: secure ? transfer.agents.https : transfer.agents.http,
    timeout: transfer.stallMs,
  };
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(url, options, resolve);
    sent.removeHeader('Connection');
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    sent.end();
  });
}

/** Follows redirects on the same connection where it can. Only time without an answer ends a loop of them. */
async function follow(start: URL, transfer: Transfer): Promise<IncomingMessage> {
  const deadline = Date.now() + transfer.stallMs;
  for (let url = start; ; ) {
    const response = await request(url, transfer);
    const { location } = response.headers;
    const redirects = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && location !== undefined;
    if (!redirects) return response;
    if (Date.now() > deadline) throw Object.assign(new Error(), { code: 'ETIMEDOUT' });
    response.resume();
    await new Promise((resolve) => response.once('close', resolve));
    url = new URL(location, url);
  }
}

async function withAgents<T>(
  method: 'GET' | 'HEAD',
  stallMs: number,
  use: (transfer: Transfer) => Promise<T>,
): Promise<T> {
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 1 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 1 }),
  };
  try {
    return await use({ method, stallMs, agents });
  } finally {
    agents.http.destroy();
    agents.https.destroy();
  }
}

/** An empty file stands before the first byte, and what came of a failed download stays. */
async function store(uri: string, file: string, transfer: Transfer): Promise<void> {
  const target = createWriteStream(file);
  await new Promise<void>((resolve, reject) => {
    target.once('open', () => resolve());
    target.once('error', reject);
  });
  try {
    const response = await follow(new URL(uri), transfer);
    await pipeline(response, target).catch((error: CurlError) => {
      throw error.code === 'ECONNRESET' ? new Error('Transferred a partial file') : error;
    });
    if (response.statusCode !== 200)
      throw new DownloadError(`Error downloading resource, received HTTP return code ${response.statusCode}`);
  } finally {
    target.destroy();
  }
}

/** @throws DownloadError */
export async function download(uri: string, file: string, stallMs: number): Promise<void> {
  try {
    await withAgents('GET', stallMs, (transfer) => store(uri, file, transfer));
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(`Error downloading resource: ${describe(error as CurlError)}`, { cause: error });
  }
}

/** Bytes that HEAD tells, whatever its status; undefined when it does not, or the server cannot be asked. */
export async function fetchSize(uri: string): Promise<number | undefined> {
  if (!/^https?:/.test(uri)) return undefined;
  try {
    return await withAgents('HEAD', 60_000, async (transfer) => {
      const response = await follow(new URL(uri), transfer);
      response.resume();
      const length = Number(response.headers['content-length'] ?? 0);
      return length > 0 ? length : undefined;
    });
  } catch {
    return undefined;
  }
}
