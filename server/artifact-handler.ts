/** Answers requests for artifacts: finds, permits, plans, sends. Everything else goes to the next handler. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseTaskAuthorization } from '../protocol/artifact.ts';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { parseArtifactPath, toRequestPath } from './artifact-path.ts';
import { confirmArtifact, openArtifactFile } from './artifact-file.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Logger } from './logger.ts';
import { ClientGoneError, sendFilePart } from './piece-sender.ts';
import { sendProblem } from './problem.ts';
import type { ArtifactRegister, RegisteredArtifact } from './register.ts';
import { planResponse, type ResponsePlan } from './response-plan.ts';

export type Authorize = (taskId: string, sha256: string, token: string) => boolean;

export interface ArtifactHandlerOptions {
  readonly register: ArtifactRegister;
  readonly authorize: Authorize;
  readonly pool: BufferPool;
  readonly log: Logger;
  /** Whether this listener speaks TLS; without it, secret artifacts do not exist. */
  readonly isTls: boolean;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

type BytesPlan = Extract<ResponsePlan, { kind: 'bytes' }>;

export function createArtifactHandler(options: ArtifactHandlerOptions) {
  const { register, authorize, pool, log, isTls } = options;

  function refuse(artifact: RegisteredArtifact, reason: string, taskId?: string): void {
    const { sha256, fileName } = artifact.entry;
    log.warn({ sha256, fileName, taskId, reason }, 'secret artifact refused');
  }

  /** @throws StevedoreError ERR_SECRET_UNAUTHORIZED */
  function permitTask(artifact: RegisteredArtifact, header: string | undefined): void {
    const task = parseTaskAuthorization(header);
    if (task !== undefined && authorize(task.taskId, artifact.entry.sha256, task.token)) return;
    const reason = task === undefined ? 'no task token was sent' : 'the token of this task is not valid';
    refuse(artifact, reason, task?.taskId);
    throw new StevedoreError('ERR_SECRET_UNAUTHORIZED', { reason });
  }

  /** @throws StevedoreError ERR_ARTIFACT_NOT_FOUND, ERR_ARTIFACT_NOT_READY, ERR_SECRET_UNAUTHORIZED */
  function findPermitted({ request, path }: Exchange): RegisteredArtifact {
    const address = parseArtifactPath(path);
    const artifact = address === undefined ? undefined : register.find(address);
    if (artifact === undefined)
      throw new StevedoreError(register.isComplete ? 'ERR_ARTIFACT_NOT_FOUND' : 'ERR_ARTIFACT_NOT_READY', {
        path,
      });
    if (artifact.entry.class === 'public') return artifact;
    if (!isTls) {
      refuse(artifact, 'asked for without TLS');
      throw new StevedoreError('ERR_ARTIFACT_NOT_FOUND', { path });
    }
    permitTask(artifact, request.headers.authorization);
    return artifact;
  }

  async function sendBytes(response: ServerResponse, artifact: RegisteredArtifact, plan: BytesPlan) {
    const opened = await openArtifactFile(artifact);
    if (opened.kind === 'memory') {
      response.writeHead(plan.status, plan.headers);
      response.end(opened.bytes.subarray(plan.offset, plan.offset + plan.length));
      return;
    }
    try {
      response.writeHead(plan.status, plan.headers);
      await sendFilePart(response, { ...opened, offset: plan.offset, length: plan.length }, pool);
    } finally {
      await opened.handle.close();
    }
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    const artifact = findPermitted(exchange);
    const plan = planResponse({ method: request.method ?? '', headers: request.headers }, artifact.entry);
    if (plan.kind === 'bytes') return sendBytes(response, artifact, plan);
    if (plan.kind === 'unsatisfiable') {
      const { fileName, sizeBytes: size } = artifact.entry;
      const error = new StevedoreError('ERR_ARTIFACT_RANGE', {
        range: request.headers.range,
        fileName,
        size,
      });
      return sendProblem(response, error, plan.headers);
    }
    // HEAD promises what GET will send, so it looks at the file, too.
    if (plan.status === 200) await confirmArtifact(artifact);
    response.writeHead(plan.status, plan.headers).end();
  }

  /** With headers out there is no status left to send: a cut connection is how HTTP says that a body is not whole. */
  function fail({ response, path }: Exchange, error: unknown): void {
    const isExpected = error instanceof ClientGoneError;
    if (isExpected) log.info({ path }, 'client went away during a transfer');
    else if (!(error instanceof StevedoreError) || (error.status >= 410 && error.status !== 503))
      log.error(
        { path, error: messageOf(error), cause: messageOf((error as Error).cause ?? '') },
        'artifact not served',
      );
    if (response.headersSent || response.destroyed) return void response.destroy();
    const known =
      error instanceof StevedoreError
        ? error
        : new StevedoreError('ERR_ARTIFACT_READ', { fileName: path, problem: 'an unexpected failure' });
    const isUnauthorized = known.code === 'ERR_SECRET_UNAUTHORIZED';
    sendProblem(response, known, isUnauthorized ? { 'WWW-Authenticate': 'Bearer' } : {});
  }

  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const path = toRequestPath(request.url ?? '');
    if (!path.startsWith('/artifacts/')) return next();
    const exchange = { request, response, path };
    answer(exchange).catch((error: unknown) => fail(exchange, error));
  };
}
