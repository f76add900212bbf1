/** Properties that master and workers must agree on, and that clients take over from the master. */
import type { AlluxioSettings } from './settings.ts';

export interface ClusterProperties {
  readonly set: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export const DEFAULT_TIER_ALIASES = ['MEM', 'SSD', 'HDD'];

const SHORT_CIRCUIT = 'alluxio.user.short.circuit.enabled';
const WRITE_TYPE = 'alluxio.user.file.writetype.default';

/** Block files in a private ramdisk cannot be opened by clients. */
function decideShortCircuit({ values, property }: AlluxioSettings): ClusterProperties {
  if (values.ramdiskSharing === 'host') return { set: {}, warnings: [] };
  const isWanted = property(SHORT_CIRCUIT)?.toLowerCase() === 'true';
  const warning = `${SHORT_CIRCUIT} is turned off: with a private ramdisk clients cannot open block files. Set alluxio.integration.mesos.ramdisk.sharing to host to keep it.`;
  return { set: { [SHORT_CIRCUIT]: 'false' }, warnings: isWanted ? [warning] : [] };
}

/** Alluxio's default hands writes to a job master; without one they would never reach the storage under Alluxio. */
function decideWriteType({ property }: AlluxioSettings): ClusterProperties {
  const configured = property(WRITE_TYPE);
  if (configured === undefined) return { set: { [WRITE_TYPE]: 'CACHE_THROUGH' }, warnings: [] };
  const isAsync = configured.trim().toUpperCase() === 'ASYNC_THROUGH';
  const warning = `${WRITE_TYPE} is ASYNC_THROUGH, which needs a job master: none runs here, so written files are not persisted.`;
  return { set: {}, warnings: isAsync ? [warning] : [] };
}

function checkRootUfs({ values }: AlluxioSettings): string[] {
  if (values.rootUfs !== undefined && values.rootUfs !== '') return [];
  return [
    'alluxio.master.mount.table.root.ufs is not set: files are kept in a work folder on each agent and are lost with it.',
  ];
}

/** Every process of Alluxio checks the names of all tiers at its start, and Alluxio has a default for the first only. */
function decideTierAliases({ values, property }: AlluxioSettings): Record<string, string> {
  const aliases = DEFAULT_TIER_ALIASES.slice(0, values.tierLevels).map((alias, level) => [
    `alluxio.worker.tieredstore.level${level}.alias`,
    alias,
  ]);
  return Object.fromEntries(aliases.filter(([key]) => property(key as string) === undefined));
}

export function decideClusterProperties(settings: AlluxioSettings): ClusterProperties {
  const [shortCircuit, writeType] = [decideShortCircuit(settings), decideWriteType(settings)];
  return {
    set: { ...shortCircuit.set, ...writeType.set, ...decideTierAliases(settings) },
    warnings: [...shortCircuit.warnings, ...writeType.warnings, ...checkRootUfs(settings)],
  };
}
