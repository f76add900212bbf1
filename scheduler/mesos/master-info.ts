/**
 * What Mesos masters leave in ZooKeeper: nodes `json.info_0000000012` with a JSON MasterInfo (since 0.24), `info_…` with a
 * binary one before that, and plain `0000000012` with a pid such as `master@10.0.0.1:5050` in the oldest.
 */
import { type MasterLocation, readBinaryMasterInfo } from './binary-master-info.ts';
import { type MasterAddress, type MasterProtocol, parseMasterAddress } from './master-address.ts';

const MEMBER = /^(?:.*_)?(-?\d+)$/;

/** The node of the smallest sequence, whatever its label; `log_replicas` and the like are no masters. */
export function findLeadingNode(children: readonly string[]): string | undefined {
  const members = children.flatMap((name) => {
    const sequence = MEMBER.exec(name)?.[1];
    return sequence === undefined ? [] : [{ name, sequence: Number(sequence) }];
  });
  return members.reduce<(typeof members)[number] | undefined>(
    (leader, member) => (leader === undefined || member.sequence < leader.sequence ? member : leader),
    undefined,
  )?.name;
}

function readLocation(data: Uint8Array): MasterLocation {
  const text = Buffer.from(data).toString('utf8').trim();
  if (text.startsWith('{')) return JSON.parse(text) as MasterLocation;
  if (/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(text)) return { pid: text };
  return readBinaryMasterInfo(data);
}

/** Over TLS by name, since that is what certificates are issued for; else by IP, which needs no name service. */
function chooseHost(location: MasterLocation, protocol: MasterProtocol): string | undefined {
  const { address, hostname } = location;
  return protocol === 'https:'
    ? (address?.hostname ?? hostname ?? address?.ip)
    : (address?.ip ?? address?.hostname);
}

/** @throws Error when the data is none of the three forms. */
export function parseMasterInfo(data: Uint8Array, protocol: MasterProtocol): MasterAddress {
  const location = readLocation(data);
  const host = chooseHost(location, protocol);
  const port = location.address?.port ?? location.port;
  if (host !== undefined && port !== undefined) return { protocol, hostname: host, port };
  return parseMasterAddress((location.pid ?? '').replace(/^.*@/, ''), protocol);
}
