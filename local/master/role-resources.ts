/** An agent's resources carry no role; an offer's, a task's and an executor's carry the one that they are allocated to. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { ExecutorInfo, TaskInfo } from '../../protocol/mesos/task.ts';
import { upgradeResource } from '../legacy-resources.ts';
import { isReserved } from '../operations.ts';

export function allocateTo(resources: readonly Resource[] | undefined, role: string): Resource[] {
  return (resources ?? []).map((resource) => ({ ...resource, allocation_info: { role } }));
}

export function unallocated(resources: readonly Resource[] | undefined): Resource[] {
  return (resources ?? []).map(({ allocation_info: _allocation, ...resource }) => resource);
}

/** `ports` come first in an offer, then what is reserved. */
export function orderOffered(resources: readonly Resource[]): Resource[] {
  const rank = (resource: Resource): number => (resource.name === 'ports' ? 0 : isReserved(resource) ? 1 : 2);
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

/** The role of the offer, where a resource names none. */
export function injectRole(resources: readonly Resource[] | undefined, role: string): Resource[] {
  return (resources ?? []).map((resource) => ({ allocation_info: { role }, ...upgradeResource(resource) }));
}

/** The role that a task lacks in its resources is that of the offer. */
export function allocateTask(task: TaskInfo, frameworkId: string, role: string): TaskInfo {
  const { executor, ...rest } = task;
  const allocated = { ...rest, resources: injectRole(task.resources, role) };
  return executor === undefined
    ? allocated
    : { ...allocated, executor: allocateExecutor(executor, frameworkId, role) };
}

function allocateExecutor(executor: ExecutorInfo, frameworkId: string, role: string): ExecutorInfo {
  const filled = { type: 'CUSTOM' as const, framework_id: { value: frameworkId }, ...executor };
  return { ...filled, resources: injectRole(executor.resources, role) };
}
