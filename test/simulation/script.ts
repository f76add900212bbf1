/**
 * What happens to a cluster, turn by turn, as data: a seed makes it, a failure prints it, and the same script gives the
 * same run again. Every choice stands in it as a number between 0 and 1, so that lines can be left out of it.
 */
import type { OperatorAction } from '../../scheduler/core/operator-action.ts';
import { type Chance, createChance } from './chance.ts';

export type Disturbance =
  /** The scheduler is killed after this many more effects (a write of the store counts as one) and started again. */
  | { readonly kind: 'crash'; readonly afterEffects: number }
  /** The next write of the store fails: before it wrote, or after. */
  | { readonly kind: 'store-failure'; readonly when: 'before' | 'after' }
  | { readonly kind: 'disconnect' }
  /** Another master leads; it knows no task until agents come back to it. */
  | { readonly kind: 'master-failover' }
  | { readonly kind: 'agent-leaves'; readonly pick: number }
  | { readonly kind: 'agent-returns'; readonly pick: number }
  /** The machine comes back empty and with another agent id. */
  | { readonly kind: 'agent-replaced'; readonly pick: number }
  | { readonly kind: 'task-ends'; readonly pick: number; readonly state: 'TASK_FAILED' | 'TASK_FINISHED' }
  | { readonly kind: 'lose-events'; readonly pick: number }
  | { readonly kind: 'double-events'; readonly pick: number }
  | { readonly kind: 'reorder-events'; readonly pick: number }
  | { readonly kind: 'lose-calls' }
  | { readonly kind: 'rescind' }
  /** The operator changes the configuration and starts the scheduler again. */
  | { readonly kind: 'configure'; readonly variant: Variant }
  | { readonly kind: 'operator'; readonly action: OperatorAction };

/** Two configurations of the same service. */
export type Variant = 'small' | 'large';

export interface Turn {
  readonly disturbance?: Disturbance | undefined;
  readonly advanceMs: number;
}

export interface Script {
  readonly seed: number;
  readonly service: 'following' | 'fixed' | 'volumes';
  readonly turns: readonly Turn[];
  /** How the hours after the last turn end: in rest, or torn down. */
  readonly end: 'rest' | 'teardown';
}

type Maker = (chance: Chance) => Disturbance;

const INSTANCES = ['store-0', 'worker-0', 'worker-1', 'worker-2', 'proxy-0', 'proxy-1'];

function pickOf<T>(chance: Chance, list: readonly T[]): T {
  return list[Math.floor(chance() * list.length)] as T;
}

const onInstance =
  (kind: 'restart' | 'pause' | 'resume' | 'replace'): Maker =>
  (chance) => ({ kind: 'operator', action: { kind, instance: pickOf(chance, INSTANCES) } });

const HOSTS = ['h1', 'h2', 'h3', 'h4'];

const act =
  (makeAction: (chance: Chance) => OperatorAction): Maker =>
  (chance) => ({ kind: 'operator', action: makeAction(chance) });

/** Weight and maker. */
const MAKERS: readonly (readonly [number, Maker])[] = [
  [6, (chance) => ({ kind: 'crash', afterEffects: Math.floor(chance() * 8) })],
  [2, (chance) => ({ kind: 'store-failure', when: chance() < 0.5 ? 'before' : 'after' })],
  [2, () => ({ kind: 'disconnect' })],
  [2, () => ({ kind: 'master-failover' })],
  [4, (chance) => ({ kind: 'agent-leaves', pick: chance() })],
  [6, (chance) => ({ kind: 'agent-returns', pick: chance() })],
  [1, (chance) => ({ kind: 'agent-replaced', pick: chance() })],
  [6, (chance) => ({ kind: 'task-ends', pick: chance(), state: 'TASK_FAILED' })],
  [1, (chance) => ({ kind: 'task-ends', pick: chance(), state: 'TASK_FINISHED' })],
  [3, (chance) => ({ kind: 'lose-events', pick: chance() })],
  [3, (chance) => ({ kind: 'double-events', pick: chance() })],
  [3, (chance) => ({ kind: 'reorder-events', pick: chance() })],
  [2, () => ({ kind: 'lose-calls' })],
  [2, () => ({ kind: 'rescind' })],
  [2, onInstance('restart')],
  [1, onInstance('pause')],
  [1, onInstance('resume')],
  [1, onInstance('replace')],
  [1, act((chance) => ({ kind: 'drain', hostname: pickOf(chance, HOSTS) }))],
  [1, act((chance) => ({ kind: 'undrain', hostname: pickOf(chance, HOSTS) }))],
  [1, act((chance) => ({ kind: 'scale', component: 'proxy', count: 1 + Math.floor(chance() * 3) }))],
  [1, act((chance) => ({ kind: 'restart', component: pickOf(chance, ['worker', 'proxy']) }))],
  [1, act(() => ({ kind: 'pause-plan' }))],
  [1, act(() => ({ kind: 'resume-plan' }))],
  [1, act(() => ({ kind: 'rollback' }))],
  [2, (chance) => ({ kind: 'configure', variant: chance() < 0.5 ? 'small' : 'large' })],
];

const TOTAL = MAKERS.reduce((sum, [weight]) => sum + weight, 0);
const QUIET_SHARE = 0.6;

function makeDisturbance(chance: Chance): Disturbance {
  let rest = chance() * TOTAL;
  for (const [weight, make] of MAKERS) {
    rest -= weight;
    if (rest < 0) return make(chance);
  }
  return { kind: 'disconnect' };
}

export function makeScript(seed: number, length = 120): Script {
  const chance = createChance(seed);
  const turns = Array.from({ length }, () => {
    const advanceMs = Math.round(500 + chance() ** 3 * 60_000);
    return chance() < QUIET_SHARE ? { advanceMs } : { advanceMs, disturbance: makeDisturbance(chance) };
  });
  const service = pickOf(chance, ['following', 'fixed', 'volumes'] as const);
  return { seed, service, end: chance() < 0.2 ? 'teardown' : 'rest', turns };
}

/** Leaves out every turn without which the script still fails. */
export async function shrinkScript(
  script: Script,
  fails: (script: Script) => Promise<boolean>,
): Promise<Script> {
  let shortest = script;
  for (let size = Math.ceil(script.turns.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < shortest.turns.length; ) {
      const turns = shortest.turns.toSpliced(at, size);
      if (await fails({ ...shortest, turns })) shortest = { ...shortest, turns };
      else at += size;
    }
  return shortest;
}
