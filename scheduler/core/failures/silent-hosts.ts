/** Hosts that offer nothing any more: what followed them is given up. */
import { roleOf } from '../components.ts';
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';
import type { ComponentSpec } from '../service-spec.ts';

/**
 * With no task, or with one that is overdue on a host out of reach. What lies in a volume is waited for, and one that an
 * operator paused for him.
 */
function isLeft({ phase, replaceAtMs = 0, reserved, paused }: InstanceRecord, nowMs: number): boolean {
  if (reserved !== undefined || paused === true) return false;
  return phase === 'waiting' || (phase === 'unreachable' && replaceAtMs <= nowMs);
}

/** A host can be silent only while somebody listens: not before the subscription, nor while nothing is wanted of it. */
function isSilent(draft: Draft, component: ComponentSpec, { sinceMs, hostname }: InstanceRecord): boolean {
  const { settings, demand, hostsSeenMs } = draft.state;
  const askedMs = demand[roleOf(settings, component)]?.wantedSinceMs ?? draft.nowMs;
  const heardMs = Math.max(sinceMs, askedMs, hostsSeenMs.get(hostname ?? '') ?? 0);
  return draft.nowMs - heardMs >= settings.timing.retireMs;
}

/** Of every-agent components: the host has been silent for so long that it is no agent any more. */
export function retireSilent(draft: Draft): void {
  const { settings, instances } = draft.state;
  for (const component of settings.spec.components) {
    if (component.count !== 'every-agent' || component.pinned) continue;
    for (const instance of instances.list()) {
      if (instance.component !== component.name || !isLeft(instance, draft.nowMs)) continue;
      if (!isSilent(draft, component, instance)) continue;
      draft.log('warn', 'gives up an instance whose host makes no offers', {
        instance: instance.name,
        host: instance.hostname,
      });
      draft.remove(instance.name);
    }
  }
}
