import assert from 'node:assert/strict';
import { StevedoreError, StevedoreErrors } from '../../../../protocol/errors.ts';
import { problem as schema } from '../../../../scheduler/api/answers.ts';
import { toProblem } from '../../../../scheduler/api/problem.ts';

describe('a problem', () => {
  it('names what may have been meant', () => {
    const nearestOf = (instance: string, known: string) =>
      toProblem(new StevedoreError('ERR_INSTANCE_UNKNOWN', { instance, known })).nearest;
    assert.equal(nearestOf('wroker-1', 'worker-0, worker-1, master-0'), 'worker-1');
    assert.equal(nearestOf('x', 'worker-0'), undefined);
    const host = toProblem(new StevedoreError('ERR_HOST_NOT_DRAINED', { host: 'h11', drained: 'h1' }));
    assert.equal(host.nearest, 'h1');
    const component = new StevedoreError('ERR_COMPONENT_UNKNOWN', { component: 'workers', known: 'worker' });
    assert.equal(toProblem(component).nearest, 'worker');
  });

  it('is of its schema, and has no stack, whatever went wrong', () => {
    const errors = [
      new StevedoreError('ERR_API_TOKEN'),
      new StevedoreErrors([new StevedoreError('ERR_API_BODY', { problem: 'p' })]),
      new TypeError('x is not a function'),
      'thrown',
    ];
    const problems = errors.map(toProblem);
    for (const one of problems) schema.parse(one);
    assert.deepEqual(
      problems.map(({ status }) => status),
      [401, 400, 500, 500],
    );
    assert.ok(!JSON.stringify(problems).includes('    at '));
  });
});
