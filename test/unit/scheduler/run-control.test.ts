import assert from 'node:assert/strict';
import { FrameworkEnd } from '../../../scheduler/framework-end.ts';
import type { FrameworkRun } from '../../../scheduler/framework-run.ts';
import { RunControl } from '../../../scheduler/run-control.ts';
import type { RunParts } from '../../../scheduler/run-parts.ts';
import { EngineWorld, makeComponent, makeSpec } from '../../support/engine-world.ts';

/** A run whose store fails at the next event, or does not. */
function control(store: 'works' | 'is full'): RunControl {
  const end = new FrameworkEnd(new AbortController().signal);
  const { state } = new EngineWorld(makeSpec(makeComponent()));
  const dispatch = async () => {
    if (store === 'is full') end.fail(new Error('disk is full'));
  };
  const run: Pick<FrameworkRun, 'state' | 'end' | 'dispatch'> = { state, end, dispatch };
  return new RunControl(run as FrameworkRun, {} as RunParts);
}

describe('an order of an operator', () => {
  const drain = { kind: 'drain', hostname: 'h1' } as const;

  it('is taken when it was stored', async () => {
    await control('works').act(drain);
  });

  it('is refused when it could not be stored', async () => {
    await assert.rejects(control('is full').act(drain), /disk is full/);
  });
});
