/** The node of the leading master, read from ZooKeeper and watched. */
import type { Watcher, ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { findLeadingNode } from './master-info.ts';

export interface LeadingNode {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * Undefined: nobody leads. `changed`: it changed while it was read, so it has to be read again.
 * @param watcher called at the next change of the masters' nodes, also when their parent is yet to come.
 * @throws what the client throws
 */
export async function readLeadingNode(
  client: ZooKeeperClient,
  path: string,
  watcher: Watcher,
): Promise<LeadingNode | 'changed' | undefined> {
  const children = await client.getChildren(path, watcher);
  if (children === undefined)
    return (await client.exists(path, watcher)) === undefined ? undefined : 'changed';
  const name = findLeadingNode(children);
  if (name === undefined) return undefined;
  const found = await client.getData(`${path}/${name}`);
  return found === undefined ? 'changed' : { name, data: found.data };
}
