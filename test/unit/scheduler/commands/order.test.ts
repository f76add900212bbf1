import assert from 'node:assert/strict';
import { findRoute } from '../../../../scheduler/api/dispatcher.ts';
import { ROUTES } from '../../../../scheduler/api/routes.ts';
import type { OrderWord } from '../../../../scheduler/commands/command-table.ts';
import { toOrder } from '../../../../scheduler/commands/order.ts';

type Values = Readonly<Record<string, string | boolean>>;

function order(word: OrderWord, words: readonly string[], values: Values = {}) {
  return toOrder(word, { words, values, usage: 'Usage: u' });
}

const GIVEN: readonly (readonly [OrderWord, readonly string[], Values, string])[] = [
  ['restart', ['worker-1'], {}, '/v1/instances/worker-1/restart'],
  ['restart', [], { component: 'worker' }, '/v1/components/worker/restart'],
  ['restart', [], { all: true }, '/v1/restart'],
  ['replace', ['worker-1'], {}, '/v1/instances/worker-1/replace'],
  ['pause', ['worker-1'], {}, '/v1/instances/worker-1/pause'],
  ['pause', [], {}, '/v1/plan/pause'],
  ['resume', ['worker-1'], {}, '/v1/instances/worker-1/resume'],
  ['resume', [], {}, '/v1/plan/resume'],
  ['forget', ['worker-1'], {}, '/v1/instances/worker-1/forget'],
  ['forget', [], { instance: 'worker-1' }, '/v1/instances/worker-1/forget'],
  ['scale', ['worker', '5'], {}, '/v1/components/worker/scale'],
  ['drain', ['h1.example'], {}, '/v1/hosts/h1.example/drain'],
  ['undrain', ['h1.example'], {}, '/v1/hosts/h1.example/undrain'],
  ['rollback', [], {}, '/v1/plan/rollback'],
  ['stop-scheduler', [], {}, '/v1/stop'],
];

const MISUSED: readonly (readonly [OrderWord, readonly string[], Values])[] = [
  ['restart', [], {}],
  ['restart', ['worker-1'], { all: true }],
  ['restart', [], { all: true, component: 'worker' }],
  ['restart', ['worker-1', 'worker-2'], {}],
  ['replace', [], {}],
  ['pause', ['a', 'b'], {}],
  ['forget', ['worker-1'], { instance: 'worker-2' }],
  ['scale', ['worker'], {}],
  ['scale', ['worker', '5', '6'], {}],
  ['scale', ['worker', '-1'], {}],
  ['scale', ['worker', 'many'], {}],
  ['drain', [], {}],
  ['rollback', ['worker-1'], {}],
  ['stop-scheduler', ['x'], {}],
];

describe('an order of the command line', () => {
  for (const [word, words, values, path] of GIVEN) {
    const line = [word, ...words, ...Object.keys(values).map((name) => `--${name}`)].join(' ');
    it(`${line} asks for ${path}`, () => {
      assert.equal(order(word, words, values).path, path);
      assert.ok(findRoute(ROUTES, { method: 'POST', path, channel: 'socket' }));
    });
  }

  it('says the count as a number', () => {
    assert.deepEqual(order('scale', ['worker', '05']).body, { count: 5 });
  });

  it('keeps a name within its part of the path', () => {
    assert.equal(order('restart', ['../../x']).path, '/v1/instances/..%2F..%2Fx/restart');
    assert.equal(order('drain', ['h1?x=#y']).path, '/v1/hosts/h1%3Fx%3D%23y/drain');
  });

  it('is refused with its usage when the words do not say one thing', () => {
    for (const [word, words, values] of MISUSED)
      assert.throws(
        () => order(word, words, values),
        { code: 'ERR_COMMAND_LINE' },
        `${word} ${words.join(' ')}`,
      );
  });

  it('has a command for every route that orders something', () => {
    const named = new Set(
      GIVEN.map(([, , , path]) => findRoute(ROUTES, { method: 'POST', path, channel: 'tcp' }).route.path),
    );
    const missing = ROUTES.filter(({ method, path }) => method === 'POST' && !named.has(path));
    assert.deepEqual(
      missing.map(({ path }) => path),
      ['/v1/teardown'],
    );
  });
});
