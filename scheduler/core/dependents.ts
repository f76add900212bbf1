/** When an address that a component was launched with has changed, its instances are restarted one by one. */
import type { Draft } from './draft.ts';
import type { InstanceRecord } from './instance.ts';
import { listInstances, listUnmet, renderUpstream } from './plan.ts';

/** One whose host is away must not hold up the others for ever. */
const PATIENCE_MS = 120_000;

function isComing({ phase, sinceMs }: InstanceRecord, nowMs: number): boolean {
  if (phase === 'waiting') return nowMs - sinceMs < PATIENCE_MS;
  return phase === 'launching' || phase === 'starting' || phase === 'killing';
}

export function restartOneDependent(draft: Draft): void {
  const { settings, instances } = draft.state;
  for (const component of settings.spec.components) {
    if (component.after.length === 0 || listUnmet(settings.spec, component, instances).length > 0) continue;
    const own = listInstances(instances, component.name);
    if (own.some((instance) => isComing(instance, draft.nowMs))) continue;
    const upstream = renderUpstream(settings.spec, component, instances);
    const stale = own.find(({ phase, task }) => phase === 'ready' && task?.upstream !== upstream);
    if (stale === undefined) continue;
    draft.log('info', 'restarts an instance: an address that it depends on has changed', {
      instance: stale.name,
      after: component.after.join(','),
    });
    draft.apply(stale.name, { kind: 'restart' });
  }
}
