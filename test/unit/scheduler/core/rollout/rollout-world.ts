/** An engine whose configuration changes, and a cluster that does what it is told. */
import { createHash } from 'node:crypto';
import type { EngineEffect } from '../../../../../scheduler/core/engine-effects.ts';
import { createEngineState } from '../../../../../scheduler/core/engine-start.ts';
import type { OperatorAction } from '../../../../../scheduler/core/operator-action.ts';
import { judgeAction } from '../../../../../scheduler/core/operators/judge-action.ts';
import { describeVersion } from '../../../../../scheduler/core/rollout/configuration-description.ts';
import type { ConfigurationDescription } from '../../../../../scheduler/core/rollout/configuration-version.ts';
import { type PlanReport, toPlanReport } from '../../../../../scheduler/core/rollout/plan-report.ts';
import { planChange } from '../../../../../scheduler/core/rollout/planned-change.ts';
import type { ComponentSpec, ServiceSpec } from '../../../../../scheduler/core/service-spec.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../../../support/engine-world.ts';

export const STABLE_MS = 10_000;

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function describeSpec(spec: ServiceSpec, snapshot = 'first'): ConfigurationDescription {
  return describeVersion(spec, { snapshot, user: 'alice', artifactDigests: {}, hash });
}

/** A worker with this setting. */
export function makeWorker(size: string, changes: Partial<ComponentSpec> = {}): ComponentSpec {
  return makeComponent({ count: 3, settings: { size }, ...changes });
}

const HOSTS = ['h1', 'h2', 'h3', 'h4'];

export class RolloutWorld extends EngineWorld {
  /** Tasks that were killed, by instance. */
  readonly killed: string[] = [];

  static start(...components: ComponentSpec[]): RolloutWorld {
    const spec = makeSpec(...components);
    const world = new RolloutWorld(spec);
    world.configure(spec, 'first');
    world.subscribe();
    world.settle();
    world.tick(STABLE_MS);
    world.killed.length = 0;
    return world;
  }

  configure(spec: ServiceSpec, snapshot: string): readonly EngineEffect[] {
    return this.send({ kind: 'configured', spec, description: describeSpec(spec, snapshot) });
  }

  change(snapshot: string, ...components: ComponentSpec[]): readonly EngineEffect[] {
    return this.configure(makeSpec(...components), snapshot);
  }

  order(action: OperatorAction): readonly EngineEffect[] {
    const problem = judgeAction(this.state, action);
    if (problem !== undefined) throw problem;
    return this.send({ kind: 'operator', action });
  }

  refusalOf(action: OperatorAction): string | undefined {
    return judgeAction(this.state, action)?.code;
  }

  plan(): PlanReport {
    return toPlanReport(this.state, this.nowMs);
  }

  planned(...components: ComponentSpec[]): PlanReport {
    const spec = makeSpec(...components);
    return planChange(this.state, { spec, description: describeSpec(spec, 'planned') }, this.nowMs);
  }

  /** What a cluster does with what it was told: killed tasks end, waiting ones are launched, launched ones get ready. */
  settle(): void {
    for (let round = 0; round < 4; round += 1) {
      this.endKilled();
      this.offer(...HOSTS);
      this.becomeReady();
    }
  }

  endKilled(): void {
    for (const { name, phase } of this.state.instances.list())
      if (phase === 'killing') this.report(name, 'TASK_KILLED');
  }

  becomeReady(): void {
    for (const { name, phase } of this.state.instances.list())
      if (phase === 'launching' || phase === 'starting') this.report(name, 'TASK_RUNNING');
  }

  /** Instances whose kill was ordered in this tick. */
  killsAfter(afterMs: number): string[] {
    const owners = new Map(this.state.instances.list().map(({ name, task }) => [task?.taskId, name]));
    const killed = this.tick(afterMs).flatMap((effect) =>
      effect.kind === 'kill' ? [owners.get(effect.taskId) ?? effect.taskId] : [],
    );
    this.killed.push(...killed);
    return killed;
  }

  /** Lets everything happen for so many rounds of the stable time. */
  run(rounds: number): void {
    for (let round = 0; round < rounds; round += 1) {
      this.killsAfter(STABLE_MS);
      this.settle();
    }
  }

  stepOf(instance: string): PlanReport['steps'][number] {
    const found = this.plan().steps.find((step) => step.instance === instance);
    if (found === undefined) throw new Error(`no step for ${instance}`);
    return found;
  }

  /** A scheduler that was killed and comes back with what was stored. */
  restarted(spec: ServiceSpec, snapshot: string): RolloutWorld {
    const world = new RolloutWorld(spec);
    const { instances, facts, settings } = this.state;
    const stored = { frameworkId: 'F', instances: instances.list(), facts };
    world.nowMs = this.nowMs;
    world.state = createEngineState({ ...settings, spec }, stored, this.nowMs);
    world.configure(spec, snapshot);
    world.subscribe();
    return world;
  }
}
