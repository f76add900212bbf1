/** A new scheduler on what the one before it had stored. */
import { createEngineState } from '../../scheduler/core/engine-start.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import type { EngineWorld } from './engine-world.ts';

export function restartEngine(world: EngineWorld): void {
  const { settings, configured, frameworkId, instances, facts } = world.state;
  // What is stored is text.
  const stored = JSON.parse(JSON.stringify({ instances: instances.list(), facts })) as {
    instances: InstanceRecord[];
    facts: typeof facts;
  };
  world.state = createEngineState({ ...settings, spec: configured }, { frameworkId, ...stored }, world.nowMs);
}
