/**
 * One step of the engine with the offers of all agents of a file, after one with those of another file for warming up.
 * Prints the milliseconds, the tasks that it placed and the most memory that it ever took, in MiB.
 */
import type { Offer } from '../protocol/mesos/framework.ts';
import { NO_RULE } from '../scheduler/core/constraints/placement-rule.ts';
import {
  EngineWorld,
  launchesOf,
  makeComponent,
  makeSpec,
  portRanges,
  scalar,
} from '../test/support/engine-world.ts';
import { type AgentLine, type PlacementInput, TASK, TASK_PORTS, readInput } from './placement-input.ts';
import { readMemoryMib } from './process-memory.ts';

function toOffer({ hostname, rack, zone, cpus, memMiB, ports }: AgentLine): Offer {
  return {
    id: { value: `offer-${hostname}` },
    framework_id: { value: 'F' },
    agent_id: { value: `agent-${hostname}` },
    hostname,
    url: { scheme: 'http', address: { hostname, ip: '10.0.0.9', port: 5051 }, path: '/slave(1)' },
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: rack } },
      { name: 'zone', type: 'TEXT', text: { value: zone } },
    ],
    resources: [scalar('cpus', cpus), scalar('mem', memMiB), portRanges(ports)],
    allocation_info: { role: 'r' },
  };
}

function createWorld({ racks, tasks }: PlacementInput): EngineWorld {
  const ports = Array.from({ length: TASK_PORTS }, (_, index) => ({
    name: `port${index}`,
    preferred: 8000 + index,
    required: false,
    key: `port${index}`,
  }));
  const constraints = [{ field: 'rack', operator: 'LIKE' as const, value: racks.join('|') }];
  const placement = { ...NO_RULE, constraints };
  return new EngineWorld(makeSpec(makeComponent({ count: tasks, resources: TASK, ports, placement })));
}

function place(file: string): { readonly milliseconds: number; readonly placed: number } {
  const input = readInput(file);
  const world = createWorld(input);
  world.subscribe();
  const event = { kind: 'offers' as const, offers: input.agents.map(toOffer) };
  const startedAt = performance.now();
  const launches = launchesOf(world.send(event));
  const milliseconds = performance.now() - startedAt;
  const rackOf = new Map(input.agents.map(({ hostname, rack }) => [`agent-${hostname}`, rack]));
  const isRight = launches.every(({ agentId }) => input.racks.includes(rackOf.get(agentId) ?? ''));
  return { milliseconds, placed: isRight ? launches.length : Number.NaN };
}

const [warmUpFile = '', file = ''] = process.argv.slice(2);
place(warmUpFile);
const { milliseconds, placed } = place(file);
console.log(milliseconds, placed, readMemoryMib(process.pid, 'VmHWM'));
