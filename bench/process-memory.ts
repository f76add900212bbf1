/** What the kernel says of a process' memory. */
import { readFileSync } from 'node:fs';

/** VmRSS: what is resident now; VmHWM: the most there ever was. */
export function readMemoryMib(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
