/** Pieces of calls, as schedulers write them. */
import path from 'node:path';
import type { Reservation, Resource } from '../../../../../protocol/mesos/resource.ts';

export const ROLE = 'golden';

export function reservedBy(role: string, principal?: string): Reservation {
  return { type: 'DYNAMIC', role, ...(principal === undefined ? {} : { principal }) };
}

export function scalar(name: string, value: number, ...reservations: Reservation[]): Resource {
  return { name, type: 'SCALAR', scalar: { value }, ...(reservations.length === 0 ? {} : { reservations }) };
}

export function volume(id: string, mib: number, container_path = 'data'): Resource {
  const disk = { persistence: { id }, volume: { mode: 'RW' as const, container_path } };
  return { ...scalar('disk', mib, reservedBy(ROLE)), disk };
}

export const operation = {
  reserve: (resources: readonly Resource[], id?: string) =>
    named(id, { type: 'RESERVE', reserve: { resources } }),
  unreserve: (resources: readonly Resource[], id?: string) =>
    named(id, { type: 'UNRESERVE', unreserve: { resources } }),
  create: (volumes: readonly Resource[], id?: string) => named(id, { type: 'CREATE', create: { volumes } }),
  destroy: (volumes: readonly Resource[], id?: string) =>
    named(id, { type: 'DESTROY', destroy: { volumes } }),
  launch: (task: object, id?: string) => named(id, { type: 'LAUNCH', launch: { task_infos: [task] } }),
};

function named(id: string | undefined, rest: object): object {
  return id === undefined ? rest : { id: { value: id }, ...rest };
}

const EXECUTOR = path.resolve(import.meta.dirname, '../executor.mjs');

/** A task of the executor beside these scenarios, which runs until it is killed. */
export function lastingTask(id: string, agentId: string, ...more: readonly Resource[]): object {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: agentId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32), ...more],
    executor: {
      type: 'CUSTOM',
      executor_id: { value: `${id}-executor` },
      command: { shell: false, value: process.execPath, arguments: ['node', EXECUTOR] },
      resources: [scalar('cpus', 0.1), scalar('mem', 64)],
    },
  };
}

export function shellTask(
  id: string,
  agentId: string,
  value: string,
  resources: readonly Resource[],
): object {
  return { name: id, task_id: { value: id }, agent_id: { value: agentId }, command: { value }, resources };
}
