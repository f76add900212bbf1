/** An engine with a service that has volumes, its store, and agents whose resources follow its operations. */
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { TaskState } from '../../protocol/mesos/task.ts';
import type { EngineEffect } from '../../scheduler/core/engine-effects.ts';
import type { EngineFacts } from '../../scheduler/core/engine-facts.ts';
import { createEngineState } from '../../scheduler/core/engine-start.ts';
import type { EngineEvent } from '../../scheduler/core/engine-state.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import type { ResourceOperation } from '../../scheduler/core/volumes/operations.ts';
import type { ComponentSpec, ServiceSpec, VolumeRequest } from '../../scheduler/core/service-spec.ts';
import { EngineWorld, makeComponent, makeSpec, portRanges, scalar } from './engine-world.ts';
import { VolumeAgent } from './volume-agent.ts';

const PRINCIPAL = 'p';

export function makeVolume(changes: Partial<VolumeRequest> = {}): VolumeRequest {
  return { name: 'data', sizeMiB: 100, disk: 'ROOT', containerPath: 'data', ...changes };
}

export function makeKeeper(changes: Partial<ComponentSpec> = {}): ComponentSpec {
  return makeComponent({ name: 'keeper', volumes: [makeVolume()], ...changes });
}

export function plainResources(...others: readonly Resource[]): Resource[] {
  return [
    scalar('cpus', 4),
    scalar('mem', 4096),
    scalar('disk', 1000),
    portRanges([31_000, 31_099]),
    ...others,
  ];
}

export class VolumeWorld extends EngineWorld {
  readonly agents: VolumeAgent[];
  readonly #spec: ServiceSpec;
  readonly #instances = new Map<string, InstanceRecord>();
  #facts: EngineFacts = {};

  constructor(component: ComponentSpec, hosts: Readonly<Record<string, readonly Resource[]>>) {
    super(makeSpec(component));
    this.#spec = makeSpec(component);
    this.agents = Object.entries(hosts).map(
      ([host, free]) => new VolumeAgent(host, free, { role: 'r', principal: PRINCIPAL }),
    );
    this.#useSettings();
    this.subscribe();
  }

  #useSettings(): void {
    const settings = { ...this.state.settings, principal: PRINCIPAL };
    this.state = { ...this.state, settings };
  }

  override send(event: EngineEvent): readonly EngineEffect[] {
    const effects = super.send(event);
    for (const effect of effects) if (effect.kind === 'persist') this.#keep(effect);
    return effects;
  }

  #keep(effect: Extract<EngineEffect, { kind: 'persist' }>): void {
    for (const record of effect.changed) this.#instances.set(record.name, record);
    for (const name of effect.removed) this.#instances.delete(name);
    this.#facts = { ...this.#facts, ...effect.facts };
  }

  /** A new scheduler reads the store. */
  restart(spec: ServiceSpec = this.#spec): void {
    const stored = { frameworkId: 'F', instances: [...this.#instances.values()], facts: this.#facts };
    this.state = createEngineState({ ...this.state.settings, spec }, stored, this.nowMs);
    this.#useSettings();
    this.subscribe();
  }

  /** What the scheduler forgets when Mesos has removed the framework. */
  finishTeardown(): void {
    this.#facts = { ...this.#facts, teardown: undefined };
  }

  get facts(): EngineFacts {
    return this.state.facts;
  }

  /** Every agent makes an offer; operations of these types come to nothing. */
  round(dropped: readonly ResourceOperation['type'][] = []): readonly EngineEffect[] {
    const offers = this.agents.map((agent) => agent.offer());
    const effects = this.send({ kind: 'offers', offers });
    for (const [index, agent] of this.agents.entries())
      agent.perform(effects, offers[index] as (typeof offers)[number], dropped);
    return effects;
  }

  /** Offers until nothing changes any more. */
  settle(): void {
    for (let turn = 0; turn < 6; turn += 1) {
      this.round();
      this.tick(6_000);
    }
  }

  run(name: string): void {
    this.report(name, 'TASK_STARTING');
    this.report(name, 'TASK_RUNNING');
  }

  endTask(name: string, state: TaskState): void {
    const taskId = this.taskOf(name);
    for (const agent of this.agents) agent.end(taskId);
    this.update(taskId, state);
  }

  get problems(): string[] {
    return this.agents.flatMap(({ problems }) => problems);
  }

  /** Ids of the volumes on each agent. */
  get volumeIds(): string[][] {
    return this.agents.map(({ volumes }) => volumes.map(({ disk }) => disk?.persistence?.id ?? ''));
  }
}

export function operationsOf(effects: readonly EngineEffect[]): ResourceOperation['type'][] {
  return effects.flatMap((effect) =>
    effect.kind === 'accept' || effect.kind === 'release' ? effect.operations.map(({ type }) => type) : [],
  );
}
