/** Changes that cannot be made safely while the service runs. All are found at once; the configuration before stays. */
import { findComponent } from '../components.ts';
import type { InstanceRecord } from '../instance.ts';
import type { ServiceSpec } from '../service-spec.ts';
import type { ComponentConfiguration, ConfigurationDescription } from './configuration-version.ts';

export interface ConfigurationChange {
  readonly before: ConfigurationDescription;
  readonly after: ConfigurationDescription;
  /** What `after` describes. */
  readonly spec: ServiceSpec;
  readonly instances: readonly InstanceRecord[];
}

/** What cannot be, and what to do instead. */
type Validator = (change: ConfigurationChange) => readonly string[];

type ComponentPair = readonly [name: string, before: ComponentConfiguration, after: ComponentConfiguration];

function listPairs({ before, after }: ConfigurationChange): ComponentPair[] {
  return Object.entries(before.components).flatMap(([name, old]) => {
    const fresh = after.components[name];
    return fresh === undefined ? [] : [[name, old, fresh] as const];
  });
}

const IDENTITY = [
  ['service', 'the service'],
  ['cluster', 'the name of the cluster'],
  ['user', 'the user of the tasks'],
  ['principal', 'the principal of the framework'],
] as const;

const keepsIdentity: Validator = ({ before, after }) =>
  IDENTITY.filter(([field]) => before.identity[field] !== after.identity[field]).map(
    ([field, what]) =>
      `${what} cannot change from ${before.identity[field] ?? 'none'} to ${after.identity[field] ?? 'none'}: tasks, state on agents and reservations belong to the former. Tear the service down first, or run a second one beside it.`,
  );

function isShrinking(
  before: ComponentConfiguration['count'],
  after: ComponentConfiguration['count'],
): boolean {
  if (after === 'every-agent') return false;
  return before === 'every-agent' || after < before;
}

const keepsState: Validator = (change) =>
  listPairs(change)
    .filter(
      ([, old, fresh]) => old.hasState && !fresh.allowDecommission && isShrinking(old.count, fresh.count),
    )
    .map(
      ([name, old, fresh]) =>
        `${name} cannot shrink from ${old.count} to ${fresh.count}: its instances have state that would be lost. Allow its decommission, or keep the count.`,
    );

const keepsComponents: Validator = ({ before, after }) =>
  Object.entries(before.components)
    .filter(([name, old]) => old.hasState && !old.allowDecommission && !(name in after.components))
    .map(
      ([name]) =>
        `${name} cannot be taken out: its instances have state that would be lost. Allow its decommission first, or keep it.`,
    );

const keepsVolumes: Validator = (change) =>
  listPairs(change)
    .filter(([, old, fresh]) => old.hasState && old.aspects['volumes'] !== fresh.aspects['volumes'])
    .map(
      ([name]) =>
        `the volumes of ${name} cannot change: what they hold would be left behind. Keep them as they were, or replace the instances after a backup.`,
    );

const keepsRole: Validator = (change) =>
  listPairs(change)
    .filter(
      ([, old, fresh]) => old.aspects['volumes'] !== '[]' && old.aspects['role'] !== fresh.aspects['role'],
    )
    .map(([name]) => `the role of ${name} cannot change: its volumes are reserved for the former one.`);

/** An instance whose state holds its port would not find itself under another. */
const keepsPorts: Validator = (change) =>
  listPairs(change).flatMap(([name, old]) => {
    const component = findComponent(change.spec, name);
    const held = change.instances.filter((instance) => instance.component === name);
    return (component?.ports ?? [])
      .filter(({ required, partOfState }) => required && partOfState === true && old.hasState)
      .flatMap(({ name: port, preferred, key }) =>
        held
          .filter(({ ports }) => ports[port] !== undefined && ports[port] !== preferred)
          .map(
            ({ name: instance, ports }) =>
              `${key} cannot be ${preferred}: the state of ${instance} names it by port ${ports[port]}. Set ${key} to ${ports[port]}, or leave it unset.`,
          ),
      );
  });

/** Of a component whose state lies on its host. */
const keepsHosts: Validator = ({ before, spec, instances }) =>
  spec.components
    .filter(({ name, hostname, pinned }) => pinned && hostname !== undefined && name in before.components)
    .flatMap(({ name, hostname }) =>
      instances
        .filter((instance) => instance.component === name && instance.hostname !== undefined)
        .filter((instance) => instance.hostname !== hostname)
        .map(
          (instance) =>
            `${name} cannot move to ${hostname}: the state of ${instance.name} lies on ${instance.hostname}. Keep that host, or give the state up first by replacing the instance.`,
        ),
    );

const keepsFixedSettings: Validator = (change) =>
  listPairs(change)
    .filter(([, old]) => old.hasState)
    .flatMap(([name, old, fresh]) => {
      const keys = new Set([...old.fixedSettings, ...fresh.fixedSettings]);
      const valueOf = ({ aspects }: ComponentConfiguration, key: string) =>
        aspects[`settings.${key}`] ?? 'unset';
      return [...keys]
        .filter((key) => valueOf(old, key) !== valueOf(fresh, key))
        .map(
          (key) =>
            `${key} cannot change from ${valueOf(old, key)} to ${valueOf(fresh, key)} while ${name} has state: it would not be found again. Keep the former value.`,
        );
    });

const VALIDATORS: readonly Validator[] = [
  keepsIdentity,
  keepsComponents,
  keepsState,
  keepsVolumes,
  keepsRole,
  keepsPorts,
  keepsHosts,
  keepsFixedSettings,
];

/** Reasons for a person, with what to do; none: the change can be made. */
export function judgeChange(change: ConfigurationChange): string[] {
  return VALIDATORS.flatMap((validate) => validate(change));
}
