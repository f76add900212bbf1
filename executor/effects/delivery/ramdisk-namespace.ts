/**
 * A tmpfs in a mount namespace of its own. Node cannot unshare itself, so a small process holds the namespace: it ends
 * when our pipe to it ends, and with it and the service the tmpfs is gone. The host's mount table never sees it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { renderByteSize } from '../../../protocol/byte-size.ts';
import { messageOf } from '../../../protocol/errors.ts';
import { openHeldDirectory } from './held-directory.ts';
import { openOwnedDirectory } from './owned-directory.ts';
import type { Ramdisk, RamdiskContext } from './held-ramdisk.ts';
import { readMemoryFileSystem } from './shared-memory.ts';

const SET_UP_MS = 10_000;

/** $1: options, $2: where. */
const HOLD = 'mount -t tmpfs -o "$1" stevedore "$2" && echo ready && exec cat >/dev/null';

/** What a shell that changes its directory exports on its own; the service gets none of it. */
const LEAVE_NO_TRACE = 'unset PWD OLDPWD SHLVL _';

/** Entering a mount namespace loses the working directory; every step execs, so the pid stays. */
const ENTER = `cwd=$(pwd) && exec nsenter -t "$0" -m -- /bin/sh -c 'cd "$0" && ${LEAVE_NO_TRACE} && exec "$@"' "$cwd" "$@"`;

export async function openNamespaceRamdisk(
  sizeBytes: number,
  context: RamdiskContext,
): Promise<Ramdisk | { readonly problem: string }> {
  const unowned = await openOwnedDirectory(context.root.path);
  if (unowned !== undefined) return { problem: unowned };
  const point = await openHeldDirectory(join(context.root.path, 'ramdisk'), context.name, context.signal);
  const holder = spawnHolder(point.path, sizeBytes);
  const release = async () => {
    await endHolder(holder);
    await point.release();
  };
  const problem = await judgeHolder(holder, point.path, sizeBytes).catch((error: unknown) =>
    messageOf(error),
  );
  if (problem !== undefined) {
    await release();
    return { problem: `no tmpfs in a mount namespace: ${problem}` };
  }
  const enter = ['/bin/sh', '-c', ENTER, String(holder.pid)];
  return { path: point.path, label: 'private-tmpfs', enter, release };
}

function spawnHolder(path: string, sizeBytes: number): ChildProcess {
  const options = `size=${sizeBytes},mode=0700,uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
  const argv = ['-m', '--propagation', 'private', '/bin/sh', '-c', HOLD, 'stevedore-ramdisk', options, path];
  // A process group of its own: a signal to the executor's group must not take the ramdisk from the service first.
  const holder = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  holder.on('error', () => {});
  holder.stdin?.on('error', () => {});
  return holder;
}

/** What went wrong; undefined when the tmpfs is there, with the size asked for, and can be entered. */
async function judgeHolder(
  holder: ChildProcess,
  path: string,
  sizeBytes: number,
): Promise<string | undefined> {
  if (holder.pid === undefined) return 'unshare is not installed';
  const said = await readFirstWords(holder);
  if (said !== 'ready') return said;
  const { kind, totalBytes } = await readMemoryFileSystem(`/proc/${holder.pid}/root${path}`);
  if (kind !== 'tmpfs' || totalBytes < sizeBytes) return `got ${kind} of ${renderByteSize(totalBytes)}`;
  return await tryEnter(holder.pid);
}

async function readFirstWords(holder: ChildProcess): Promise<string> {
  let errors = '';
  holder.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const signal = AbortSignal.timeout(SET_UP_MS);
  const ready = once(holder.stdout as NonNullable<typeof holder.stdout>, 'data', { signal });
  const ended = once(holder, 'close', { signal }).then(() => undefined);
  ended.catch(() => {});
  ready.catch(() => {});
  const first = await Promise.race([ready, ended]);
  return first === undefined ? errors.trim().slice(0, 300) || 'unshare ended' : String(first[0]).trim();
}

async function tryEnter(pid: number): Promise<string | undefined> {
  const probe = spawn('nsenter', ['-t', String(pid), '-m', '--', '/bin/sh', '-c', ':'], { stdio: 'ignore' });
  const [code] = (await once(probe, 'close')) as [number | null];
  return code === 0 ? undefined : `nsenter ended with ${code}`;
}

async function endHolder(holder: ChildProcess): Promise<void> {
  if (holder.pid === undefined || holder.exitCode !== null || holder.signalCode !== null) return;
  const closed = once(holder, 'close');
  holder.stdin?.end();
  const late = setTimeout(() => holder.kill('SIGKILL'), 2000);
  await closed;
  clearTimeout(late);
}
