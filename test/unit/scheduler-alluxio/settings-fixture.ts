/** Settings as an operator would have written them, for the tests of the Alluxio service. */
import { buildAlluxioService } from '../../../scheduler/alluxio/alluxio-service.ts';
import { type AlluxioSettings, resolveAlluxioSettings } from '../../../scheduler/alluxio/settings.ts';
import type {
  ComponentSpec,
  PlacedInstance,
  ServiceLaunch,
  ServiceSpec,
} from '../../../scheduler/core/service-spec.ts';

export interface Written {
  readonly file?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, string>>;
  readonly installation?: string;
}

function toSettings(values: Readonly<Record<string, string>> = {}, origin = '') {
  return Object.entries(values).map(([key, value], index) => ({
    key,
    value,
    origin: `${origin}:${index + 1}`,
  }));
}

export function settingsOf(written: Written): AlluxioSettings {
  return resolveAlluxioSettings({
    file: toSettings(written.file, 'alluxio-site.properties'),
    environment: written.environment ?? {},
    flags: toSettings(written.flags, '-D'),
    installation: written.installation ?? '/opt/alluxio-2.9.6',
  });
}

export function serviceOf(file: Readonly<Record<string, string>> = {}) {
  return buildAlluxioService(settingsOf({ file }));
}

export function componentOf(spec: ServiceSpec, name: 'master' | 'worker'): ComponentSpec {
  return spec.components.find((component) => component.name === name) as ComponentSpec;
}

const MASTER: PlacedInstance = {
  cluster: 'alluxio',
  instance: 'master-0',
  index: 0,
  taskId: 'alluxio.master-0.x',
  agentHostname: '127.0.0.2',
  host: '127.0.0.2',
  ports: { rpc: 31000, web: 31001, journal: 31002 },
  peers: {},
  formatted: [],
};

const WORKER: PlacedInstance = {
  ...MASTER,
  instance: 'worker-0',
  host: '127.0.0.3',
  ports: { rpc: 31100, web: 31101 },
  peers: { master: [{ instance: 'master-0', host: '127.0.0.2', ports: MASTER.ports }] },
};

export function launchMaster(
  file: Readonly<Record<string, string>> = {},
  placed: Partial<PlacedInstance> = {},
): ServiceLaunch {
  return componentOf(serviceOf(file).spec, 'master').launch({ ...MASTER, ...placed });
}

export function launchWorker(
  file: Readonly<Record<string, string>> = {},
  placed: Partial<PlacedInstance> = {},
): ServiceLaunch {
  return componentOf(serviceOf(file).spec, 'worker').launch({ ...WORKER, ...placed });
}

/** The properties that placement adds in a launch. */
export function setOf(launch: ServiceLaunch): Readonly<Record<string, string>> {
  return launch.files.find((file) => file.path === 'alluxio-site.properties')?.set ?? {};
}
