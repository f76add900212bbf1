/** What placement knows of a host. Recorded with each launch, since the host's later offers may never come. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import type { Attribute } from '../../../protocol/mesos/resource.ts';

export interface HostFacts {
  readonly hostname: string;
  readonly ip?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly attributes: readonly Attribute[];
}

export function toHostFacts({ hostname, url, domain, attributes = [] }: Offer): HostFacts {
  const ip = url?.address.ip;
  const fault = domain?.fault_domain;
  return {
    hostname,
    ...(ip === undefined ? {} : { ip }),
    ...(fault === undefined ? {} : { region: fault.region.name, zone: fault.zone.name }),
    attributes,
  };
}
