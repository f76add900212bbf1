/** Agents and tasks that both sides read from the same file, one to a line; the same numbers give the same file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { EXECUTOR_RESOURCES } from '../scheduler/core/service-spec.ts';

export interface InputSize {
  readonly agents: number;
  readonly tasks: number;
}

/** What one pass gave, on either side. */
export interface PassSample {
  readonly milliseconds: number;
  readonly placed: number;
  /** Of the whole process. */
  readonly peakMib: number;
}

export interface AgentLine {
  readonly hostname: string;
  readonly rack: string;
  readonly zone: string;
  readonly cpus: number;
  readonly memMiB: number;
  readonly ports: readonly [number, number];
}

export interface PlacementInput {
  /** Every task needs one of these. */
  readonly racks: readonly string[];
  readonly agents: readonly AgentLine[];
  readonly tasks: number;
}

const RACKS = 100;
const ZONES = 3;
/** Every tenth rack. */
const WANTED_RACKS = 10;
export const TASK = { cpusMilli: 2000, memMiB: 4096, diskMiB: 0 };
export const TASK_PORTS = 2;

/** Numbers from 0 to 1 that look like chance (Park and Miller). */
function* draw(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** So that racks do not follow each other as agents do. */
function shuffle(count: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const chance = draw(42);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(chance.next().value * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number];
  }
  return numbers;
}

/** A task of the file is what Mesos sees: ours with its executor, since Fenzo knows of none. */
export function writeInput(file: string, { agents, tasks }: InputSize): void {
  const racks = Array.from({ length: WANTED_RACKS }, (_, index) => `rack-${index * (RACKS / WANTED_RACKS)}`);
  const cpus = (TASK.cpusMilli + EXECUTOR_RESOURCES.cpusMilli) / 1000;
  const memMiB = TASK.memMiB + EXECUTOR_RESOURCES.memMiB;
  const lines = [
    ['racks', ...racks],
    ...shuffle(agents).map((number, index) => [
      'agent',
      `host-${index}.example.net`,
      `rack-${number % RACKS}`,
      `zone-${number % ZONES}`,
      16,
      65_536,
      31_000,
      32_000,
    ]),
    ...Array.from({ length: tasks }, (_, index) => ['task', `task-${index}`, cpus, memMiB, TASK_PORTS]),
  ];
  writeFileSync(file, `${lines.map((words) => words.join('\t')).join('\n')}\n`);
}

export function readInput(file: string): PlacementInput {
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const agents = lines
    .filter(([kind]) => kind === 'agent')
    .map(([, hostname = '', rack = '', zone = '', cpus, memMiB, begin, end]) => ({
      hostname,
      rack,
      zone,
      cpus: Number(cpus),
      memMiB: Number(memMiB),
      ports: [Number(begin), Number(end)] as const,
    }));
  return {
    racks: lines.find(([kind]) => kind === 'racks')?.slice(1) ?? [],
    agents,
    tasks: lines.filter(([kind]) => kind === 'task').length,
  };
}
