import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { awaitFreePorts } from '../../../executor/effects/port-check.ts';

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('port check', () => {
  const { signal } = new AbortController();

  it('names every port that another process listens on', async () => {
    const { server, port } = await listen();
    const check = { host: '127.0.0.1', ports: { rpc: port, web: 0 }, patienceMs: 0 };
    try {
      await assert.rejects(awaitFreePorts(check, signal), {
        code: 'ERR_TASK_PORT_TAKEN',
        message: new RegExp(`127\\.0\\.0\\.1 .*: ${port} \\(rpc\\)\\.`),
      });
    } finally {
      server.close();
    }
  });

  it('waits for a service that is still ending', async () => {
    const { server, port } = await listen();
    const free = awaitFreePorts({ host: '127.0.0.1', ports: { rpc: port }, patienceMs: 5000 }, signal);
    await sleep(50);
    server.close();
    await free;
  });

  it('ends with the task that it is for', async () => {
    const { server, port } = await listen();
    const stopping = new AbortController();
    const check = { host: '127.0.0.1', ports: { rpc: port }, patienceMs: 60_000 };
    const waiting = awaitFreePorts(check, stopping.signal);
    stopping.abort(new Error('stopped'));
    await assert.rejects(waiting, /stopped|aborted/);
    server.close();
  });
});
