/** Who wants to hear of which node. A watch is called once and is gone then (ZooKeeper's programmers' guide, `Watches`). */
import { JuteReader } from './jute.ts';
import type { WatchedPaths } from './session-messages.ts';
import type { Watcher } from './zookeeper-client.ts';

export type WatchKind = keyof WatchedPaths;
type WatchEvent = Parameters<Watcher>[0]['type'];

/** WatcherEvent of zookeeper.jute: which watches an event ends. */
const EVENTS: ReadonlyMap<number, readonly [WatchEvent, readonly WatchKind[]]> = new Map([
  [1, ['created', ['data', 'absent']]],
  [2, ['deleted', ['data', 'absent', 'children']]],
  [3, ['changed', ['data', 'absent']]],
  [4, ['children', ['children']]],
] as const);

export class Watches {
  readonly #watchers = {
    data: new Map<string, Set<Watcher>>(),
    absent: new Map<string, Set<Watcher>>(),
    children: new Map<string, Set<Watcher>>(),
  };

  add(kind: WatchKind, path: string, watcher: Watcher): void {
    const table = this.#watchers[kind];
    table.set(path, (table.get(path) ?? new Set()).add(watcher));
  }

  get paths(): WatchedPaths {
    const { data, absent, children } = this.#watchers;
    return { data: [...data.keys()], absent: [...absent.keys()], children: [...children.keys()] };
  }

  clear(): void {
    for (const table of Object.values(this.#watchers)) table.clear();
  }

  /**
   * Takes off whom a notification concerns, and returns the calls to make; what is no node's event concerns nobody.
   * @throws StevedoreError ERR_ZOOKEEPER_PROTOCOL
   */
  take(notification: Buffer): readonly (() => void)[] {
    const reader = new JuteReader(notification);
    const found = EVENTS.get(reader.int());
    reader.int();
    const path = reader.string();
    if (found === undefined) return [];
    const [type, kinds] = found;
    const watchers = new Set<Watcher>();
    for (const kind of kinds) {
      for (const watcher of this.#watchers[kind].get(path) ?? []) watchers.add(watcher);
      this.#watchers[kind].delete(path);
    }
    return [...watchers].map((watcher) => () => watcher({ type }));
  }
}
