/** The master: keeps the file system's namespace, so it comes back where its journal lies. */
import type { ComponentSpec, PortRequest } from '../core/service-spec.ts';
import { describeComponentSettings, FIXED_MASTER_SETTINGS } from './component-settings.ts';
import { checkMemory, type ComponentContext, describeOperation, requestPort } from './components.ts';
import { fitJavaOptions } from './java-options.ts';
import { describeJournal, describeStateDirectory, type Journal } from './journal.ts';
import { launchMaster } from './master-launch.ts';
import { requestVolumes } from './volumes.ts';

const MEM_KEY = 'alluxio.integration.master.resource.mem';

function requestPorts({ settings }: ComponentContext, journal: Journal): PortRequest[] {
  const journalPort = { ...requestPort(settings, 'journal', 'masterJournalPort'), partOfState: true };
  return [
    requestPort(settings, 'rpc', 'masterRpcPort'),
    requestPort(settings, 'web', 'masterWebPort'),
    ...(journal.isEmbedded ? [journalPort] : []),
  ];
}

/** @throws StevedoreError ERR_ALLUXIO_MEMORY, ERR_ALLUXIO_HEAP, ERR_ALLUXIO_PATH, and those of journal.ts */
export function describeMaster(context: ComponentContext): ComponentSpec {
  const { values, masterJavaOptions } = context.settings;
  const memMiB = checkMemory(MEM_KEY, values.masterMem);
  const journal = describeJournal(context.settings);
  describeStateDirectory('metastore', 'alluxio.master.metastore.dir', values.metastoreDirectory);
  const memory = { memMiB, shares: { heap: 0.6, direct: 0.15 }, key: MEM_KEY };
  const plan = { context, journal, javaOptions: fitJavaOptions(masterJavaOptions, memory) };
  return {
    name: 'master',
    taskName: values.masterName,
    count: 1,
    resources: { cpusMilli: Math.round(values.masterCpu * 1000), memMiB, diskMiB: 0 },
    ports: requestPorts(context, journal),
    after: [],
    uniqueHost: true,
    ...(values.masterHost !== undefined && { hostname: values.masterHost }),
    pinned: true,
    ...requestVolumes(context.settings, journal.volume === undefined ? [] : [journal.volume]),
    // Each would have a journal of its own.
    countBounds: { least: 1, most: 1 },
    ...describeComponentSettings(context.settings, 'master'),
    fixedSettings: FIXED_MASTER_SETTINGS,
    ...describeOperation(context.settings, 'master'),
    webPort: 'web',
    launch: (placed) => launchMaster(plan, placed),
  };
}
