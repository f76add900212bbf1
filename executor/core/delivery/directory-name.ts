/** Ids as names of directories. */
import { createHash } from 'node:crypto';

/** The id itself where it is a harmless name, else its digest: a task id may hold whatever Mesos lets through. */
export function toDirectoryName(id: string): string {
  if (/^\w[\w.-]{0,99}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
