/** The API over TLS, to clients that are right, wrong, and hostile. */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { callApi } from '../../../../scheduler/api/client.ts';
import type { StatusReport, TeardownReport } from '../../../../scheduler/api/status.ts';
import { makeComponent, makeSpec } from '../../../support/engine-world.ts';
import { ApiWorld } from './api-world.ts';

describe('the API over TLS', function () {
  this.timeout(30_000);
  let world: ApiWorld;

  before(async () => {
    world = await ApiWorld.open();
    await world.start(makeSpec(makeComponent()));
  });
  after(() => world.close());

  const withToken = (authorization?: string) => ({
    headers: authorization === undefined ? {} : { authorization },
  });

  it('is of the CA in the state directory, and of no other', async () => {
    const { remote } = world;
    assert.equal((await callApi<StatusReport>(remote, 'GET', '/v1/status')).cluster, 'c1');
    await assert.rejects(callApi({ ...remote, ca: undefined }, 'GET', '/v1/status'), {
      code: 'ERR_API_UNREACHABLE',
      message: /self-signed certificate|unable to verify|unable to get/,
    });
    const named = remote.url.replace('127.0.0.1', 'localhost');
    assert.ok(await callApi({ ...remote, url: named }, 'GET', '/v1/status'));
    for (const name of ['api-token', 'api-url'])
      assert.equal(statSync(join(world.stateDirectory, name)).mode & 0o777, 0o600);
  });

  it('asks for the token, but for the health', async () => {
    const { token } = world.remote;
    const refused = [
      undefined,
      '',
      'Bearer',
      'Bearer x',
      `Basic ${token}`,
      token,
      `Bearer ${token}x`,
      `Bearer ${token.slice(1)}`,
    ];
    for (const authorization of refused)
      for (const path of ['/v1/status', '/v1/events', '/metrics', '/v1/openapi.json', '/v1/nothing']) {
        const answer = await world.ask(path, withToken(authorization));
        assert.deepEqual(
          [answer.status, answer.headers['www-authenticate']],
          [401, 'Bearer'],
          `${path} ${authorization}`,
        );
        assert.ok(!answer.text.includes(token));
      }
    const stop = await world.ask('/v1/stop', { method: 'POST', ...withToken('Bearer x') });
    assert.equal(stop.status, 401);
    assert.equal((await world.ask('/v1/status', withToken(`bearer  ${token}`))).status, 200);
    const health = await world.ask('/v1/health?x=1', withToken());
    assert.deepEqual(JSON.parse(health.text), { role: 'leader', connected: true });
  });

  it('is kept by no cache, and guessed at by no browser', async () => {
    for (const path of ['/v1/status', '/metrics', '/v1/nothing', '/v1/health', '/v1/openapi.json']) {
      const { headers } = await world.ask(path);
      assert.deepEqual(
        [headers['cache-control'], headers['x-content-type-options']],
        ['no-store', 'nosniff'],
        path,
      );
    }
  });

  it('answers HEAD as GET without a body, also where a GET would follow for ever', async () => {
    for (const path of ['/v1/status', '/metrics', '/v1/events', '/v1/health']) {
      const answer = await world.ask(path, { method: 'HEAD' });
      assert.deepEqual([answer.status, answer.text], [200, ''], path);
    }
    assert.equal((await world.ask('/v1/nothing', { method: 'HEAD' })).status, 404);
  });

  it('refuses a body that nobody could mean, and says so before it was sent', async () => {
    const path = '/v1/components/worker/scale';
    const headers = { authorization: `Bearer ${world.remote.token}` };
    const body = `{"count": 1, "x": "${'y'.repeat(2 << 20)}"}`;
    const sizes = [{}, { 'content-length': Buffer.byteLength(body) }];
    for (const size of sizes) {
      const chunked = Object.keys(size).length === 0 ? { 'transfer-encoding': 'chunked' } : size;
      const answer = await world.ask(path, { method: 'POST', headers: { ...headers, ...chunked }, body });
      assert.deepEqual([answer.status, answer.headers.connection], [413, 'close']);
      assert.equal((JSON.parse(answer.text) as { code: string }).code, 'ERR_API_BODY_SIZE');
    }
  });

  it('takes no path for another', async () => {
    const paths = [
      '/v1/instances/..%2f..%2fstatus',
      '/v1/instances/%2e%2e/restart',
      '/v1/../v1/status',
      '//v1/status',
      '/V1/status',
      '/v1/status/',
      '/v1/instances/worker-0%00',
    ];
    for (const path of paths) assert.equal((await world.ask(path)).status, 404, path);
    assert.equal((await world.ask('/v1/status?verbose=1#x')).status, 200);
  });

  it('speaks TLS only, and no old one', async () => {
    const { hostname, port } = new URL(world.remote.url);
    const plain = new Promise((resolve, reject) => {
      requestHttp({ hostname, port, path: '/v1/health' }, resolve).on('error', reject).end();
    });
    await assert.rejects(plain);
    const old = new Promise((resolve, reject) => {
      const options = {
        host: hostname,
        port: Number(port),
        ca: world.remote.ca,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
      } as const;
      connect(options, () => resolve('connected')).on('error', reject);
    });
    await assert.rejects(old);
    assert.equal((await world.ask('/v1/health')).status, 200);
  });

  it('ends a cluster only when its name was sent', async () => {
    const ask = (body: string) => world.ask('/v1/teardown', { method: 'POST', body });
    for (const body of ['', '{}', '{"confirm": "c2"}', '{"confirm": ""}']) {
      const answer = await ask(body);
      assert.equal(answer.status, 409);
      assert.match(answer.text, /Send \{\\"confirm\\": \\"c1\\"\}/);
    }
    assert.equal((await ask('{"confrim": "c1"}')).status, 400);
    assert.equal(world.master.callsOf('TEARDOWN').length, 0);
    const answer = await ask('{"confirm": "c1"}');
    assert.deepEqual(JSON.parse(answer.text) as TeardownReport, { tornDown: true, frameworkId: 'M-0001' });
    assert.equal(await world.scheduler?.exit, 0);
  });
});
