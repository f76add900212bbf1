import assert from 'node:assert/strict';
import { answer, findRoute } from '../../../../scheduler/api/dispatcher.ts';
import { ROUTES } from '../../../../scheduler/api/routes.ts';
import type { SchedulerControl } from '../../../../scheduler/api/scheduler-control.ts';
import type { OperatorAction } from '../../../../scheduler/core/operator-action.ts';

async function order(path: string, text: string): Promise<OperatorAction[]> {
  const actions: OperatorAction[] = [];
  const act = async (action: OperatorAction) => void actions.push(action);
  const found = findRoute(ROUTES, { method: 'POST', path, channel: 'socket' });
  await answer({ act } as unknown as SchedulerControl, found, { text, channel: 'socket' });
  return actions;
}

const SCALE = '/v1/components/worker/scale';

describe('the dispatcher', () => {
  it('makes one action of each order', async () => {
    assert.deepEqual(await order(SCALE, '{"count": 3}'), [{ kind: 'scale', component: 'worker', count: 3 }]);
    assert.deepEqual(await order('/v1/instances/w-0/pause', ''), [{ kind: 'pause', instance: 'w-0' }]);
    assert.deepEqual(await order('/v1/hosts/h1/drain', '{}'), [{ kind: 'drain', hostname: 'h1' }]);
    assert.deepEqual(await order('/v1/restart', ''), [{ kind: 'restart' }]);
  });

  it('says which key is unknown and which was meant', async () => {
    await assert.rejects(
      order(SCALE, '{"count": 3, "cuont": 4}'),
      /'cuont' is no key of it; did you mean 'count'\?/,
    );
    await assert.rejects(order('/v1/restart', '{"force": true}'), /'force' is no key of it; it has none/);
  });

  it('says all that is wrong with a body', async () => {
    await assert.rejects(order(SCALE, '{"count": -1, "x": 1}'), (error: Error) => {
      assert.match(error.message, /count: /);
      assert.match(error.message, /'x' is no key/);
      return true;
    });
    await assert.rejects(order(SCALE, '{"count": 1.5}'), /count: /);
    await assert.rejects(order(SCALE, ''), /count: /);
    await assert.rejects(order(SCALE, '{'), /it is not JSON/);
    for (const text of ['[]', 'null', '"count"', '3']) await assert.rejects(order(SCALE, text), /the body: /);
  });

  it('knows a path that takes another method from one that nobody knows', () => {
    const find = (method: string, path: string) => () => findRoute(ROUTES, { method, path, channel: 'tcp' });
    assert.throws(find('GET', '/v1/restart'), {
      code: 'ERR_API_METHOD',
      fields: { method: 'GET', path: '/v1/restart', allowed: 'POST' },
    });
    assert.throws(find('DELETE', '/v1/status'), { code: 'ERR_API_METHOD' });
    assert.throws(find('GET', '/v2/status'), { code: 'ERR_API_ROUTE' });
    assert.throws(find('GET', '/v1/constructor'), { code: 'ERR_API_ROUTE' });
  });
});
