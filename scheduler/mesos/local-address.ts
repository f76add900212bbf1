/** Under which address the Mesos master sees this host: the local end of a connection to it. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';
import type { Logger } from '../log.ts';
import { type MasterAddress, renderMasterAddress } from './master-detector.ts';

const RETRY_MS = 2000;
const CONNECT_TIMEOUT_MS = 10_000;

function readLocalAddress(master: MasterAddress): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: master.hostname, port: master.port, timeout: CONNECT_TIMEOUT_MS });
  socket.once('connect', () => {
    resolve((socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, ''));
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy(new Error('no connection within 10 s')));
  socket.once('error', reject);
  return promise;
}

/** Waits for the master. @throws the signal's reason */
export async function findLocalAddress(
  master: MasterAddress,
  log: Logger,
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await readLocalAddress(master);
    } catch (error) {
      const at = renderMasterAddress(master);
      log.warn({ master: at, problem: messageOf(error) }, 'waits for the Mesos master');
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
