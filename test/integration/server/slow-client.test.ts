import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type ArtifactManifestEntry, renderArtifactPath } from '../../../protocol/artifact.ts';
import { TestServer } from './test-server.ts';

describe('slow and vanishing clients', () => {
  let test: TestServer;
  let entry: ArtifactManifestEntry;
  before(async () => {
    test = await TestServer.start({ idleTimeoutMs: 300 });
    await writeFile(test.path('large'), Buffer.alloc(64 * 1024 * 1024));
    entry = await test.server.addFile(test.path('large'), { class: 'public' });
  });
  after(() => test.stop());

  const request = () => `GET ${renderArtifactPath(entry)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const isClientGone = () =>
    test.log.lines.some((line) => line.text === 'client went away during a transfer');

  async function untilClientGone(): Promise<void> {
    for (let waited = 0; !isClientGone() && waited < 5000; waited += 20) await sleep(20);
    assert.ok(isClientGone());
    test.log.lines.splice(0);
  }

  it('ends the transfer of a client that vanishes', async () => {
    const socket = connect(Number(new URL(test.server.plainUrl as string).port), '127.0.0.1');
    socket.write(request());
    await once(socket, 'data');
    socket.destroy();
    await untilClientGone();
  });

  it('cuts a client that takes nothing, over plain HTTP', async () => {
    const socket = connect(Number(new URL(test.server.plainUrl as string).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(request());
    await untilClientGone();
    socket.destroy();
  });

  it('cuts a client that takes nothing, over TLS', async () => {
    const port = Number(new URL(test.server.tlsUrl).port);
    const socket = connectTls({ port, host: '127.0.0.1', ca: test.server.caPem });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.pause();
    socket.write(request());
    await untilClientGone();
    socket.destroy();
  });
});
