/** Ids of tasks: readable in Mesos, never given twice, and they lead back to their instance. */

/** `c1.worker-1.mh3k2x1q7a` */
export function renderTaskId(cluster: string, instance: string, unique: string): string {
  return `${cluster}.${instance}.${unique}`;
}

/** Of an id that is ours; of another one it is some name. */
export function instanceOf(taskId: string): string {
  return taskId.split('.').at(-2) ?? '';
}
