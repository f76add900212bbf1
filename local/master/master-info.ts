/** How a master is set up and what it says of itself. */
import type { Domain, MasterInfo } from '../../protocol/mesos/framework.ts';
import type { TlsFiles } from '../http/tls-server.ts';
import { VERSION } from '../version.ts';

export interface MasterOptions {
  readonly ip: string;
  readonly hostname: string;
  readonly allocationMs: number;
  readonly heartbeatMs: number;
  readonly pingMs: number;
  /** How long a disconnected agent keeps its tasks. */
  readonly agentTimeoutMs: number;
  readonly domain: Domain | undefined;
  /** `HOST:PORT` of the leading master when this one is not; undefined on the leader. */
  readonly leader: string | undefined;
  /** Undefined: everything is in the clear. */
  readonly tls: TlsFiles | undefined;
  /** Secrets by principal; undefined turns authentication off. */
  readonly credentials: ReadonlyMap<string, string> | undefined;
}

/** The defaults of Mesos. */
export const MASTER_DEFAULTS: MasterOptions = {
  ip: '127.0.0.1',
  hostname: '127.0.0.1',
  allocationMs: 1000,
  heartbeatMs: 15_000,
  pingMs: 15_000,
  agentTimeoutMs: 75_000,
  domain: undefined,
  leader: undefined,
  tls: undefined,
  credentials: undefined,
};

const CAPABILITIES = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'];

/** An IPv4 address as MasterInfo has it: network order read as a little-endian number. */
function renderIp(ip: string): number {
  return Buffer.from(ip.split('.').map(Number)).readUInt32LE();
}

export function renderMasterInfo(
  id: string,
  { ip, hostname, domain }: Pick<MasterOptions, 'ip' | 'hostname' | 'domain'>,
  port: number,
): MasterInfo {
  return {
    id,
    ip: renderIp(ip),
    port,
    pid: `master@${ip}:${port}`,
    hostname,
    version: VERSION,
    address: { hostname, ip, port },
    ...(domain === undefined ? {} : { domain }),
    capabilities: CAPABILITIES.map((type) => ({ type })),
  };
}
