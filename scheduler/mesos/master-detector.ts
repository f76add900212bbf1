/** Finds the leading master, and tells when another one leads. */
import type { Logger } from '../log.ts';
import type { ZooKeeperAddress } from '../zookeeper/zookeeper-address.ts';
import type { ZooKeeperClient } from '../zookeeper/zookeeper-client.ts';
import { FileDetector } from './file-detector.ts';
import type { MasterAddress, MasterProtocol } from './master-address.ts';
import { type MasterSpec, parseMasterSpec } from './master-spec.ts';
import { ZooKeeperDetector } from './zookeeper-detector.ts';

export interface MasterDetector {
  /** Asked before each attempt to subscribe; waits until somebody leads. @throws the signal's reason */
  detect(signal: AbortSignal): Promise<MasterAddress>;
  /** The attempt at what `detect` gave has failed: where several are named, the next one is next. */
  moveOn(): void;
  /** Called when another master leads than before; the returned function ends it. */
  watch(onLeader: (leader: MasterAddress) => void): () => void;
  close(): Promise<void>;
}

export interface DetectorParts {
  /** Of masters for which no scheme is known. */
  readonly protocol: MasterProtocol;
  readonly connectZooKeeper: (address: ZooKeeperAddress) => ZooKeeperClient;
  readonly log: Logger;
}

/** Masters named one by one. Any of them redirects to the leader, so it is enough that one answers. */
class ListDetector implements MasterDetector {
  readonly #addresses: readonly MasterAddress[];
  #next = 0;

  constructor(addresses: readonly MasterAddress[]) {
    this.#addresses = addresses;
  }

  detect(): Promise<MasterAddress> {
    return Promise.resolve(this.#addresses[this.#next] as MasterAddress);
  }

  moveOn(): void {
    this.#next = (this.#next + 1) % this.#addresses.length;
  }

  watch(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {}
}

function createDetector(spec: MasterSpec, parts: DetectorParts): MasterDetector {
  if (spec.kind === 'addresses') return new ListDetector(spec.addresses);
  if (spec.kind === 'file')
    return new FileDetector(spec.path, parts.protocol, (inner) => createDetector(inner, parts));
  const { path } = spec.address;
  const client = parts.connectZooKeeper(spec.address);
  return new ZooKeeperDetector({ client, path, protocol: parts.protocol, log: parts.log });
}

/**
 * A detector for any text that `parseMasterSpec` reads. Opens nothing before it is asked, except a session of ZooKeeper.
 * @throws StevedoreError ERR_MASTER_SYNTAX, ERR_ZOOKEEPER_SYNTAX
 */
export function createMasterDetector(master: string, parts: DetectorParts): MasterDetector {
  return createDetector(parseMasterSpec(master, parts.protocol), parts);
}
