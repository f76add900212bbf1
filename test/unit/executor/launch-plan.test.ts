import assert from 'node:assert/strict';
import {
  listFormatted,
  type PrepareSpec,
  resolveCommand,
  resolveEnvironment,
  selectPrepare,
} from '../../../executor/core/launch-plan.ts';

const values = { sandbox: '/sandbox', 'tree.alluxio': '/store/alluxio' };
const command = {
  choices: [
    {
      requires: '@{tree.alluxio}/bin/launch-process',
      argv: ['@{tree.alluxio}/bin/launch-process', 'master'],
    },
    { requires: '@{tree.alluxio}/lib', argv: ['/jdk/bin/java', '-cp', '@{tree.alluxio}/lib/*'] },
  ],
};

function prepare(name: string, formats?: string): PrepareSpec {
  return { name, command, timeoutMs: 1000, ...(formats === undefined ? {} : { formats }) };
}

describe('launch plan', () => {
  it('takes the first choice whose path is there', () => {
    const plan = resolveCommand(command, values, (path) => path === '/store/alluxio/lib');
    assert.deepEqual(plan, { argv: ['/jdk/bin/java', '-cp', '/store/alluxio/lib/*'], cwd: '/sandbox' });
  });

  it('prefers an earlier choice, and takes one without a condition always', () => {
    assert.equal(resolveCommand(command, values, () => true).argv[1], 'master');
    const always = { choices: [{ argv: ['/bin/true'] }], cwd: '/tmp' };
    assert.deepEqual(
      resolveCommand(always, values, () => false),
      { argv: ['/bin/true'], cwd: '/tmp' },
    );
  });

  it('names every path that it looked for', () => {
    assert.throws(() => resolveCommand(command, values, () => false), {
      code: 'ERR_COMMAND_MISSING',
      message: /\/store\/alluxio\/bin\/launch-process, \/store\/alluxio\/lib/,
    });
  });

  it('formats only what is empty and was never formatted', () => {
    const steps = [prepare('java-version'), prepare('format-journal', 'journal'), prepare('format-x', 'x')];
    assert.deepEqual(
      selectPrepare(steps, ['journal']).map(({ name }) => name),
      ['java-version', 'format-journal'],
    );
  });

  it('lists as formatted what has a formatted state and is not missing it', () => {
    const directories = [
      { name: 'journal', kind: 'state' as const, formatted: true },
      { name: 'tier', kind: 'state' as const, formatted: false },
      { name: 'blocks', kind: 'state' as const },
    ];
    assert.deepEqual(listFormatted(directories, ['tier']), ['journal']);
    assert.deepEqual(listFormatted(directories, []), ['journal', 'tier']);
  });

  it('resolves the environment, and refuses names that a shell would drop', () => {
    assert.deepEqual(resolveEnvironment({ HOME: '@{sandbox}/home' }, values), { HOME: '/sandbox/home' });
    assert.throws(() => resolveEnvironment({ 'alluxio.home': 'x' }, values), {
      code: 'ERR_ENVIRONMENT_NAME',
    });
  });
});
