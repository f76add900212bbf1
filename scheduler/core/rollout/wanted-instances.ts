/** Which instances there are to be: as many as configured, or as an operator has scaled. */
import type { Draft } from '../draft.ts';
import type { EngineFacts } from '../engine-facts.ts';
import { createInstance } from '../instance.ts';
import { listInstances } from '../plan.ts';
import type { ComponentSpec, ServiceSpec } from '../service-spec.ts';

function scaleComponent(component: ComponentSpec, scale: EngineFacts['scale']): ComponentSpec {
  const scaled = scale?.[component.name];
  return scaled === undefined || scaled.configured !== component.count
    ? component
    : { ...component, count: scaled.count };
}

/** The specification with the counts of operators in place of its own; a count that was configured anew prevails. */
export function scaleSpec(spec: ServiceSpec, scale: EngineFacts['scale']): ServiceSpec {
  if (scale === undefined) return spec;
  return { ...spec, components: spec.components.map((component) => scaleComponent(component, scale)) };
}

function completeComponent(draft: Draft, { name, count }: ComponentSpec): void {
  if (count === 'every-agent') return;
  const present = new Map(listInstances(draft.state.instances, name).map((own) => [own.index, own]));
  for (let index = 0; index < count; index += 1) {
    const own = present.get(index);
    if (own === undefined) draft.put(createInstance(name, index, draft.nowMs));
    // It was to go, and is wanted again before it went.
    else if (own.afterKill === 'stop') draft.put({ ...own, afterKill: 'relaunch' });
  }
}

/** Adds what is missing. */
export function completeInstances(draft: Draft): void {
  for (const component of draft.state.settings.spec.components) completeComponent(draft, component);
}

/** Instances that the configuration does not hold any more. */
export function stopSurplus(draft: Draft): void {
  const { components } = draft.state.settings.spec;
  for (const instance of draft.state.instances.list()) {
    const component = components.find(({ name }) => name === instance.component);
    const isSurplus =
      component === undefined || (component.count !== 'every-agent' && instance.index >= component.count);
    const isLeaving = instance.phase === 'stopped' || instance.afterKill === 'stop';
    if (isSurplus && !isLeaving) draft.apply(instance.name, { kind: 'stop' });
  }
}
