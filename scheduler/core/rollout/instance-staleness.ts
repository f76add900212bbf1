/** Why a task that runs is not what would be launched now: another configuration, address, port, or an operator's order. */
import type { EngineState } from '../engine-state.ts';
import type { InstanceRecord, LaunchedTask } from '../instance.ts';
import { listUnmet, renderUpstream } from '../plan.ts';
import type { ComponentSpec } from '../service-spec.ts';
import { type Difference, compareAspects, renderRestartReasons } from './configuration-difference.ts';
import { type ConfigurationVersion, findConfiguration, getTarget } from './configuration-version.ts';

/** Of one component, made once a step: its tasks share most of it. */
export interface StalenessView {
  readonly component: ComponentSpec;
  /** Addresses of what it depends on; unset while that is not all ready. */
  readonly upstream: string | undefined;
  readonly restartOrder: number | undefined;
  readonly differencesOf: (task: LaunchedTask) => readonly Difference[];
}

const UNKNOWN: Difference = {
  aspect: 'launch',
  effect: 'restart',
  text: 'nothing is known any more of the configuration that it runs under',
};

/** A task of a scheduler that kept no versions is taken for what is wanted: an upgrade restarts nothing. */
function createComparison(
  versions: readonly ConfigurationVersion[] | undefined,
  component: string,
): StalenessView['differencesOf'] {
  const target = getTarget(versions)?.components[component];
  const known = new Map<string, readonly Difference[]>();
  return ({ configuration }) => {
    if (target === undefined || configuration === undefined || configuration === target.digest) return [];
    const before = findConfiguration(versions, component, configuration);
    const found = known.get(configuration) ?? (before && compareAspects(before.aspects, target.aspects));
    known.set(configuration, found ?? [UNKNOWN]);
    return found ?? [UNKNOWN];
  };
}

export function createStalenessView(state: EngineState, component: ComponentSpec): StalenessView {
  const { settings, instances, facts } = state;
  const { spec } = settings;
  const isFed = component.after.length > 0 && listUnmet(spec, component, instances).length === 0;
  return {
    component,
    upstream: isFed ? renderUpstream(spec, component, instances) : undefined,
    restartOrder: facts.restarts?.[component.name],
    differencesOf: createComparison(facts.versions, component.name),
  };
}

function listMovedPorts({ component }: StalenessView, { ports }: InstanceRecord): string[] {
  return component.ports
    .filter(
      ({ name, required, preferred }) => ports[name] === undefined || (required && ports[name] !== preferred),
    )
    .map(({ name, preferred, key }) => `port ${name} ${ports[name] ?? 'none'} -> ${preferred} (${key})`);
}

const RUNNING: ReadonlySet<InstanceRecord['phase']> = new Set([
  'launching',
  'starting',
  'ready',
  'unreachable',
]);

/** By its mark: the clock of who launched the task may not be that of who took the order. */
function precedesOrder({ restartOrder }: StalenessView, task: LaunchedTask): boolean {
  return restartOrder !== undefined && task.restartOrder !== restartOrder;
}

/** Empty: nothing is to be done. An instance without a task is launched as wanted anyway. */
export function listStaleReasons(view: StalenessView, instance: InstanceRecord): string[] {
  const { task, phase } = instance;
  if (task === undefined || !RUNNING.has(phase)) return [];
  const isOtherUpstream = view.upstream !== undefined && task.upstream !== view.upstream;
  return [
    ...renderRestartReasons(view.differencesOf(task)),
    ...listMovedPorts(view, instance),
    ...(isOtherUpstream ? [`an address of ${view.component.after.join(', ')} has changed`] : []),
    ...(precedesOrder(view, task) ? ['an operator ordered a restart'] : []),
  ];
}
