/** Specs, offers and steps for tests of the scheduler's core. */
import type { Offer } from '../../protocol/mesos/framework.ts';
import type { Resource } from '../../protocol/mesos/resource.ts';
import type { TaskState, TaskStatus } from '../../protocol/mesos/task.ts';
import { step } from '../../scheduler/core/engine.ts';
import type { EngineEffect, PlannedLaunch } from '../../scheduler/core/engine-effects.ts';
import { createEngineState } from '../../scheduler/core/engine-start.ts';
import type { EngineEvent, EngineState } from '../../scheduler/core/engine-state.ts';
import type { InstanceRecord } from '../../scheduler/core/instance.ts';
import type { ComponentSpec, ServiceSpec } from '../../scheduler/core/service-spec.ts';
import { DEFAULT_TIMING } from '../../scheduler/core/timing.ts';

export function makeComponent(changes: Partial<ComponentSpec> = {}): ComponentSpec {
  return {
    name: 'worker',
    taskName: 'Worker',
    count: 1,
    resources: { cpusMilli: 1000, memMiB: 512, diskMiB: 0 },
    ports: [],
    after: [],
    uniqueHost: false,
    pinned: false,
    launch: () => ({
      artifacts: [],
      files: [],
      directories: [],
      environment: {},
      prepare: [],
      command: { choices: [{ argv: ['/bin/true'] }] },
      readiness: { kind: 'tcp', host: 'h', port: 1, intervalMs: 1, timeoutMs: 1, deadlineMs: 1 },
      killGraceMs: 5000,
    }),
    ...changes,
  };
}

export function makeSpec(...components: ComponentSpec[]): ServiceSpec {
  return { service: 'test', cluster: 'c1', components, artifacts: [] };
}

export function scalar(name: string, value: number, changes: Partial<Resource> = {}): Resource {
  return { name, type: 'SCALAR', scalar: { value }, allocation_info: { role: 'r' }, ...changes };
}

export function portRanges(...ranges: readonly (readonly [number, number])[]): Resource {
  const range = ranges.map(([begin, end]) => ({ begin, end }));
  return { name: 'ports', type: 'RANGES', ranges: { range }, allocation_info: { role: 'r' } };
}

let offers = 0;

export function makeOffer(hostname: string, resources?: readonly Resource[]): Offer {
  offers += 1;
  return {
    id: { value: `O${offers}` },
    framework_id: { value: 'F' },
    agent_id: { value: `agent-${hostname}` },
    hostname,
    url: { scheme: 'http', address: { hostname, ip: '10.0.0.9', port: 5051 }, path: '/slave(1)' },
    resources: resources ?? [scalar('cpus', 4), scalar('mem', 4096), portRanges([31_000, 31_999])],
    allocation_info: { role: 'r' },
  };
}

/** An engine with its clock; each step's effects are returned and the last ones kept. */
export class EngineWorld {
  state: EngineState;
  nowMs = 1_000_000;

  constructor(spec: ServiceSpec, stored: readonly InstanceRecord[] = [], frameworkId?: string) {
    const settings = {
      spec,
      roles: ['r'] as const,
      address: 'hostname' as const,
      bundleSha256: 'b',
      timing: DEFAULT_TIMING,
    };
    this.state = createEngineState(settings, { frameworkId, instances: stored }, this.nowMs);
  }

  send(event: EngineEvent): readonly EngineEffect[] {
    const { state, effects } = step(this.state, event, { nowMs: this.nowMs, chance: () => 0.5 });
    this.state = state;
    return effects;
  }

  subscribe(): readonly EngineEffect[] {
    return this.send({ kind: 'subscribed', frameworkId: 'F', master: 'm:5050' });
  }

  offer(...hosts: readonly (string | Offer)[]): readonly EngineEffect[] {
    const batch = hosts.map((host) => (typeof host === 'string' ? makeOffer(host) : host));
    return this.send({ kind: 'offers', offers: batch });
  }

  tick(afterMs: number): readonly EngineEffect[] {
    this.nowMs += afterMs;
    return this.send({ kind: 'tick' });
  }

  instance(name: string): InstanceRecord {
    const found = this.state.instances.get(name);
    if (found === undefined) throw new Error(`no instance ${name}`);
    return found;
  }

  taskOf(name: string): string {
    return this.instance(name).task?.taskId ?? '';
  }

  update(taskId: string, state: TaskState, changes: Partial<TaskStatus> = {}): readonly EngineEffect[] {
    const status = { task_id: { value: taskId }, agent_id: { value: 'A' }, state, uuid: 'u', ...changes };
    return this.send({ kind: 'update', status });
  }

  /** The instance's task reports this state. */
  report(name: string, state: TaskState, changes: Partial<TaskStatus> = {}): readonly EngineEffect[] {
    return this.update(this.taskOf(name), state, changes);
  }
}

export function kindsOf(effects: readonly EngineEffect[]): string[] {
  return effects.map(({ kind }) => kind).filter((kind) => kind !== 'log');
}

export function launchesOf(effects: readonly EngineEffect[]): PlannedLaunch[] {
  return effects.flatMap((effect) => (effect.kind === 'accept' ? effect.launches : []));
}
