import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderOptionDump } from '../../../../config/option-reference.ts';
import { resolveOptions } from '../../../../config/option-resolution.ts';
import { listKeys, type OptionTable, type Setting } from '../../../../config/option-table.ts';
import { DEFAULT_TIMING } from '../../../../scheduler/core/timing.ts';
import { toDurationText } from '../../../../scheduler/options/duration-text.ts';
import { createKeyNaming } from '../../../../scheduler/options/key-naming.ts';
import { describePlacement } from '../../../../scheduler/options/placement-options.ts';
import { describeRole, listRoles } from '../../../../scheduler/options/role-options.ts';
import { describeRollout } from '../../../../scheduler/options/rollout-options.ts';
import {
  createProcessOptions,
  createServiceOptions,
} from '../../../../scheduler/options/scheduler-options.ts';
import { TIMING_NAMES } from '../../../../scheduler/options/timing-options.ts';
import { arbitraryFile, readDump, sampleOf, selectShown } from '../../../support/option-samples.ts';

const keyOf = createKeyNaming('mesos.', '-');
const TABLE = {
  ...createServiceOptions(keyOf, ['jobmanager', 'taskmanager'], { cluster: 'c' }),
  ...createProcessOptions(keyOf, { name: 'n', principal: '' }),
};
const OPTIONS = Object.entries(TABLE as OptionTable);

function resolve(file: Partial<Readonly<Record<string, string>>>) {
  const settings = Object.entries(file).map(([key, value = ''], index) => ({
    key,
    value,
    origin: `f:${index + 1}`,
  }));
  return resolveOptions(TABLE, { flags: [], environment: [], file: settings }, ['mesos.']);
}

function valuesOf(file: Readonly<Record<string, string>>) {
  const { values, problems } = resolve(file);
  assert.deepEqual(problems, []);
  return values;
}

describe('options of every scheduler', () => {
  it('have each a key of their own and a type that reads what is printed of them', () => {
    const keys = OPTIONS.flatMap(([, option]) => listKeys(option));
    assert.equal(new Set(keys).size, keys.length);
    for (const [name, option] of OPTIONS) assert.ok(sampleOf(option), `${name}: ${option.type.name}`);
  });

  it('come back the same from the configuration that is printed', () => {
    fc.assert(
      fc.property(arbitraryFile(TABLE), (file) => {
        const first = resolve(file);
        assert.deepEqual(first.problems, []);
        const again = resolve(readDump(renderOptionDump(first.options)));
        assert.deepEqual(selectShown(TABLE, again.values), selectShown(TABLE, first.values));
      }),
      { numRuns: 60 },
    );
  });

  it('are never printed with a password', () => {
    const file = {
      'mesos.masters': 'zk://me:hunter2@z:2181/mesos',
      'mesos.state': 'zk://me:hunter2@z:2181/s',
      'mesos.masters.proxy': 'http://me:hunter2@p:1',
      'mesos.secret': 'hunter2',
    };
    const dump = renderOptionDump(resolve(file).options);
    assert.doesNotMatch(dump, /hunter2/);
    assert.match(dump, /^mesos\.masters = "zk:\/\/\*\*\*@z:2181\/mesos" {2}# f:1$/m);
  });

  it('tell every problem at once, with key, line and place', () => {
    const { problems } = resolve({
      'mesos.taskmanager.constraints': 'hostname:UNIQUE,rack:LIK:a.*',
      'mesos.taskmanager.constraint': 'x',
      'mesos.rollout': 'all',
      'mesos.backoff.base': '0',
      'mesos.roles': 'ok,-bad',
      'mesos.framework.labels': 'a:b,a:c',
      'mesos.framework.capabilities': 'GPU',
    });
    const texts = problems.map(({ message }) => message);
    assert.equal(texts.length, 7, texts.join('\n'));
    const has = (pattern: RegExp) =>
      assert.ok(
        texts.some((text) => pattern.test(text)),
        `${pattern}`,
      );
    has(
      /^mesos\.taskmanager\.constraints \(f:1\): Character 22, at '.*rack:LIK:a\.\*': 'LIK' is no operator. Did you mean LIKE/,
    );
    has(
      /^mesos\.taskmanager\.constraint \(f:2\) is no key of ours. Did you mean mesos\.taskmanager\.constraints\?/,
    );
    has(/^mesos\.rollout \(f:3\): 'all' cannot be used. Write serial, canary, or a number from 1/);
    has(/^mesos\.backoff\.base \(f:4\): '0' cannot be used. Write a duration of 1ms or more/);
    has(/^mesos\.roles \(f:5\): '-bad'/);
    has(/^mesos\.framework\.labels \(f:6\): 'a:c'.*a is there already/);
    has(/^mesos\.framework\.capabilities \(f:7\): 'GPU'.*GPU_RESOURCES/);
  });

  it('have the waiting times of the engine as defaults, all of them', () => {
    const values: Readonly<Record<string, unknown>> = valuesOf({});
    for (const name of Object.keys(DEFAULT_TIMING) as (keyof typeof DEFAULT_TIMING)[])
      assert.equal(values[name], DEFAULT_TIMING[name], name);
    assert.deepEqual(TIMING_NAMES.toSorted(), Object.keys(DEFAULT_TIMING).toSorted());
    assert.deepEqual([300_000, 3_600_000, 90_000, 500].map(toDurationText), ['5min', '1h', '90s', '500ms']);
  });
});

describe('placement from options', () => {
  it('adds what a component must have to what all must have; its preferences count more', () => {
    const values = valuesOf({
      'mesos.constraints': 'rack:IS:a',
      'mesos.taskmanager.constraints': 'hostname:UNIQUE',
      'mesos.constraints.hard.hostattribute': 'ssd:yes',
      'mesos.prefer': 'gen:IS:3',
      'mesos.taskmanager.prefer': 'zone:IS:z',
      'mesos.exclude-hosts': 'h1, db-*',
      'mesos.taskmanager.exclude-hosts': 'h2',
      'mesos.taskmanager.placement-strategy': 'pack',
    });
    assert.deepEqual(describePlacement(values, 'taskmanager'), {
      constraints: [
        { field: '@hostname', operator: 'UNIQUE' },
        { field: 'rack', operator: 'IS', value: 'a' },
        { field: 'ssd', operator: 'IS', value: 'yes' },
      ],
      preferences: [
        { field: 'zone', operator: 'IS', value: 'z' },
        { field: 'gen', operator: 'IS', value: '3' },
      ],
      excludedHosts: ['h2', 'h1', 'db-*'],
      strategy: 'pack',
    });
    const other = describePlacement(values, 'jobmanager');
    assert.deepEqual(
      [other?.constraints.length, other?.excludedHosts, other?.strategy],
      [2, ['h1', 'db-*'], 'spread'],
    );
  });

  it('is none when nothing was said', () => {
    assert.equal(describePlacement(valuesOf({}), 'taskmanager'), undefined);
    assert.equal(describePlacement(valuesOf({ 'mesos.constraints': '[]' }), 'taskmanager'), undefined);
  });
});

describe('rollout from options', () => {
  it('is that of the component, else that of all', () => {
    const values = valuesOf({
      'mesos.rollout': 'canary',
      'mesos.rollout.stable-for': '1min',
      'mesos.taskmanager.rollout': '3',
      'mesos.taskmanager.rollout.max-failures': '2',
    });
    assert.deepEqual(describeRollout(values, 'taskmanager'), {
      strategy: { parallel: 3 },
      stableForMs: 60_000,
      maxFailures: 2,
    });
    assert.deepEqual(describeRollout(values, 'jobmanager'), {
      strategy: 'canary',
      stableForMs: 60_000,
      maxFailures: 1,
    });
  });
});

describe('roles from options', () => {
  const rolesOf = (file: Readonly<Record<string, string>>) =>
    listRoles(valuesOf(file), ['jobmanager', 'taskmanager']);

  it('are everybody’s, one, or several with the default in front', () => {
    assert.deepEqual(rolesOf({}), ['*']);
    assert.deepEqual(rolesOf({ 'mesos.role': 'a' }), ['a']);
    assert.deepEqual(rolesOf({ 'mesos.roles': 'a,b,a' }), ['a', 'b']);
    assert.deepEqual(rolesOf({ 'mesos.role': 'b', 'mesos.roles': 'a,b' }), ['b', 'a']);
  });

  it('hold those of the components', () => {
    const file: Record<string, string> = { 'mesos.role': 'a', 'mesos.taskmanager.role': 'eng/t' };
    assert.deepEqual(rolesOf(file), ['a', 'eng/t']);
    assert.equal(describeRole(valuesOf(file), 'taskmanager'), 'eng/t');
    assert.equal(describeRole(valuesOf(file), 'jobmanager'), undefined);
  });

  it('are as Mesos takes them', () => {
    for (const role of ['-a', 'a b', 'a//b', '..', 'a/*', ''])
      assert.equal(resolve({ 'mesos.role': role }).problems.length, 1, role);
  });
});

/** Keys of one option table go to any service by its own spelling. */
describe('naming of keys', () => {
  it('joins words as the service does', () => {
    const setting = (option: { key: string }): Setting => ({ key: option.key, value: '', origin: '' });
    const dotted = createServiceOptions(createKeyNaming('x.', '.'), ['worker'], { cluster: 'c' });
    assert.equal(setting(dotted.workerExcludeHosts).key, 'x.worker.exclude.hosts');
    assert.equal(TABLE.taskmanagerExcludeHosts.key, 'mesos.taskmanager.exclude-hosts');
    assert.equal(TABLE.hostAttributes.key, 'mesos.constraints.hard.hostattribute');
    assert.equal(TABLE.maximumFailedTasks.key, 'mesos.maximum-failed-tasks');
  });
});
