/** A real client whose requests or answers get lost when a test says so. */
import { StevedoreError } from '../../../../protocol/errors.ts';
import type { MultiOperation, ZooKeeperClient } from '../../../../scheduler/zookeeper/zookeeper-client.ts';

/** What becomes of one transaction. `crash`: this and all that follow never reach the server. */
type Fate = 'done' | 'request lost' | 'answer lost' | 'crash';

export interface FaultyClient extends ZooKeeperClient {
  /** Asked for each transaction, which is counted from 1. */
  decide: (count: number, operations: readonly MultiOperation[]) => Fate;
  count: number;
}

function lost(): StevedoreError {
  const fields = { operation: 'multi', path: '/', bytes: 0, problem: 'the test says so' };
  return new StevedoreError('ERR_ZOOKEEPER_CONNECTION_LOST', fields);
}

export class Crash extends Error {}

export function makeFaulty(client: ZooKeeperClient): FaultyClient {
  let crashed = false;
  const multi = async (operations: readonly MultiOperation[]) => {
    faulty.count += 1;
    const fate = faulty.decide(faulty.count, operations);
    crashed ||= fate === 'crash';
    if (crashed) throw new Crash('the process is gone');
    if (fate !== 'request lost') await client.multi(operations);
    if (fate !== 'done') throw lost();
  };
  const own: Partial<FaultyClient> = { decide: () => 'done', count: 0, multi };
  const faulty = new Proxy(client, {
    get: (target, name) => {
      if (name in own) return own[name as keyof FaultyClient];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (_target, name, value) => Reflect.set(own, name, value),
  }) as FaultyClient;
  return faulty;
}
