/** Mesos' operator has marked an agent as gone: nothing on it comes back, and what lay there is given up loudly. */
import { findComponent } from '../components.ts';
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';

/** `before`: with what it still held. One of every agent goes with its agent. */
export function giveHostUp(draft: Draft, before: InstanceRecord): void {
  const component = findComponent(draft.state.settings.spec, before.component);
  const lost = [
    ...before.formatted,
    ...(before.reserved ?? []).flatMap(({ disk }) => disk?.persistence?.id ?? []),
  ];
  draft.log(
    lost.length > 0 ? 'error' : 'warn',
    'an operator marked the agent as gone: its instance starts anew elsewhere',
    {
      instance: before.name,
      host: before.task?.hostname,
      lost: lost.join(','),
    },
  );
  if (component?.count === 'every-agent' && before.reserved === undefined && draft.state.mode === 'running')
    draft.remove(before.name);
}
