/** Fetches one artifact from whichever server gives it, over as many connections as it takes, and checks what came. */
import { createHash, type Hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArtifactRef } from '../../../protocol/artifact.ts';
import { messageOf, StevedoreError } from '../../../protocol/errors.ts';
import { toRetryDelayMs } from '../../core/delivery/retry-delay.ts';
import { ArtifactConnection, type ConnectionOutcome } from './artifact-connection.ts';
import type { ArtifactSink, Unpacked } from './artifact-sink.ts';
import { Coalescer } from './coalescer.ts';

export interface FetchContext {
  readonly connection: ArtifactConnection;
  readonly servers: readonly string[];
  readonly signal: AbortSignal;
  readonly clock: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
  readonly log: (line: string) => void;
  readonly patience: FetchPatience;
}

export interface FetchPatience {
  /** From the first request on. */
  readonly overallMs: number;
  /** Without one byte from any server. */
  readonly silentMs: number;
  /** How often every server may refuse: a scheduler that takes over needs a moment to know its tasks. */
  readonly refusals: number;
}

export const PATIENCE: FetchPatience = { overallMs: 30 * 60_000, silentMs: 3 * 60_000, refusals: 3 };

/**
 * @throws StevedoreError ERR_ARTIFACT_UNREACHABLE, ERR_ARTIFACT_REFUSED, ERR_ARTIFACT_UNTRUSTED,
 * ERR_ARTIFACT_UNAUTHORIZED, ERR_ARTIFACT_DIGEST, and what the sink throws. The sink is finished, or abandoned.
 */
export async function fetchArtifact(
  artifact: ArtifactRef,
  sink: ArtifactSink,
  context: FetchContext,
): Promise<Unpacked> {
  const transfer = new Transfer(artifact, sink, context);
  try {
    await transfer.run();
    return await sink.finish();
  } catch (error) {
    await transfer.settle();
    await sink.abandon();
    throw error;
  }
}

class Transfer {
  readonly #artifact: ArtifactRef;
  readonly #context: FetchContext;
  readonly #hash: Hash = createHash('sha256');
  readonly #coalescer: Coalescer;
  readonly #startedAt: number;
  #heardAt: number;
  #received = 0;
  #refusal: StevedoreError | undefined;

  constructor(artifact: ArtifactRef, sink: ArtifactSink, context: FetchContext) {
    this.#artifact = artifact;
    this.#context = context;
    this.#startedAt = context.clock();
    this.#heardAt = this.#startedAt;
    this.#coalescer = new Coalescer(async (piece) => {
      // Decoding, where there is any, runs in the thread pool while this thread is busy with the digest.
      const consumed = this.#feed(sink, piece);
      this.#hash.update(piece);
      await consumed;
    });
  }

  async run(): Promise<void> {
    const server = await this.#receiveAll();
    await this.#coalescer.flush();
    const got = this.#hash.digest('hex');
    if (got === this.#artifact.sha256) return this.#throwRefusal();
    const { name, sha256, sizeBytes } = this.#artifact;
    const fields = { artifact: name, server, expected: sha256, got, bytes: sizeBytes };
    throw new StevedoreError('ERR_ARTIFACT_DIGEST', fields);
  }

  /**
   * An archive that is refused is received to its end all the same: if its digest is wrong, too, then that is what has to
   * be said.
   */
  async #feed(sink: ArtifactSink, piece: Buffer): Promise<void> {
    if (this.#refusal !== undefined) return;
    try {
      await sink.consume(piece);
    } catch (error) {
      if (!(error instanceof StevedoreError)) throw error;
      this.#refusal ??= error;
    }
  }

  #throwRefusal(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  settle(): Promise<void> {
    return this.#coalescer.settle();
  }

  /** The server that sent the last byte. */
  async #receiveAll(): Promise<string> {
    const { servers } = this.#context;
    if (servers.length === 0)
      throw this.#toError({ kind: 'refused', problem: 'no server is named' }, 'by nobody:');
    let refusals = 0;
    let turn = 0;
    for (let attempt = 0; ; attempt += 1) {
      const server = servers[turn % servers.length] as string;
      const before = this.#received;
      const outcome = await this.#connect(server);
      if (outcome.kind === 'complete') return server;
      const advanced = this.#received > before;
      if (advanced) attempt = 0;
      else turn += 1;
      refusals = advanced ? 0 : refusals + (outcome.kind === 'later' ? 0 : 1);
      await this.#waitOrGiveUp(outcome, { server, attempt, refusals });
    }
  }

  async #connect(server: string): Promise<ConnectionOutcome> {
    const { connection, signal } = this.#context;
    signal.throwIfAborted();
    const take = (chunk: Buffer): Promise<void> | undefined => {
      this.#received += chunk.length;
      this.#heardAt = this.#context.clock();
      return this.#coalescer.push(chunk);
    };
    return await connection.receive(this.#artifact, { server, offset: this.#received, take, signal });
  }

  async #waitOrGiveUp(
    outcome: Exclude<ConnectionOutcome, { kind: 'complete' }>,
    state: { server: string; attempt: number; refusals: number },
  ): Promise<void> {
    const { servers, patience, clock, chance, signal, log } = this.#context;
    const problem = `${state.server}: ${outcome.problem}`;
    const lost =
      clock() - this.#heardAt > patience.silentMs || clock() - this.#startedAt > patience.overallMs;
    if (lost || state.refusals >= patience.refusals * servers.length)
      throw this.#toError(outcome, state.server);
    const delayMs = toRetryDelayMs(Math.floor(state.attempt / servers.length), chance());
    log(`fetch of ${this.#artifact.name} goes on in ${delayMs} ms: ${problem}`);
    await sleep(delayMs, undefined, { signal });
  }

  #toError(outcome: Exclude<ConnectionOutcome, { kind: 'complete' }>, server: string): StevedoreError {
    const { name: artifact, sizeBytes: size } = this.#artifact;
    const servers = this.#context.servers.join(', ');
    const problem = `${server} ${outcome.problem}`;
    const cause = { cause: outcome.cause };
    switch (outcome.kind) {
      case 'refused':
        return new StevedoreError('ERR_ARTIFACT_REFUSED', { artifact, problem }, cause);
      case 'untrusted':
        return new StevedoreError(
          'ERR_ARTIFACT_UNTRUSTED',
          { artifact, server, problem: messageOf(outcome.cause) },
          cause,
        );
      case 'later':
        return new StevedoreError(
          'ERR_ARTIFACT_UNREACHABLE',
          { artifact, problem, servers, received: this.#received, size },
          cause,
        );
    }
  }
}
