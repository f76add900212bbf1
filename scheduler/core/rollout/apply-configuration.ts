/** Takes over a configuration: at the start of a scheduler, and when an operator rolls back. */
import type { Draft } from '../draft.ts';
import type { InstanceRecord } from '../instance.ts';
import type { ServiceSpec } from '../service-spec.ts';
import { CRASH_LOOP } from './component-progress.ts';
import {
  type ConfigurationDescription,
  type ConfigurationVersion,
  getTarget,
  keepVersions,
} from './configuration-version.ts';
import { completeInstances, scaleSpec, stopSurplus } from './wanted-instances.ts';

export interface GivenConfiguration {
  readonly spec: ServiceSpec;
  /** What `spec` is, with the digests of its artifacts. */
  readonly description: ConfigurationDescription;
  /** Why another one, which was asked for, is not used. */
  readonly refused?: readonly string[] | undefined;
}

function isUnwell({ phase, failures }: InstanceRecord): boolean {
  return failures >= CRASH_LOOP || (failures > 0 && phase !== 'ready');
}

function beginRollout(draft: Draft, version: string): void {
  const unwell = draft.state.instances
    .list()
    .filter(isUnwell)
    .map(({ name }) => name);
  const rollout = { version, sinceMs: draft.nowMs, failures: [], unwell, approved: [] };
  draft.note({ rollout });
}

function addVersion(draft: Draft, description: ConfigurationDescription): void {
  const { versions = [] } = draft.state.facts;
  const target = getTarget(versions);
  if (target?.digest === description.digest && target.snapshot === description.snapshot) return;
  const isSame = target?.digest === description.digest;
  const sinceMs = isSame ? target.sinceMs : draft.nowMs;
  const version: ConfigurationVersion = { ...description, sinceMs };
  const former = isSame ? versions.slice(0, -1) : versions;
  draft.note({ versions: keepVersions([...former, version], draft.state.instances.list()) });
  if (target === undefined || isSame) return;
  draft.log('info', 'the configuration has changed', { version: description.digest, before: target.digest });
  beginRollout(draft, description.digest);
}

/** A launch that was refused under the former configuration may be accepted now. */
function retryRefused(draft: Draft): void {
  for (const { name, phase } of draft.state.instances.list())
    if (phase === 'refused') draft.apply(name, { kind: 'restart' });
}

function keepRollback(draft: Draft, snapshot: string): void {
  const { rollback } = draft.state.facts;
  if (rollback !== undefined && rollback.to !== snapshot) draft.note({ rollback: undefined });
}

export function applyConfiguration(draft: Draft, { spec, description, refused }: GivenConfiguration): void {
  const before = getTarget(draft.state.facts.versions);
  addVersion(draft, description);
  keepRollback(draft, description.snapshot);
  const settings = { ...draft.state.settings, spec: scaleSpec(spec, draft.state.facts.scale) };
  draft.state = { ...draft.state, settings, configured: spec, refused };
  draft.add({ kind: 'use-configuration', digest: description.digest });
  for (const reason of refused ?? []) draft.log('error', `the new configuration is refused: ${reason}`, {});
  if (draft.state.mode !== 'running') return;
  if (before !== undefined && before.digest !== description.digest) retryRefused(draft);
  completeInstances(draft);
  if (draft.state.connected) stopSurplus(draft);
}
