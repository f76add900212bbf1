/** The master: keeps the file system's namespace, so it comes back where its journal lies. */
import type { ComponentSpec, PlacedInstance, PortRequest, ServiceLaunch } from '../core/service-spec.ts';
import { decideBindHosts, selectNetworkStack, selectProbeHost } from './addresses.ts';
import {
  checkMemory,
  type ComponentContext,
  KILL_GRACE_MS,
  READY_DEADLINE_MS,
  requestPort,
} from './components.ts';
import { renderJavaCommand, SERVICE_ENVIRONMENT } from './java-command.ts';
import { fitJavaOptions } from './java-options.ts';
import { prepareJavaCheck } from './java-runtime.ts';
import {
  describeJournal,
  describeStateDirectory,
  type Journal,
  prepareFormat,
  prepareMemberCheck,
} from './journal.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeSiteFiles } from './site-files.ts';

const MASTER_BIND_KEYS = ['alluxio.master.bind.host', 'alluxio.master.web.bind.host'];
const MEM_KEY = 'alluxio.integration.master.resource.mem';

interface MasterPlan {
  readonly context: ComponentContext;
  readonly journal: Journal;
  readonly javaOptions: readonly string[];
}

function requestPorts({ settings }: ComponentContext, journal: Journal): PortRequest[] {
  const journalPort = { ...requestPort(settings, 'journal', 'masterJournalPort'), partOfState: true };
  return [
    requestPort(settings, 'rpc', 'masterRpcPort'),
    requestPort(settings, 'web', 'masterWebPort'),
    ...(journal.isEmbedded ? [journalPort] : []),
  ];
}

/** What placement decides; it replaces what the operator wrote under the same keys. */
function decideProperties({ context, journal }: MasterPlan, placed: PlacedInstance): Record<string, string> {
  return {
    ...context.cluster.set,
    ...decideBindHosts(context.settings, MASTER_BIND_KEYS, placed),
    'alluxio.master.hostname': placed.host,
    'alluxio.master.web.hostname': placed.host,
    'alluxio.master.rpc.port': String(placed.ports['rpc']),
    'alluxio.master.web.port': String(placed.ports['web']),
    ...(journal.isEmbedded && { 'alluxio.master.embedded.journal.port': String(placed.ports['journal']) }),
    'alluxio.master.journal.folder': journal.folder,
    'alluxio.master.metastore.dir': '@{directory.metastore}',
    'alluxio.work.dir': '@{directory.work}',
  };
}

function renderMasterCommand({ context, javaOptions }: MasterPlan, placed: PlacedInstance) {
  const { distribution, java } = context;
  const base = { home: distribution.home, javaCandidates: java.candidates };
  const options = [selectNetworkStack(placed), ...javaOptions];
  return {
    serve: renderJavaCommand({
      ...base,
      options,
      logger: 'Console,MASTER_LOGGER',
      mainClass: 'alluxio.master.AlluxioMaster',
    }),
    format: renderJavaCommand({
      ...base,
      options,
      logger: 'Console',
      mainClass: 'alluxio.cli.Format',
      arguments: ['master'],
    }),
  };
}

function planPreparation(
  { context, journal }: MasterPlan,
  placed: PlacedInstance,
  format: ServiceLaunch['command'],
) {
  const isOurs = journal.directory !== undefined;
  return [
    prepareJavaCheck(context.java),
    ...(journal.isEmbedded && isOurs
      ? [prepareMemberCheck(placed.host, placed.ports['journal'] as number)]
      : []),
    ...(isOurs ? [prepareFormat(format)] : []),
  ];
}

function listDirectories(
  { context, journal }: MasterPlan,
  placed: PlacedInstance,
): ServiceLaunch['directories'] {
  const metastoreKey = 'alluxio.master.metastore.dir';
  const { metastoreDirectory } = context.settings.values;
  const formatted = placed.formatted.includes('journal');
  return [
    ...(journal.directory === undefined ? [] : [{ ...journal.directory, formatted }]),
    describeStateDirectory('metastore', metastoreKey, metastoreDirectory),
    { name: 'work', kind: 'scratch' },
  ];
}

/** A master answers RPC before it leads; its information page answers with success only when it leads. */
function probeLeading(settings: AlluxioSettings, placed: PlacedInstance): ServiceLaunch['readiness'] {
  return {
    kind: 'http',
    host: selectProbeHost(settings, 'alluxio.master.web.bind.host', placed),
    port: placed.ports['web'] as number,
    path: '/api/v1/master/info',
    intervalMs: 500,
    timeoutMs: 5000,
    deadlineMs: READY_DEADLINE_MS,
  };
}

function launchMaster(plan: MasterPlan, placed: PlacedInstance): ServiceLaunch {
  const command = renderMasterCommand(plan, placed);
  return {
    artifacts: plan.context.artifacts,
    files: describeSiteFiles(decideProperties(plan, placed)),
    directories: listDirectories(plan, placed),
    environment: SERVICE_ENVIRONMENT,
    prepare: planPreparation(plan, placed, command.format),
    command: command.serve,
    readiness: probeLeading(plan.context.settings, placed),
    killGraceMs: KILL_GRACE_MS,
  };
}

/** @throws StevedoreError ERR_ALLUXIO_MEMORY, ERR_ALLUXIO_HEAP, ERR_ALLUXIO_PATH */
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
    webPort: 'web',
    launch: (placed) => launchMaster(plan, placed),
  };
}
