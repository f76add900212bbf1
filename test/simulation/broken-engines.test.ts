/** Every invariant of the simulation is one that a broken engine breaks: otherwise it would hold nothing. */
import assert from 'node:assert/strict';
import type { Step } from '../../scheduler/core/draft.ts';
import { step } from '../../scheduler/core/engine.ts';
import type { EngineEffect } from '../../scheduler/core/engine-effects.ts';
import type { EngineEvent, EngineState, StepMoment } from '../../scheduler/core/engine-state.ts';
import { Table } from '../../scheduler/core/table.ts';
import { makeScript } from './script.ts';
import { simulate } from './simulate.ts';
import type { SimulationStep } from './simulated-cluster.ts';

const SEEDS = 60;

type Change = (effect: EngineEffect) => EngineEffect | undefined;

function changing(change: Change): SimulationStep {
  return (state, event, moment) => {
    const result = step(state, event, moment);
    const effects = result.effects.flatMap((effect) => change(effect) ?? []);
    return { ...result, effects };
  };
}

function without(...kinds: readonly EngineEffect['kind'][]): SimulationStep {
  return changing((effect) => (kinds.includes(effect.kind) ? undefined : effect));
}

function overdraw(effect: EngineEffect): EngineEffect {
  if (effect.kind !== 'accept') return effect;
  const launches = effect.launches.map((launch) => {
    const { placement } = launch;
    const taken = Array.from({ length: 10 }, () => placement.taken).flat();
    return { ...launch, placement: { ...placement, taken } };
  });
  return { ...effect, launches };
}

function forgetReady(effect: EngineEffect): EngineEffect {
  if (effect.kind !== 'persist') return effect;
  return { ...effect, changed: effect.changed.filter(({ phase }) => phase !== 'ready') };
}

function actOnUnknown(state: EngineState, event: EngineEvent, moment: StepMoment): Step {
  if (event.kind !== 'update' || event.status.state !== 'TASK_UNKNOWN') return step(state, event, moment);
  return step(state, { kind: 'update', status: { ...event.status, state: 'TASK_GONE' } }, moment);
}

function restartAtWill(state: EngineState, event: EngineEvent, moment: StepMoment): Step {
  const ready = state.instances.list().find(({ phase }) => phase === 'ready');
  if (event.kind !== 'tick' || ready === undefined) return step(state, event, moment);
  return step(state, { kind: 'operator', action: { kind: 'restart', instance: ready.name } }, moment);
}

/** Every task is said to run what is wanted now. */
function stayAsIs(state: EngineState, event: EngineEvent, moment: StepMoment): Step {
  const target = state.facts.versions?.at(-1);
  const instances = state.instances.list().map((instance) => {
    const configuration = target?.components[instance.component]?.digest;
    const task = instance.task && { ...instance.task, configuration };
    return [instance.name, { ...instance, task }] as const;
  });
  const isTick = event.kind === 'tick' && target !== undefined;
  const result = step(isTick ? { ...state, instances: Table.of(instances) } : state, event, moment);
  return isTick ? { ...result, state: { ...result.state, instances: state.instances } } : result;
}

function repeatTaskIds(state: EngineState, event: EngineEvent, moment: StepMoment): Step {
  const fixed = { nowMs: 1, chance: () => 0.5 };
  return step(state, event, event.kind === 'offers' ? fixed : moment);
}

const BROKEN: readonly {
  readonly title: string;
  readonly step: SimulationStep;
  readonly shows: RegExp;
}[] = [
  { title: 'forgets to persist', step: without('persist'), shows: /is launched and not stored before/ },
  {
    title: 'forgets the framework id',
    step: changing((effect) => (effect.kind === 'persist' ? { ...effect, frameworkId: null } : effect)),
    shows: /without a stored framework id/,
  },
  { title: 'keeps less than it knows', step: changing(forgetReady), shows: /is not stored as it is/ },
  { title: 'takes more than was offered', step: changing(overdraw), shows: /is overdrawn/ },
  { title: 'leaves offers unanswered', step: without('decline'), shows: /was not answered/ },
  { title: 'acts on TASK_UNKNOWN at once', step: actOnUnknown, shows: /runs twice/ },
  { title: 'kills nothing', step: without('kill'), shows: /unknown task/ },
  { title: 'never asks Mesos', step: without('reconcile'), shows: /runs no task|unknown task/ },
  { title: 'never asks for offers again', step: without('revive'), shows: /runs no task/ },
  { title: 'launches nothing', step: without('accept'), shows: /workers on \d of 4 hosts|runs no task/ },
  { title: 'gives a task id twice', step: repeatTaskIds, shows: /is used twice/ },
  { title: 'restarts at will', step: restartAtWill, shows: /no rest/ },
  { title: 'rolls nothing out', step: stayAsIs, shows: /runs another configuration/ },
  { title: 'gives nothing back', step: without('release'), shows: /volume .* is (left|of nobody)/ },
  { title: 'never ends a teardown', step: without('teardown'), shows: /was not removed/ },
];

async function findProblem(broken: SimulationStep, shows: RegExp): Promise<string | undefined> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { problems } = await simulate(makeScript(seed), broken);
    const found = problems.find((problem) => shows.test(problem));
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('simulation shows an engine that', function () {
  this.timeout(0);

  for (const broken of BROKEN)
    it(broken.title, async () => {
      assert.ok(await findProblem(broken.step, broken.shows), `no seed shows ${String(broken.shows)}`);
    });
});
