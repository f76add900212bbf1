/** Where the API listens: a Unix socket in the state directory, which only its owner may enter. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** sockaddr_un holds 108 bytes with the final NUL. */
const MAX_BYTES = 107;

export interface SocketPath {
  readonly path: string;
  release(): void;
}

/** A path that is too long for the kernel goes by way of an open descriptor of its directory. */
export function openSocketPath(stateDirectory: string): SocketPath {
  const path = join(stateDirectory, 'api.sock');
  if (Buffer.byteLength(path) <= MAX_BYTES) return { path, release: () => undefined };
  const descriptor = openSync(stateDirectory, 'r');
  return { path: `/proc/self/fd/${descriptor}/api.sock`, release: () => closeSync(descriptor) };
}
