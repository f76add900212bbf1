/** Makes the description of a configuration: aspect by aspect, so that two of them can be compared key by key. */
import type { ComponentSpec, ServiceSpec } from '../service-spec.ts';
import type {
  ComponentConfiguration,
  ConfigurationDescription,
  ServiceIdentity,
} from './configuration-version.ts';
import { type Aspects, describeLaunch, renderStable } from './launch-aspects.ts';
import { renderNeutralLaunch } from './neutral-launch.ts';
import { isPartOfLaunch } from './aspect-effect.ts';

export interface DescriptionParts {
  readonly snapshot: string;
  readonly user: string;
  readonly principal?: string | undefined;
  /** SHA-256 of each artifact by the name of its request; one that is missing is not known yet. */
  readonly artifactDigests: Readonly<Record<string, string>>;
  /** Hex of a MAC with the cluster's key: nobody who reads the state can try guesses on it. */
  readonly hash: (text: string) => string;
}

const HASH_DIGITS = 16;
const DIGEST_DIGITS = 32;

function mapValues(prefix: string, values: Readonly<Record<string, string>> = {}): Aspects {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));
}

function describeResources({ resources, shmMiB = 0 }: ComponentSpec): Aspects {
  const { cpusMilli, memMiB, diskMiB, ...others } = resources;
  return {
    'resources.cpus': String(cpusMilli / 1000),
    'resources.memory': `${memMiB} MiB`,
    'resources.disk': `${diskMiB} MiB`,
    'resources.shm': `${shmMiB} MiB`,
    'resources.others': renderStable(others),
  };
}

function describePorts({ ports }: ComponentSpec): Aspects {
  const texts = ports.map(({ name, preferred, required, partOfState }) => [
    `ports.${name}`,
    `${preferred}${required ? ' required' : ''}${partOfState === true ? ' kept by its state' : ''}`,
  ]);
  return Object.fromEntries(texts) as Aspects;
}

function describePlacement(component: ComponentSpec): Aspects {
  const { placement, uniqueHost, hostname, role, volumes, after, taskName } = component;
  return {
    placement: renderStable([placement ?? null, uniqueHost]),
    hostname: hostname ?? 'any',
    role: role ?? 'first',
    volumes: renderStable(volumes ?? []),
    after: after.join(', '),
    'task name': taskName,
  };
}

/** Content made of settings counts by the settings: others of the same file concern other components. */
function describeArtifacts(names: readonly string[], spec: ServiceSpec, parts: DescriptionParts): Aspects {
  const used = spec.artifacts.filter(
    ({ name, fromSettings }) => names.includes(name) && fromSettings !== true,
  );
  const aspects: Aspects = {};
  for (const { name, source } of used) {
    aspects[`sources.${name}`] = parts.hash(renderStable(source));
    const digest = parts.artifactDigests[name];
    if (digest !== undefined) aspects[`artifacts.${name}`] = digest;
  }
  return aspects;
}

function describeAspects(component: ComponentSpec, spec: ServiceSpec, parts: DescriptionParts): Aspects {
  const launch = renderNeutralLaunch(spec, component);
  const hash = (text: string) => parts.hash(text).slice(0, HASH_DIGITS);
  const secrets = Object.entries(component.secretSettings ?? {}).map(([key, value]) => [key, hash(value)]);
  const base = {
    ...describeResources(component),
    ...describePorts(component),
    ...describePlacement(component),
    ...mapValues('settings.', component.settings),
    ...mapValues('secrets.', Object.fromEntries(secrets) as Aspects),
  };
  if (typeof launch === 'string') return { ...base, launch: hash(launch) };
  return {
    ...base,
    ...describeArtifacts(launch.artifacts, spec, { ...parts, hash }),
    ...describeLaunch(launch, hash),
    readiness: hash(renderStable(launch.readiness)),
    grace: `${launch.killGraceMs / 1000} s`,
  };
}

export function describeConfiguration(
  component: ComponentSpec,
  spec: ServiceSpec,
  parts: DescriptionParts,
): ComponentConfiguration {
  const aspects = describeAspects(component, spec, parts);
  const counted = Object.entries(aspects).filter(([name]) => isPartOfLaunch(name));
  return {
    digest: parts.hash(renderStable(Object.fromEntries(counted))).slice(0, DIGEST_DIGITS),
    aspects,
    count: component.count,
    hasState: component.pinned || (component.volumes ?? []).length > 0,
    allowDecommission: component.allowDecommission === true,
    fixedSettings: component.fixedSettings ?? [],
  };
}

/** Pure; `snapshot` is what the specification was built from. */
export function describeVersion(spec: ServiceSpec, parts: DescriptionParts): ConfigurationDescription {
  const { service, cluster } = spec;
  const { user, principal, snapshot } = parts;
  const identity: ServiceIdentity = { service, cluster, user, ...(principal !== undefined && { principal }) };
  const components = Object.fromEntries(
    spec.components.map((component) => [component.name, describeConfiguration(component, spec, parts)]),
  );
  const digested = Object.entries(components).map(([name, { digest, count }]) => [name, digest, count]);
  const digest = parts.hash(renderStable([identity, digested])).slice(0, DIGEST_DIGITS);
  return { digest, snapshot, identity, components };
}
