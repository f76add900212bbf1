import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { renderArtifactPath } from '../../../protocol/artifact.ts';
import { ask } from './http-client.ts';
import { TestServer } from './test-server.ts';

const run = promisify(execFile);

describe('a file that changes after its registration', () => {
  let test: TestServer;
  before(async () => {
    test = await TestServer.start();
  });
  after(() => test.stop());

  const changes: Record<string, (path: string) => Promise<void>> = {
    grows: (path) => appendFile(path, 'x'),
    'is replaced by one of the same size and time': async (path) => {
      const copy = await readFile(path);
      await writeFile(`${path}.new`, copy.fill(1));
      await utimes(`${path}.new`, 1, 1);
      await rename(`${path}.new`, path);
    },
    'is touched': (path) => utimes(path, 5, 5),
    vanishes: (path) => rm(path),
    'becomes a FIFO': async (path) => {
      await rm(path);
      await run('mkfifo', [path]);
    },
  };
  for (const [change, perform] of Object.entries(changes)) {
    for (const sizeBytes of [100, 200_000]) {
      it(`is refused when it ${change} (${sizeBytes} bytes)`, async () => {
        const path = test.path('changing.tar');
        await rm(path, { force: true });
        await writeFile(path, randomBytes(sizeBytes));
        await utimes(path, 1, 1);
        const entry = await test.server.addFile(path, { class: 'public' });
        const url = `${test.server.plainUrl}${renderArtifactPath(entry)}`;
        assert.equal((await ask(url)).status, 200);
        await perform(path);
        assert.equal((await ask(url, { method: 'HEAD' })).status, 410);
        const answer = await ask(url);
        assert.equal(answer.status, 410);
        assert.equal(JSON.parse(answer.body.toString()).code, 'ERR_ARTIFACT_CHANGED');
        assert.ok(!answer.body.toString().includes(test.directory), 'no path of this host goes out');
        assert.equal(test.log.lines.at(-1)?.level, 'error');
      });
    }
  }

  it('is not registered when it is no regular file or not there', async () => {
    for (const path of [test.directory, test.path('nowhere'), '/dev/null']) {
      await assert.rejects(test.server.addFile(path, { class: 'public' }), {
        code: 'ERR_ARTIFACT_FILE',
        message: new RegExp(path),
      });
    }
  });

  it('cuts a transfer during which the file changes', async () => {
    const path = test.path('during.tar');
    await writeFile(path, randomBytes(64 * 1024 * 1024));
    const entry = await test.server.addFile(path, { class: 'public' });
    const socket = connect(Number(new URL(test.server.plainUrl as string).port), '127.0.0.1');
    socket.write(`GET ${renderArtifactPath(entry)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'readable');
    await utimes(path, 7, 7);
    let received = 0;
    socket.on('data', (piece: Buffer) => {
      received += piece.length;
    });
    await once(socket, 'close');
    assert.ok(received < entry.sizeBytes, `${received} bytes came`);
  });
});
