/**
 * Looks whether the ports of a task are free before its service starts. Mesos gives ports by bookkeeping only; without
 * this look the readiness probe would find whoever else listens there, and call the service ready.
 */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { StevedoreError } from '../../protocol/errors.ts';

const LOOK_AGAIN_MS = 250;

export interface PortCheck {
  /** Where the service will be asked whether it is ready. */
  readonly host: string;
  /** Number by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** How long a port may stay taken: the service of a task before this one may still be ending. */
  readonly patienceMs: number;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Anything else, as an address that this host lacks, is better said by the service itself.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function listTaken({ host, ports }: PortCheck): Promise<string[]> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports))
    if (!(await isFree(host, port))) taken.push(`${port} (${name})`);
  return taken;
}

/** @throws StevedoreError ERR_TASK_PORT_TAKEN naming all that are still taken after the patience; the signal's reason. */
export async function awaitFreePorts(check: PortCheck, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + check.patienceMs;
  for (;;) {
    const taken = await listTaken(check);
    signal.throwIfAborted();
    if (taken.length === 0) return;
    if (performance.now() >= deadline)
      throw new StevedoreError('ERR_TASK_PORT_TAKEN', { host: check.host, ports: taken.join(', ') });
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}
