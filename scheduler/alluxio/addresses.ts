/** How a placed task is reached and where it listens. */
import type { PlacedInstance } from '../core/service-spec.ts';
import type { AlluxioSettings } from './settings.ts';

function isIpAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':');
}

/**
 * Where a task listens: on its own address when it is an IP, so that agents on several addresses of one machine do not
 * collide; behind a name may be any address, so everywhere.
 */
function selectBindHost(placed: PlacedInstance): string {
  return isIpAddress(placed.host) ? placed.host : '0.0.0.0';
}

/** Where a task listens, under the keys that the operator left out. */
export function decideBindHosts(
  settings: AlluxioSettings,
  keys: readonly string[],
  placed: PlacedInstance,
): Record<string, string> {
  const open = keys.filter((key) => settings.property(key) === undefined);
  return Object.fromEntries(open.map((key) => [key, selectBindHost(placed)]));
}

/** Where the executor, on the same agent, finds what listens. */
export function selectProbeHost(settings: AlluxioSettings, bindKey: string, placed: PlacedInstance): string {
  const bindHost = settings.property(bindKey) ?? selectBindHost(placed);
  return bindHost === '0.0.0.0' ? '127.0.0.1' : bindHost;
}

/** The stack of official scripts, unless the address is of IPv6. */
export function selectNetworkStack(placed: PlacedInstance): string {
  return placed.host.includes(':')
    ? '-Djava.net.preferIPv6Addresses=true'
    : '-Djava.net.preferIPv4Stack=true';
}
