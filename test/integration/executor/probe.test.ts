import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awaitReady } from '../../../executor/effects/probe.ts';
import type { ProbeSpec } from '../../../protocol/launch-spec.ts';
import { findFreePort } from './launch-fixture.ts';

const FOREVER = new AbortController().signal;

describe('readiness probe', () => {
  let server: Server;
  let answer: { status: number } | 'silence';
  let probe: ProbeSpec;

  beforeEach(async () => {
    answer = { status: 200 };
    server = createServer((_request, response) => {
      if (answer !== 'silence') response.writeHead(answer.status, { Location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    probe = {
      kind: 'http',
      host: '127.0.0.1',
      port,
      path: '/ready',
      intervalMs: 20,
      timeoutMs: 100,
      deadlineMs: 300,
    };
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('takes 200 to 399 over HTTP as ready', async () => {
    await awaitReady(probe, FOREVER);
    answer = { status: 302 };
    await awaitReady(probe, FOREVER);
  });

  it('asks again until it is ready', async () => {
    answer = { status: 503 };
    setTimeout(() => {
      answer = { status: 204 };
    }, 100);
    await awaitReady(probe, FOREVER);
  });

  it('says after the deadline what the last answer was', async () => {
    answer = { status: 404 };
    await assert.rejects(awaitReady(probe, FOREVER), {
      code: 'ERR_NOT_READY',
      message: /not ready after 300ms: http:\/\/127\.0\.0\.1:\d+\/ready answers 404\./,
    });
  });

  it('gives up on a server that does not answer', async () => {
    answer = 'silence';
    await assert.rejects(awaitReady(probe, FOREVER), /no answer from 127\.0\.0\.1:\d+ within 100ms/);
  });

  it('is content with an open port when it asks over TCP', async () => {
    await awaitReady({ ...probe, kind: 'tcp' }, FOREVER);
    const closed = { ...probe, kind: 'tcp' as const, port: await findFreePort() };
    await assert.rejects(awaitReady(closed, FOREVER), new RegExp(`127.0.0.1:${closed.port} refused`));
  });

  it('ends with its signal', async () => {
    answer = { status: 503 };
    const signal = AbortSignal.timeout(50);
    await assert.rejects(awaitReady({ ...probe, deadlineMs: 60_000 }, signal), { name: /Abort|Timeout/ });
  });
});
