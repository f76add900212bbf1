/** How a service spells the keys of the options that all services have. */

/** From a path of ours (`rollout.stable-for`) to the key that operators write. */
export type KeyNaming = (path: string) => string;

/** @param joint between the words of one name: Alluxio writes `stable.for`, Flink `stable-for`. */
export function createKeyNaming(prefix: string, joint: '.' | '-'): KeyNaming {
  return (path) => `${prefix}${path.replaceAll('-', joint)}`;
}
