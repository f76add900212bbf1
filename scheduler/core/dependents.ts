/** When an address that a component was launched with has changed, its instances are restarted one by one. */
import type { Draft } from './draft.ts';
import { listInstances, listUnmet, renderUpstream } from './plan.ts';

export function restartOneDependent(draft: Draft): void {
  const { settings, instances } = draft.state;
  for (const component of settings.spec.components) {
    if (component.after.length === 0 || listUnmet(settings.spec, component, instances).length > 0) continue;
    const own = listInstances(instances, component.name);
    const isBusy = own.some(
      ({ phase }) => phase === 'launching' || phase === 'starting' || phase === 'killing',
    );
    if (isBusy) continue;
    const upstream = renderUpstream(component, instances);
    const stale = own.find(({ phase, task }) => phase === 'ready' && task?.upstream !== upstream);
    if (stale === undefined) continue;
    draft.log('info', 'restarts an instance: an address that it depends on has changed', {
      instance: stale.name,
      after: component.after.join(','),
    });
    draft.apply(stale.name, { kind: 'restart' });
  }
}
