import assert from 'node:assert/strict';
import { findFrameworkProblem } from '../../../local/master/framework-validation.ts';
import { findIdProblem } from '../../../local/names.ts';
import { findTaskProblem, type LaunchContext } from '../../../local/master/launch-validation.ts';
import { parseResources } from '../../../local/resources-syntax.ts';
import type { TaskInfo } from '../../../protocol/mesos/task.ts';

const MULTI_ROLE = { capabilities: [{ type: 'MULTI_ROLE' }] };
const info = { user: 'root', name: 'n', roles: ['a'], ...MULTI_ROLE };
const executor = {
  type: 'CUSTOM' as const,
  executor_id: { value: 'e' },
  framework_id: { value: 'F' },
  command: { value: 'run' },
  resources: parseResources('cpus:1'),
};
const task: TaskInfo = {
  name: 't',
  task_id: { value: 't' },
  agent_id: { value: 'S0' },
  resources: parseResources('cpus:1'),
  executor,
};
const context: LaunchContext = {
  frameworkId: 'F',
  agentId: 'S0',
  taskIds: new Set(),
  running: undefined,
  available: parseResources('cpus:2'),
};

describe('what the local master refuses', () => {
  it('takes a framework that says all it must', () => {
    assert.equal(findFrameworkProblem(info, []), undefined);
    assert.equal(findFrameworkProblem(info, ['a']), undefined);
  });

  it('refuses roles that are none, and suppression of roles that the framework lacks', () => {
    const invalid = "'FrameworkInfo.roles' contains invalid role: Role ";
    assert.equal(
      findFrameworkProblem({ ...info, roles: ['a/'] }, []),
      `${invalid}'a/' cannot end with a slash`,
    );
    assert.equal(
      findFrameworkProblem({ ...info, roles: ['a/../b'] }, []),
      `${invalid}'a/../b' cannot include '..' as a component`,
    );
    assert.match(findFrameworkProblem({ ...info, roles: ['-a'] }, []) ?? '', /begins with a dash/);
    assert.match(findFrameworkProblem(info, ['b']) ?? '', /'b' is not contained/);
  });

  it('refuses ids with slashes, dots alone, control characters, and too long ones', () => {
    for (const id of ['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)])
      assert.ok(findIdProblem(id), id);
    assert.equal(findIdProblem('x'.repeat(255)), undefined);
  });

  it('takes a task that fits exactly', () => {
    assert.equal(findTaskProblem(task, context), undefined);
  });

  it('counts an executor that runs already only once', () => {
    const available = parseResources('cpus:1');
    assert.match(
      findTaskProblem(task, { ...context, available }) ?? '',
      /^Total resources cpus:2 required .* available cpus:1$/,
    );
    assert.equal(findTaskProblem(task, { ...context, available, running: executor }), undefined);
  });

  it('refuses duplicates, other agents, other frameworks and a missing command', () => {
    assert.equal(findTaskProblem(task, { ...context, taskIds: new Set(['t']) }), 'Task has duplicate ID: t');
    assert.match(
      findTaskProblem(task, { ...context, agentId: 'S1' }) ?? '',
      /^Task uses invalid agent S0 while agent S1/,
    );
    const foreign = { ...task, executor: { ...executor, framework_id: { value: 'G' } } };
    assert.equal(
      findTaskProblem(foreign, context),
      'ExecutorInfo has an invalid FrameworkID (Actual: G vs Expected: F)',
    );
    const { command: _command, ...silent } = executor;
    assert.match(
      findTaskProblem({ ...task, executor: silent }, context) ?? '',
      /'ExecutorInfo.command' must be set/,
    );
    assert.match(findTaskProblem({ ...task, command: {} }, context) ?? '', /at least one \(but not both\)/);
  });
});
