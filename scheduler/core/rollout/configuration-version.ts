/**
 * Versions of a service's configuration: what a scheduler remembers of each, so that it can say years later why an instance
 * is restarted. A version holds no secret: values of settings that are secret, and all of a launch, are keyed hashes.
 */
import type { ComponentSpec } from '../service-spec.ts';
import type { InstanceRecord } from '../instance.ts';

export interface ComponentConfiguration {
  /** Of the aspects that a launch is made from; a task carries it. */
  readonly digest: string;
  /** `resources.memory` → `1024 MiB`, `settings.alluxio.worker.ramdisk.size` → `1GiB`, `launch.command` → a keyed hash. */
  readonly aspects: Readonly<Record<string, string>>;
  readonly count: ComponentSpec['count'];
  readonly hasState: boolean;
  readonly allowDecommission: boolean;
  readonly fixedSettings: readonly string[];
}

/** What a framework is to Mesos and to the state on agents; none of it can change. */
export interface ServiceIdentity {
  readonly service: string;
  readonly cluster: string;
  /** Operating-system user of the tasks. */
  readonly user: string;
  readonly principal?: string | undefined;
}

export interface ConfigurationDescription {
  readonly digest: string;
  /** Keyed digest of the snapshot that the service can be built from again: the name of its record. */
  readonly snapshot: string;
  readonly identity: ServiceIdentity;
  readonly components: Readonly<Record<string, ComponentConfiguration>>;
}

export interface ConfigurationVersion extends ConfigurationDescription {
  /** When it became the target. */
  readonly sinceMs: number;
}

type Versions = readonly ConfigurationVersion[];

const KEPT_VERSIONS = 10;
const KEPT_SNAPSHOTS = 3;

/** Newest last: the target. */
export function getTarget(versions: Versions | undefined): ConfigurationVersion | undefined {
  return versions?.at(-1);
}

/** The last three different ones, the newest first. */
export function listKeptSnapshots(versions: Versions): string[] {
  return [...new Set(versions.map(({ snapshot }) => snapshot).toReversed())].slice(0, KEPT_SNAPSHOTS);
}

/** Where `rollback` leads: the last version that was made from another snapshot than the target. */
export function findFormer(versions: Versions | undefined): ConfigurationVersion | undefined {
  const target = getTarget(versions);
  return versions?.findLast(({ snapshot }) => snapshot !== target?.snapshot);
}

export function findConfiguration(
  versions: Versions | undefined,
  component: string,
  digest: string,
): ComponentConfiguration | undefined {
  return versions
    ?.map(({ components }) => components[component])
    .findLast((configuration) => configuration?.digest === digest);
}

/** The last ten, and those that a task still runs under. */
export function keepVersions(versions: Versions, instances: readonly InstanceRecord[]): Versions {
  const used = new Set(instances.map(({ component, task }) => `${component} ${task?.configuration}`));
  const isUsed = ({ components }: ConfigurationVersion): boolean =>
    Object.entries(components).some(([name, { digest }]) => used.has(`${name} ${digest}`));
  return versions.filter((version, index) => index >= versions.length - KEPT_VERSIONS || isUsed(version));
}
