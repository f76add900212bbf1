/** An operator takes a host out of use, and puts it back. */
import { StevedoreError } from '../../../protocol/errors.ts';
import type { Draft } from '../draft.ts';
import type { EngineState } from '../engine-state.ts';
import { listStaying } from './evacuation.ts';

/** Instances without state are moved by the ticks that follow; the others stay, and the log says why. */
export function drainHost(draft: Draft, hostname: string): void {
  const { facts, hostsSeenMs } = draft.state;
  if (facts.drained?.[hostname] !== undefined) return;
  draft.note({ drained: { ...facts.drained, [hostname]: { sinceMs: draft.nowMs } } });
  const own = draft.state.instances.list().filter(({ task }) => task?.hostname === hostname);
  draft.log('info', 'drains a host', { host: hostname, instances: own.length });
  if (hostsSeenMs.get(hostname) === undefined && own.length === 0)
    draft.log('warn', 'nothing was ever heard of the host that is drained: is it the name in its offers?', {
      host: hostname,
    });
  const stay = listStaying(draft, hostname);
  if (stay.length > 0)
    draft.log('warn', 'instances that cannot leave the drained host', { host: hostname, stay });
}

/** Undefined: it can be used again. */
export function judgeUndrain({ facts }: EngineState, hostname: string): StevedoreError | undefined {
  const drained = Object.keys(facts.drained ?? {});
  if (drained.includes(hostname)) return undefined;
  return new StevedoreError('ERR_HOST_NOT_DRAINED', {
    host: hostname,
    drained: drained.join(', ') || 'none',
  });
}

export function undrainHost(draft: Draft, hostname: string): void {
  const { [hostname]: was, ...others } = draft.state.facts.drained ?? {};
  if (was === undefined) return;
  draft.note({ drained: others });
  draft.log('info', 'uses a drained host again', { host: hostname });
}
