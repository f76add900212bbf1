/** Asks a service over TCP or HTTP whether it is ready, until it is or the deadline is over. */
import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderDuration } from '../../protocol/duration.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import type { ProbeSpec } from '../../protocol/launch-spec.ts';

/** Undefined is success; else what is wrong, as the end of a sentence. */
type Answer = string | undefined;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EHOSTUNREACH: 'impossible: no route to the host',
  ENETUNREACH: 'impossible: no route to the network',
  ENOTFOUND: 'impossible: the name does not resolve',
  EADDRNOTAVAIL: 'impossible: no such address on this host',
};

function describeFailure({ host, port }: ProbeSpec, error: NodeJS.ErrnoException): string {
  return `connection to ${host}:${port} ${REASONS[error.code ?? ''] ?? `failed: ${error.message}`}`;
}

function describeTimeout({ host, port, timeoutMs }: ProbeSpec): string {
  return `no answer from ${host}:${port} within ${renderDuration(timeoutMs)}`;
}

function askTcp(probe: ProbeSpec): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: probe.host, port: probe.port, timeout: probe.timeoutMs });
    const settle = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(undefined));
    socket.once('timeout', () => settle(describeTimeout(probe)));
    socket.once('error', (error) => settle(describeFailure(probe, error)));
  });
}

function judgeStatus(probe: ProbeSpec, status: number): Answer {
  if (status >= 200 && status < 400) return undefined;
  return `http://${probe.host}:${probe.port}${probe.path ?? '/'} answers ${status}`;
}

function askHttp(probe: ProbeSpec): Promise<Answer> {
  const { host, port, path = '/', timeoutMs } = probe;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, signal }, (response) => {
      resolve(judgeStatus(probe, response.statusCode ?? 0));
      response.destroy();
    });
    request.on('error', (error) =>
      resolve(signal.aborted ? describeTimeout(probe) : describeFailure(probe, error)),
    );
  });
}

/**
 * Returns when the service answers; rejects with the signal's reason when that ends it.
 * @throws StevedoreError ERR_NOT_READY after the probe's deadline, with what was wrong last.
 */
export async function awaitReady(probe: ProbeSpec, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + probe.deadlineMs;
  for (;;) {
    const problem = probe.kind === 'tcp' ? await askTcp(probe) : await askHttp(probe);
    signal.throwIfAborted();
    if (problem === undefined) return;
    if (performance.now() + probe.intervalMs > deadline)
      throw new StevedoreError('ERR_NOT_READY', { after: renderDuration(probe.deadlineMs), problem });
    await sleep(probe.intervalMs, undefined, { signal });
  }
}
