/** `stevedore serve FOLDER`: the artifact server alone, for any Mesos framework's fetcher. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { findAdvertisedHosts } from './advertised-hosts.ts';
import { BufferPool } from './buffer-pool.ts';
import { describeFileProblem } from './file-problem.ts';
import { openListeners } from './listeners.ts';
import type { Logger } from './logger.ts';
import { ArtifactRegister } from './register.ts';
import { parseServeOptions, SERVE_USAGE, type ServeOptions } from './serve-options.ts';
import { ServeOutput } from './serve-output.ts';
import { ServedFolder } from './served-folder.ts';

const RESCAN_MS = 1000;
const CLOSE_GRACE_MS = 30_000;

async function resolveFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw new StevedoreError(
      'ERR_SERVE_FOLDER',
      { path: folder, problem: describeFileProblem(cause) },
      { cause },
    );
  }
}

/** Until the signal comes. */
async function watchFolder(folder: ServedFolder, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(RESCAN_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await folder
      .rescan()
      .catch((error: unknown) => signal.aborted || log.warn({ error: messageOf(error) }, 'folder not read'));
  }
}

function openFolderListeners(options: ServeOptions, register: ArtifactRegister, log: Logger) {
  const { bindHost, tlsPort, plainPort, certificateDirectory } = options;
  const [first, ...others] = options.advertisedHosts;
  return openListeners({
    register,
    pool: new BufferPool(),
    log,
    bindHost,
    advertisedHosts: first === undefined ? findAdvertisedHosts(bindHost) : [first, ...others],
    // Everything in a folder is public.
    authorize: () => false,
    tls: tlsPort === undefined ? undefined : { port: tlsPort, certificateDirectory },
    plain: plainPort === undefined ? undefined : { port: plainPort },
    now: Date.now,
  });
}

async function serve(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const log = pino({ base: null }, pino.destination({ fd: 2, sync: true }));
  const root = await resolveFolder(options.folder);
  const output = new ServeOutput(process.stdout, root);
  const register = new ArtifactRegister();
  const excluded = [resolve(options.certificateDirectory)];
  const folder = new ServedFolder({ register, folder: root, excluded, observer: output, signal });
  const listeners = await openFolderListeners(options, register, log);
  try {
    await folder.open();
    output.listening(listeners);
    await watchFolder(folder, log, signal);
  } finally {
    await listeners.close(CLOSE_GRACE_MS);
  }
}

/** Ends by SIGTERM or SIGINT; a second one ends the process at once. */
function watchSignals(): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stopped by a signal'));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  return { signal: controller.signal, end: () => process.off('SIGTERM', stop).off('SIGINT', stop) };
}

/** Exit status: 0 when ended by a signal, 1 with one message on stderr otherwise. */
export async function main(argv: readonly string[]): Promise<number> {
  const { signal, end } = watchSignals();
  try {
    const options = parseServeOptions(argv);
    if (options === undefined) process.stdout.write(`${SERVE_USAGE}\n`);
    else await serve(options, signal);
    return 0;
  } catch (error) {
    if (signal.aborted) return 0;
    process.stderr.write(`stevedore serve: ${messageOf(error)}\n`);
    return 1;
  } finally {
    end();
  }
}
