/** Under which address the Mesos master sees this host: the local end of a connection to it, or to the proxy before it. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../protocol/errors.ts';
import type { Logger } from '../log.ts';
import { renderMasterAddress } from './master-address.ts';
import type { Masters } from './masters.ts';
import { TroubleLog } from './trouble-log.ts';

const RETRY_MS = 2000;
const REMINDER_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

function readLocalAddress(host: string, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
  socket.once('connect', () => {
    resolve((socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, ''));
    socket.destroy();
  });
  socket.once('timeout', () => socket.destroy(new Error('no connection within 10 s')));
  socket.once('error', reject);
  return promise;
}

/** Waits for a master that answers. @throws the signal's reason */
export async function findLocalAddress(masters: Masters, log: Logger, signal: AbortSignal): Promise<string> {
  const trouble = new TroubleLog(log, REMINDER_MS);
  for (;;) {
    const master = await masters.detector.detect(signal);
    const { hostname, port } = masters.proxy ?? master;
    try {
      return await readLocalAddress(hostname, port);
    } catch (error) {
      const problem = messageOf(error);
      trouble.warn({ master: renderMasterAddress(master), problem }, 'waits for the Mesos master');
      masters.detector.moveOn();
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}
