/** What one launch of the master holds, once it is placed. */
import type { PlacedInstance, ServiceLaunch } from '../core/service-spec.ts';
import { decideBindHosts, selectNetworkStack, selectProbeHost } from './addresses.ts';
import { type ComponentContext, KILL_GRACE_MS, READY_DEADLINE_MS } from './components.ts';
import { renderJavaCommand, SERVICE_ENVIRONMENT } from './java-command.ts';
import { prepareJavaCheck } from './java-runtime.ts';
import { describeStateDirectory, type Journal, prepareFormat, prepareMemberCheck } from './journal.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeSiteFiles } from './site-files.ts';

const BIND_KEYS = ['alluxio.master.bind.host', 'alluxio.master.web.bind.host'];

export interface MasterPlan {
  readonly context: ComponentContext;
  readonly journal: Journal;
  readonly javaOptions: readonly string[];
}

/** What placement decides; it replaces what the operator wrote under the same keys. */
function decideProperties({ context, journal }: MasterPlan, placed: PlacedInstance): Record<string, string> {
  return {
    ...context.cluster.set,
    ...decideBindHosts(context.settings, BIND_KEYS, placed),
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

export function launchMaster(plan: MasterPlan, placed: PlacedInstance): ServiceLaunch {
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
