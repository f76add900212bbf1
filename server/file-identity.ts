/** Tells whether a file is still the one that was hashed, without reading it again. */
import { type BigIntStats, constants } from 'node:fs';

/** Not blocking: opening a FIFO in the place of a file must not hold a thread. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Nanoseconds and inode as text: they do not fit into a number, and JSON has no bigint. */
export interface FileIdentity {
  readonly sizeBytes: number;
  readonly modifiedNs: string;
  readonly inode: string;
}

export function toFileIdentity(stats: BigIntStats): FileIdentity {
  return {
    sizeBytes: Number(stats.size),
    modifiedNs: stats.mtimeNs.toString(),
    inode: stats.ino.toString(),
  };
}

export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.sizeBytes === other.sizeBytes && one.modifiedNs === other.modifiedNs && one.inode === other.inode
  );
}
