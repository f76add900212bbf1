/** The fixture service as processes of this machine: what runs in the sandboxes below a directory. */
import { join } from 'node:path';
import { type ProcessEntry, listProcesses, listTree } from './process-table.ts';

const PROGRAM = join(import.meta.dirname, '../fixtures/service/fixture-service.mjs');

/** Every process of these executors: itself or one above it has the sandbox in its environment. */
function listOwn(directory: string): ProcessEntry[] {
  const processes = listProcesses();
  const roots = processes.filter(({ environment }) => environment.includes(`MESOS_DIRECTORY=${directory}/`));
  return roots.flatMap(({ pid }) => listTree(pid, processes));
}

/** What a failed test left. */
export function killOwn(directory: string): void {
  for (const { pid } of listOwn(directory))
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with the one before.
    }
}

/** `<pid> since <start time>`: the same ones if nothing was restarted. */
export function listServices(directory: string): string[] {
  const services = listOwn(directory).filter(({ commandLine }) => commandLine.split('\0')[1] === PROGRAM);
  return [...new Set(services.map(({ pid, startTime }) => `${pid} since ${startTime}`))].sort();
}
