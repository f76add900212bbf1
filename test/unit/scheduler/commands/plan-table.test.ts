import assert from 'node:assert/strict';
import { renderPlan } from '../../../../scheduler/commands/plan-table.ts';
import type { PlanReport } from '../../../../scheduler/core/rollout/plan-report.ts';

const VIEW = { columns: 80, colours: 'plain' } as const;
const TARGET = { digest: 'abcdef0123456789', sinceMs: 0 };
const REPORT: PlanReport = {
  phase: 'halted',
  strategy: { worker: 'parallel 3' },
  version: { digest: '1111111122222222', sinceMs: 0 },
  target: TARGET,
  paused: false,
  held: 'halted: worker-0 failed under the new configuration: exit 1. Resume the plan, or roll back',
  steps: [
    {
      component: 'worker',
      instance: 'worker-0',
      status: 'failed',
      action: 'restart',
      reasons: ['mem: 512 → 1024'],
    },
    { component: 'worker', instance: 'worker-1', status: 'complete', action: 'none', reasons: [] },
  ],
};

describe('the plan for people', () => {
  it('shows phase, versions, what holds it up, and each step with its reasons', () => {
    const text = renderPlan(REPORT, VIEW);
    assert.match(text, /^plan: halted$/m);
    assert.match(text, /^version 11111111 since 1970-\S+\ntarget abcdef01 since 1970-\S+$/m);
    assert.match(text, /^held: halted: worker-0 failed/m);
    assert.match(text, /^worker-0 +failed +restart +worker +parallel 3\n {2}mem: 512 → 1024$/m);
    assert.match(text, /^worker-1 +complete +- +worker +parallel 3$/m);
    assert.deepEqual(
      text.split('\n').filter((line) => line.length > 80),
      [],
    );
  });

  it('names one version when nothing changes, and says that a plan is paused', () => {
    const text = renderPlan(
      { ...REPORT, version: TARGET, phase: 'complete', paused: true, held: undefined },
      VIEW,
    );
    assert.match(text, /^plan: complete, paused\nversion abcdef01 since \S+\n\nINSTANCE/);
    const none = renderPlan({ ...REPORT, version: undefined }, VIEW);
    assert.match(none, /^version none\ntarget abcdef01/m);
  });

  it('says why a configuration is not used', () => {
    const text = renderPlan({ ...REPORT, refused: ['master cannot shrink'] }, VIEW);
    assert.match(text, /^the new configuration is not used: master cannot shrink$/m);
  });
});
