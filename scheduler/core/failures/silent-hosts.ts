/** Hosts that offer nothing any more: what followed them is given up. */
import type { Draft } from '../draft.ts';

/** Of every-agent components: the host has been silent for so long that it is no agent any more. */
export function retireSilent(draft: Draft): void {
  const { settings, instances, hostsSeenMs } = draft.state;
  for (const component of settings.spec.components) {
    if (component.count !== 'every-agent' || component.pinned) continue;
    for (const { name, component: of, phase, sinceMs, hostname } of instances.list()) {
      const heardMs = Math.max(sinceMs, hostsSeenMs.get(hostname ?? '') ?? 0);
      if (of !== component.name || phase !== 'waiting' || draft.nowMs - heardMs < settings.timing.retireMs)
        continue;
      draft.log('warn', 'gives up an instance whose host makes no offers', {
        instance: name,
        host: hostname,
      });
      draft.remove(name);
    }
  }
}
