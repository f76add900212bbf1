/** A new scheduler on what the one before it had stored. */
import { createEngineState } from '../../scheduler/core/engine-state.ts';
import type { EngineWorld } from './engine-world.ts';

export function restartEngine(world: EngineWorld): void {
  const { settings, configured, frameworkId, instances, facts } = world.state;
  // What is stored is text.
  const stored = JSON.parse(JSON.stringify({ instances: Object.values(instances), facts })) as {
    instances: (typeof instances)[string][];
    facts: typeof facts;
  };
  world.state = createEngineState({ ...settings, spec: configured }, { frameworkId, ...stored }, world.nowMs);
}
