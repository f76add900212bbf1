/** Gets one upstream's bytes by HTTP into a sink, and says clearly what went wrong. The only place that asks the outside. */
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import fetch, { type Response } from 'node-fetch';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import type { ArtifactSink } from './artifact-sink.ts';
import type { WorkOptions } from './progress.ts';
import type { Upstream } from './upstream-url.ts';

export interface FetchOptions extends WorkOptions {
  /** No byte for this long, also before the first: the upstream is given up. */
  readonly stallTimeoutMs: number;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host does not resolve',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'the host does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown CA (NODE_EXTRA_CA_CERTS adds one)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown CA (NODE_EXTRA_CA_CERTS adds one)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate names other hosts',
};

/** Aborts when it was not touched for too long. */
class StallWatch {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    const stalled = () => this.#controller.abort(new Error(`no byte came for ${timeoutMs / 1000} s`));
    this.#timer = setTimeout(stalled, timeoutMs);
    this.signal = AbortSignal.any([this.#controller.signal, ...(signal === undefined ? [] : [signal])]);
  }

  touch(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** The stall, if that is what ended the transfer. */
  problemOf(error: unknown): string {
    if (this.#controller.signal.aborted) return messageOf(this.#controller.signal.reason);
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return PROBLEMS[code] ?? messageOf(error);
  }
}

/** Proxies as everywhere: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
function createAgent(url: URL): Agent {
  const options = { keepAlive: false, proxyEnv: process.env };
  return url.protocol === 'https:' ? new TlsAgent(options) : new Agent(options);
}

async function request(upstream: Upstream, watch: StallWatch): Promise<Response> {
  const { url, shown, host, authorization } = upstream;
  // The bytes as they lie there: an archive that is announced as gzip-encoded must not be unpacked on the way.
  const headers = { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'stevedore' };
  const all = authorization === undefined ? headers : { ...headers, Authorization: authorization };
  const response = await fetch(url, {
    headers: all,
    compress: false,
    agent: createAgent,
    signal: watch.signal,
  });
  if (response.status === 200 && response.body !== null) return response;
  (response.body as Readable | null)?.destroy();
  const fields = { host, url: shown, status: response.status, reason: response.statusText };
  throw new StevedoreError('ERR_UPSTREAM_STATUS', fields);
}

function parseLength(response: Response): number | undefined {
  const header = response.headers.get('content-length');
  return header === null ? undefined : Number(header);
}

async function receive(
  response: Response,
  sink: ArtifactSink,
  hooks: { watch: StallWatch; work: WorkOptions },
) {
  const total = parseLength(response);
  for await (const chunk of response.body as NodeJS.ReadableStream) {
    hooks.watch.touch();
    await sink.write(chunk as Buffer);
    hooks.work.progress?.(sink.sizeBytes, total);
  }
  if (total !== undefined && sink.sizeBytes !== total) throw new Error('the connection was cut');
}

function checkDigest(upstream: Upstream, actual: string): void {
  const { sha256: expected, shown: url } = upstream;
  if (expected === undefined || expected === actual) return;
  throw new StevedoreError('ERR_UPSTREAM_DIGEST', { url, expected, actual });
}

/**
 * Redirects are followed (at most 20), credentials not to other hosts.
 * @throws StevedoreError ERR_UPSTREAM_STATUS, ERR_UPSTREAM_UNREACHABLE, ERR_UPSTREAM_CUT, ERR_UPSTREAM_DIGEST; the signal's reason
 */
export async function fetchUpstream(
  upstream: Upstream,
  sink: ArtifactSink,
  work: FetchOptions,
): Promise<void> {
  const { host, shown: url } = upstream;
  const watch = new StallWatch(work.stallTimeoutMs, work.signal);
  let response: Response | undefined;
  try {
    response = await request(upstream, watch);
    await receive(response, sink, { watch, work });
    checkDigest(upstream, sink.digest());
  } catch (cause) {
    work.signal?.throwIfAborted();
    if (cause instanceof StevedoreError) throw cause;
    const problem = watch.problemOf(cause);
    if (response === undefined)
      throw new StevedoreError('ERR_UPSTREAM_UNREACHABLE', { host, url, problem }, { cause });
    const expected = parseLength(response) ?? 'an unknown number of';
    throw new StevedoreError(
      'ERR_UPSTREAM_CUT',
      { host, url, problem, received: sink.sizeBytes, expected },
      { cause },
    );
  } finally {
    watch.end();
  }
}
