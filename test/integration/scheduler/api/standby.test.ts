/** Two schedulers, of which one leads: whoever is asked, the leader answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi, openAnswer } from '../../../../scheduler/api/client.ts';
import { type Api, openApi } from '../../../../scheduler/api/open-api.ts';
import type { StatusReport } from '../../../../scheduler/api/status.ts';
import type { LeaderData } from '../../../../scheduler/leadership/leader-data.ts';
import { makeComponent, makeSpec } from '../../../support/engine-world.ts';
import { ApiWorld, readAnswer } from './api-world.ts';

const API = { bindHost: '127.0.0.1', port: 0, advertisedHost: '127.0.0.1' };

describe('a scheduler that stands by', function () {
  this.timeout(30_000);
  let world: ApiWorld;
  let directory: string;
  let standby: Api;
  let leader: LeaderData | undefined;

  before(async () => {
    world = await ApiWorld.open();
    await world.start(makeSpec(makeComponent()));
    directory = mkdtempSync(join(tmpdir(), 'stevedore-standby-'));
    standby = await openApi(directory, API);
  });
  beforeEach(() => {
    const { url, ca } = world.remote;
    leader = { apiUrl: url, caPem: ca, pid: 1, host: 'here', sinceMs: 0 };
    standby.lead(undefined, world.remote.token);
    standby.standBy(() => leader);
  });
  after(async () => {
    await standby.close();
    rmSync(directory, { recursive: true, force: true });
    await world.close();
  });

  const remote = (token: string) => ({ url: standby.url ?? '', token, ca: standby.caPem });

  it('passes requests on, from its socket and over TLS', async () => {
    for (const address of [directory, remote(world.remote.token)]) {
      assert.equal((await callApi<StatusReport>(address, 'GET', '/v1/status')).cluster, 'c1');
      await callApi(address, 'POST', '/v1/components/worker/scale', { body: { count: 1 } });
      await assert.rejects(callApi(address, 'GET', '/v1/instances/x'), /answered 404/);
    }
  });

  it('leaves the token to the leader: none and a wrong one are refused there', async () => {
    await assert.rejects(callApi(remote('wrong'), 'GET', '/v1/status'), /answered 401/);
    const { url, ca } = remote('');
    await assert.rejects(callApi({ url, token: '', ca }, 'GET', '/v1/status'), /answered 401/);
  });

  it('lets a teardown from its own socket be confirmed as one over TLS', async () => {
    await assert.rejects(
      callApi(directory, 'POST', '/v1/teardown'),
      /answered 409: A teardown ends every task/,
    );
  });

  it('says itself how it is, and that its end is not the leader’s', async () => {
    const health = await callApi(directory, 'GET', '/v1/health');
    assert.deepEqual(health, { role: 'standby', connected: false, leader: world.remote.url });
    await assert.rejects(
      callApi(directory, 'POST', '/v1/stop'),
      /stands by: to stop the one that leads, ask that one/,
    );
  });

  it('shows that it does not lead in its own metrics, to whoever has the token', async () => {
    const { status, text } = await readAnswer(await openAnswer(directory, ['GET', '/metrics']));
    assert.equal(status, 200);
    assert.match(text, /^stevedore_leader 0$/m);
    const refused = await readAnswer(await openAnswer(remote('wrong'), ['GET', '/metrics']));
    assert.equal(refused.status, 401);
  });

  it('passes events on as they come, and ends with the leader’s stream', async () => {
    const controller = new AbortController();
    const answer = await openAnswer(directory, ['GET', '/v1/events'], { signal: controller.signal });
    assert.equal(answer.headers['content-type'], 'text/event-stream');
    assert.deepEqual(Object.keys(answer.headers).filter((name) => name === 'transfer-encoding').length, 1);
    const [first] = await answer.take(1).toArray();
    assert.match(String(first), /follows/);
    controller.abort();
  });

  it('says that nobody leads, as a scheduler that cannot be reached', async () => {
    leader = undefined;
    const answer = await readAnswer(await openAnswer(directory, ['GET', '/v1/status']));
    assert.equal(answer.status, 503);
    await assert.rejects(callApi(directory, 'GET', '/v1/status'), { code: 'ERR_API_UNREACHABLE' });
  });

  it('says where a leader is that listens on its socket only, or does not answer', async () => {
    leader = { apiUrl: '', pid: 77, host: 'h7', sinceMs: 0 };
    await assert.rejects(
      callApi(directory, 'GET', '/v1/status'),
      /process 77 on h7, whose API listens on its socket only/,
    );
    leader = { apiUrl: 'https://127.0.0.1:1', pid: 77, host: 'h7', sinceMs: 0 };
    await assert.rejects(callApi(directory, 'GET', '/v1/status'), /127\.0\.0\.1:1: connect ECONNREFUSED/);
  });

  it('never passes on twice, should two hold each other for the leader', async () => {
    leader = { apiUrl: standby.url ?? '', caPem: standby.caPem, pid: 1, host: 'here', sinceMs: 0 };
    await assert.rejects(callApi(directory, 'GET', '/v1/status'), {
      code: 'ERR_API_UNREACHABLE',
      message: /no scheduler leads/,
    });
  });

  describe('and a request line that names another server', () => {
    let other: Server;
    const seen: (string | undefined)[] = [];

    before(async () => {
      other = createServer((request, response) => {
        seen.push(request.headers.authorization);
        response.end('other');
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    });
    after(() => new Promise<void>((resolve) => other.close(() => resolve())));

    /** The request line as it is: no client library would send it. */
    async function send(target: string): Promise<string> {
      const socket = connect(join(directory, 'api.sock'));
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      return (await socket.toArray()).join('');
    }

    it('is not passed on at all, and the token stays here', async () => {
      const { port } = other.address() as AddressInfo;
      const host = `127.0.0.1:${port}`;
      for (const target of [`//${host}/x`, `http://${host}/x`, `@${host}/x`, `/\\${host}/x`])
        assert.match(await send(target), /^HTTP\/1\.1 4\d\d /, target);
      assert.deepEqual(seen, []);
    });
  });
});
