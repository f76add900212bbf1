/** The state that an engine begins with, made of what the store kept. */
import { Draft } from './draft.ts';
import type { EngineFacts } from './engine-facts.ts';
import type { EngineSettings, EngineState } from './engine-state.ts';
import type { InstanceRecord } from './instance.ts';
import { completeInstances, scaleSpec } from './rollout/wanted-instances.ts';
import { Table } from './table.ts';
import { IDLE_RECONCILIATION } from './tasks/reconciliation.ts';
import { createWaveState } from './waves/launch-waves.ts';

/** What the state store kept. */
export interface StoredEngine {
  readonly frameworkId?: string | undefined;
  readonly instances: readonly InstanceRecord[];
  readonly facts?: EngineFacts;
}

function recall(settings: EngineSettings, { frameworkId, instances, facts = {} }: StoredEngine): EngineState {
  return {
    settings: { ...settings, spec: scaleSpec(settings.spec, facts.scale) },
    configured: settings.spec,
    connected: false,
    frameworkId,
    // A teardown that was ordered is gone on with, whoever starts the scheduler again: nothing is wanted any more.
    mode: facts.teardown === undefined ? 'running' : 'tearing-down',
    instances: Table.of(instances.map((instance) => [instance.name, instance])),
    facts,
    reconciliation: IDLE_RECONCILIATION,
    demand: {},
    evaluations: Table.of(),
    hostsSeenMs: Table.of(),
    maintenance: {},
    refusals: {},
    saidStages: {},
    waves: createWaveState(instances, settings),
  };
}

/** A start is an order to run: what has stopped or was refused under the former configuration is tried again. */
function retry(draft: Draft): void {
  for (const instance of draft.state.instances.list())
    if (instance.phase === 'stopped' || instance.phase === 'refused')
      draft.put({ ...instance, phase: 'waiting', sinceMs: draft.nowMs, notBeforeMs: draft.nowMs });
}

export function createEngineState(
  settings: EngineSettings,
  stored: StoredEngine,
  nowMs: number,
): EngineState {
  const draft = new Draft(recall(settings, stored), { nowMs, chance: () => 0 });
  if (draft.state.mode !== 'running') return draft.state;
  retry(draft);
  completeInstances(draft);
  return draft.state;
}
