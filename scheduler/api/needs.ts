/** What an instance of a component asks of a host, in words. Pure. */
import { renderConstraints } from '../core/constraints/constraint-parser.ts';
import { type ComponentSpec, EXECUTOR_RESOURCES, type PortRequest } from '../core/service-spec.ts';

function describeResources({ resources }: ComponentSpec): string[] {
  const { cpusMilli, memMiB, diskMiB, others = {} } = resources;
  const disk = diskMiB + EXECUTOR_RESOURCES.diskMiB;
  return [
    `cpus ${(cpusMilli + EXECUTOR_RESOURCES.cpusMilli) / 1000}`,
    `mem ${memMiB + EXECUTOR_RESOURCES.memMiB} MiB`,
    ...(disk > 0 ? [`disk ${disk} MiB`] : []),
    ...Object.entries(others).map(([name, value]) => `${name} ${value}`),
  ];
}

function describePort({ name, preferred, required }: PortRequest): string {
  return `port ${name}: ${required ? preferred : `${preferred} or any other`}`;
}

function describePlace({ hostname, uniqueHost, placement, role }: ComponentSpec): string[] {
  const { constraints = [], excludedHosts = [] } = placement ?? {};
  return [
    ...(role === undefined ? [] : [`offers of role ${role}`]),
    ...(hostname === undefined ? [] : [`host ${hostname}`]),
    ...(uniqueHost ? ['a host without another of its kind'] : []),
    ...constraints.map((constraint) => `constraint ${renderConstraints([constraint])}`),
    ...excludedHosts.map((host) => `not host ${host}`),
  ];
}

/** With what the executor takes for itself, as offers are judged by it. */
export function describeNeeds(component: ComponentSpec): readonly string[] {
  const { ports, volumes = [], after } = component;
  return [
    ...describeResources(component),
    ...ports.map(describePort),
    ...volumes.map(({ name, sizeMiB, disk }) => `volume ${name}: ${sizeMiB} MiB of a ${disk} disk`),
    ...describePlace(component),
    ...after.map((other) => `after ${other} is ready`),
  ];
}
