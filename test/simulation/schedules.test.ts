/**
 * The engine under seeded schedules of faults. `make test-simulation` plays 10,000 of them; a failing one is printed, cut
 * down to the turns that it needs, and plays again with SCRIPT='…'.
 */
import assert from 'node:assert/strict';
import { type Script, makeScript, shrinkScript } from './script.ts';
import { simulate } from './simulate.ts';

const SCHEDULES = Number(process.env.SCHEDULES ?? 300);
const FIRST_SEED = Number(process.env.SEED ?? 1);
const BATCH = 100;

async function listProblems(script: Script): Promise<readonly string[]> {
  return (await simulate(script)).problems;
}

async function describeFailure(script: Script, problems: readonly string[]): Promise<string> {
  const kind = (problem: string) => problem.replaceAll(/[\w.-]*\d[\w.-]*/g, '#');
  const wanted = kind(problems[0] ?? '');
  const shortest = await shrinkScript(script, async (shorter) =>
    (await listProblems(shorter)).some((problem) => kind(problem) === wanted),
  );
  return `seed ${script.seed}: ${problems[0]}\nplay it again with SCRIPT='${JSON.stringify(shortest)}'`;
}

describe('engine in a simulated Mesos', function () {
  this.timeout(0);

  if (process.env.SCRIPT !== undefined) {
    const script = JSON.parse(process.env.SCRIPT) as Script;
    it('plays the given script', async () => assert.deepEqual(await listProblems(script), []));
    return;
  }

  for (let first = FIRST_SEED; first < FIRST_SEED + SCHEDULES; first += BATCH) {
    const last = Math.min(first + BATCH, FIRST_SEED + SCHEDULES) - 1;
    it(`breaks no invariant and comes to rest, seeds ${first} to ${last}`, async () => {
      for (let seed = first; seed <= last; seed += 1) {
        const script = makeScript(seed);
        const problems = await listProblems(script);
        if (problems.length > 0) assert.fail(await describeFailure(script, problems));
      }
    });
  }
});
