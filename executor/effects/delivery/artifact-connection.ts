/** One request for an artifact, or for the rest of it. */
import { once } from 'node:events';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import fetch, { type Response } from 'node-fetch';
import { type ArtifactRef, renderArtifactPath, renderTaskAuthorization } from '../../../protocol/artifact.ts';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import { evaluateAnswer } from '../../core/delivery/fetch-answer.ts';
import { codeOf } from './disk-errors.ts';

export type ConnectionOutcome =
  | { readonly kind: 'complete' }
  | {
      readonly kind: 'later' | 'refused' | 'untrusted';
      readonly problem: string;
      readonly cause?: unknown;
    };

export interface ReceiveRequest {
  readonly server: string;
  /** Bytes that are there already. */
  readonly offset: number;
  /** A promise holds the connection back; a rejection ends the transfer for good. */
  readonly take: (chunk: Buffer) => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

/** A connection that says nothing for this long is given up. */
const IDLE_MS = 30_000;

const UNTRUSTED = /CERT|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY|SIGNATURE|ALTNAME/;

/** What `take` threw: no matter of the network. */
class TakeFailure extends Error {}

/** A server that goes on sending has another file than the one that was named. */
class OverlongBody extends Error {
  override message = 'it sent more bytes than were named';
}

export class ArtifactConnection {
  readonly #agent: Agent;
  readonly #taskId: string;

  /** `trust`: PEMs of the only authorities that count; the agent's own are not asked. */
  constructor(trust: readonly string[], taskId: string) {
    this.#agent = new Agent({ ca: [...trust], keepAlive: true, maxSockets: 4, rejectUnauthorized: true });
    this.#taskId = taskId;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @throws StevedoreError ERR_ARTIFACT_UNAUTHORIZED, the reason of an abort, and what `take` rejects with. */
  async receive(artifact: ArtifactRef, request: ReceiveRequest): Promise<ConnectionOutcome> {
    if (request.offset === artifact.sizeBytes && request.offset > 0) return { kind: 'complete' };
    const headers = this.#toHeaders(artifact, request);
    const ending = new AbortController();
    const signal = AbortSignal.any([request.signal, ending.signal]);
    const idle = setTimeout(() => ending.abort(new Error(`silent for ${IDLE_MS / 1000} s`)), IDLE_MS);
    try {
      const response = await this.#open(artifact, request, { headers, signal });
      return await readAnswer(response, artifact, request, idle);
    } catch (error) {
      return judgeFailure(error, request.signal, ending.signal);
    } finally {
      clearTimeout(idle);
      ending.abort();
    }
  }

  #open(
    artifact: ArtifactRef,
    request: ReceiveRequest,
    options: { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<Response> {
    return fetch(new URL(renderArtifactPath(artifact), request.server), {
      agent: (url: URL) => (url.protocol === 'https:' ? this.#agent : undefined),
      compress: false,
      redirect: 'error',
      ...options,
    } as Parameters<typeof fetch>[1]);
  }

  #toHeaders(artifact: ArtifactRef, request: ReceiveRequest): Record<string, string> {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (request.offset > 0) headers.range = `bytes=${request.offset}-`;
    if (artifact.class === 'public') return headers;
    const { name, token } = artifact;
    if (token === undefined || !request.server.startsWith('https:'))
      throw new StevedoreError('ERR_ARTIFACT_UNAUTHORIZED', { artifact: name, server: request.server });
    return { ...headers, authorization: renderTaskAuthorization(this.#taskId, token) };
  }
}

async function readAnswer(
  response: Response,
  artifact: ArtifactRef,
  request: ReceiveRequest,
  idle: NodeJS.Timeout,
): Promise<ConnectionOutcome> {
  const answer = {
    status: response.status,
    contentLength: response.headers.get('content-length'),
    contentRange: response.headers.get('content-range'),
  };
  // node-fetch tells an abort to the body, too, when nobody listens any more.
  response.body?.on('error', () => {});
  const verdict = evaluateAnswer(answer, request.offset, artifact.sizeBytes);
  if (verdict.kind !== 'bytes') return verdict;
  const wanted = artifact.sizeBytes - request.offset;
  const received = await readBody(response.body as Readable, request, { ...verdict, wanted, idle });
  if (received === wanted) return { kind: 'complete' };
  return {
    kind: 'later',
    problem: `ended after ${request.offset + received} of ${artifact.sizeBytes} bytes`,
  };
}

/** Hands over at most `wanted` bytes and returns how many came. Listens itself: an async iterator costs a turn per chunk. */
async function readBody(
  body: Readable,
  request: ReceiveRequest,
  limits: { skipBytes: number; wanted: number; idle: NodeJS.Timeout },
): Promise<number> {
  let skip = limits.skipBytes;
  let received = 0;
  const fail = (error: unknown) => body.destroy(new TakeFailure('', { cause: error }));
  body.on('data', (chunk: Buffer) => {
    limits.idle.refresh();
    const fresh = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - fresh.length;
    const piece = fresh.subarray(0, limits.wanted - received + 1);
    received += piece.length;
    if (received > limits.wanted) return void body.destroy(new OverlongBody());
    const wait = request.take(piece);
    if (wait === undefined) return;
    body.pause();
    wait.then(() => body.resume(), fail);
  });
  await once(body, 'end');
  return received;
}

function judgeFailure(error: unknown, aborted: AbortSignal, ended: AbortSignal): ConnectionOutcome {
  aborted.throwIfAborted();
  if (error instanceof TakeFailure) throw error.cause;
  if (error instanceof StevedoreError) throw error;
  const cause = ended.aborted ? ended.reason : error;
  if (cause instanceof OverlongBody || codeOf(cause) === 'ERR_INVALID_URL')
    return { kind: 'refused', problem: messageOf(cause), cause };
  const kind = UNTRUSTED.test(codeOf(cause) ?? '') ? 'untrusted' : 'later';
  return { kind, problem: messageOf(cause), cause };
}
