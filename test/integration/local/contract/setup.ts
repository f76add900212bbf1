/** How the real Mesos was set up that the scenarios were recorded from. */
import type { Resource } from '../../../../protocol/mesos/resource.ts';
import { scalar } from './scenarios/wording.ts';

const STATIC = { type: 'STATIC' as const, role: 'static' };

export const SETUP = {
  attributes: 'rack:r1;zone:z1;gen:3',
  domain: { fault_domain: { region: { name: 'region-1' }, zone: { name: 'zone-1' } } },
  /** `root` is a directory of a PATH disk. */
  resources: (root: string): Resource[] => [
    scalar('cpus', 4),
    scalar('mem', 8192),
    scalar('disk', 20_000),
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] } },
    scalar('cpus', 1, STATIC),
    scalar('mem', 512, STATIC),
    { ...scalar('disk', 3000), disk: { source: { type: 'PATH', path: { root } } } },
  ],
};
