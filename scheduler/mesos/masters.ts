/** The masters as the options describe them: who leads, and how it is reached. */
import type { Logger } from '../log.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';
import { createZooKeeperClient } from '../zookeeper/client.ts';
import type { ZooKeeperAddress } from '../zookeeper/zookeeper-address.ts';
import { readMasterFile } from './file-detector.ts';
import { type MasterAccess, openMasterAccess } from './master-access.ts';
import { type MasterDetector, createMasterDetector } from './master-detector.ts';
import type { MasterAccessOptions } from './master-options.ts';
import { readTlsFiles } from './master-tls.ts';
import { parseMasterSpec } from './master-spec.ts';
import { readProxyAddress } from './proxy.ts';

/** That of Mesos' own detector. */
const SESSION_TIMEOUT_MS = 10_000;

export interface MastersOptions {
  readonly master: string;
  readonly framework: FrameworkOptions;
  readonly masterAccess?: MasterAccessOptions;
}

export interface Masters {
  readonly detector: MasterDetector;
  readonly access: MasterAccess;
  /** Where connections go instead. */
  readonly proxy: { readonly hostname: string; readonly port: number } | undefined;
  close(): Promise<void>;
}

export interface MastersParts {
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A file may name another master later; what it says now should be right. */
function checkSpec(master: string): void {
  const spec = parseMasterSpec(master);
  if (spec.kind === 'file') parseMasterSpec(readMasterFile(spec.path));
}

/**
 * Says what is wrong with the options at once; connects to nothing but ZooKeeper.
 * @throws StevedoreError ERR_MASTER_SYNTAX, ERR_MASTER_FILE, ERR_ZOOKEEPER_SYNTAX, and those of `openMasterAccess`
 */
export function openMasters(options: MastersOptions, { log, signal }: MastersParts): Masters {
  const { master, framework, masterAccess = {} } = options;
  checkSpec(master);
  const access = openMasterAccess(framework, masterAccess, log);
  const { zooKeeperTls } = masterAccess;
  const tls = zooKeeperTls && readTlsFiles(zooKeeperTls);
  const connectZooKeeper = ({ servers, digest }: ZooKeeperAddress) => {
    const sessionTimeoutMs = SESSION_TIMEOUT_MS;
    return createZooKeeperClient({
      servers,
      digest,
      sessionTimeoutMs,
      tls,
      chance: Math.random,
      log,
      signal,
    });
  };
  const protocol = masterAccess.tls === true ? 'https:' : 'http:';
  const detector = createMasterDetector(master, { protocol, connectZooKeeper, log });
  const proxy = masterAccess.proxy && readProxyAddress(masterAccess.proxy);
  return { detector, access, proxy, close: () => detector.close() };
}
