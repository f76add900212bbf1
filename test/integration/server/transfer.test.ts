import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import {
  type ArtifactManifestEntry,
  renderArtifactPath,
  renderTaskAuthorization,
} from '../../../protocol/artifact.ts';
import { ask, askRaw } from './http-client.ts';
import { TestServer } from './test-server.ts';

const run = promisify(execFile);
const content = randomBytes(3 * 1024 * 1024 + 17);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('transfer', () => {
  let test: TestServer;
  let entry: ArtifactManifestEntry;
  let plain: string;
  let tls: string;

  before(async () => {
    test = await TestServer.start();
    await writeFile(test.path('big file.tar'), content);
    entry = await test.server.addFile(test.path('big file.tar'), { class: 'public' });
    plain = `${test.server.plainUrl}${renderArtifactPath(entry)}`;
    tls = `${test.server.tlsUrl}${renderArtifactPath(entry)}`;
  });
  after(() => test.stop());

  it('that takes over tells clients to ask again until all that it has is there', async () => {
    const next = await TestServer.start({ takesOver: true });
    try {
      const url = `${next.server.plainUrl}${renderArtifactPath(entry)}`;
      const early = await ask(url);
      assert.equal(early.status, 503);
      assert.match(early.body.toString(), /ERR_ARTIFACT_NOT_READY/);
      next.server.complete();
      assert.equal((await ask(url)).status, 404);
    } finally {
      await next.stop();
    }
  });

  it('names a file by its digest, size and format', () => {
    assert.deepEqual(entry, {
      sha256: digest(content),
      sizeBytes: content.length,
      fileName: 'big file.tar',
      class: 'public',
      format: 'tar',
    });
  });

  it('gives every byte over TLS to a client that pins the CA, and none without', async () => {
    const answer = await ask(tls, { ca: test.server.caPem });
    assert.equal(digest(answer.body), entry.sha256);
    await assert.rejects(ask(tls), /unable to verify|self-signed|local issuer/);
  });

  it('gives the fetcher, which sends three lines only, exactly 200 with the length', async () => {
    const target = renderArtifactPath(entry);
    const socket = connect(Number(new URL(plain).port), '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    assert.match(head.toString('latin1'), /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(head.toString('latin1'), new RegExp(`\r\nContent-Length: ${content.length}\r\n`));
    assert.doesNotMatch(head.toString('latin1'), /transfer-encoding/i);
  });

  it('serves curl ranges and HEAD', async () => {
    const ca = test.path('certs', 'ca.pem');
    const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
    const part = await run('curl', ['-sS', '-r', '262100-600000', '--cacert', ca, tls], options);
    assert.deepEqual(part.stdout, content.subarray(262_100, 600_001));
    const last = await run('curl', ['-sS', '-r', '-17', plain], options);
    assert.deepEqual(last.stdout, content.subarray(-17));
    const head = await run('curl', ['-sS', '-I', plain]);
    assert.match(head.stdout, new RegExp(`^HTTP/1.1 200 OK\r\n[^]*Content-Length: ${content.length}\r\n`));
  });

  it('answers any part exactly', async () => {
    const place = fc.nat(content.length - 1);
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const answer = await ask(plain, { headers: { Range: `bytes=${first}-${last}` } });
        assert.equal(answer.status, 206);
        assert.ok(answer.body.equals(content.subarray(first, last + 1)));
      }),
      { numRuns: 15 },
    );
  });

  it('completes 64 downloads at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => ask(tls, { ca: test.server.caPem }).then(({ body }) => digest(body))),
    );
    assert.deepEqual(new Set(answers), new Set([entry.sha256]));
  });

  it('serves several requests over one connection', async () => {
    const target = renderArtifactPath(entry);
    const two = `GET ${target} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-3\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const answers = await askRaw(plain, two);
    assert.ok(answers.includes(content.subarray(0, 4).toString('latin1')));
    assert.match(answers, /\{"status":"ok"\}$/);
  });

  it('serves small files from memory, empty ones too', async () => {
    for (const text of ['', 'small']) {
      await writeFile(test.path('small'), text);
      const small = await test.server.addFile(test.path('small'), { class: 'public' });
      const answer = await ask(`${test.server.plainUrl}${renderArtifactPath(small)}`);
      assert.equal(answer.body.toString(), text);
    }
  });

  it('gives a secret over a real TLS connection to its task', async () => {
    const secret = test.server.addBytes('site.conf', Buffer.from('password=1'), 'secret');
    const token = test.token('task-1', secret.sha256);
    const url = `${test.server.tlsUrl}${renderArtifactPath(secret)}`;
    const headers = { Authorization: renderTaskAuthorization('task-1', token) };
    const answer = await ask(url, { ca: test.server.caPem, headers });
    assert.equal(answer.body.toString(), 'password=1');
    assert.equal((await ask(url, { ca: test.server.caPem })).status, 401);
    assert.equal(
      (await ask(url.replace(test.server.tlsUrl, test.server.plainUrl as string), { headers })).status,
      404,
    );
  });

  it('keeps a directory and a URL secret when asked to', async () => {
    const options = { class: 'secret', topFolder: 'conf' } as const;
    const file = test.path('keytab');
    await writeFile(file, 'key');
    const entries = [
      await test.server.addDirectory(test.path('certs'), options),
      await test.server.addUrl(pathToFileURL(file).href, { class: 'secret' }),
    ];
    for (const entry of entries) {
      assert.equal(entry.class, 'secret');
      assert.equal((await ask(`${test.server.plainUrl}${renderArtifactPath(entry)}`)).status, 404);
    }
    assert.doesNotMatch((await ask(`${test.server.plainUrl}/`)).body.toString(), /conf\.tar|keytab/);
  });

  it('reaches nothing but registered artifacts, however a request is spelled', async () => {
    await writeFile(test.path('unregistered'), 'PLANTED');
    const segment = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '%5c',
      '\\',
      '%00',
      '',
      'store',
      'certs',
      'ca-with-key.pem',
      'unregistered',
      'artifacts',
      entry.sha256,
      'big%20file.tar',
      encodeURIComponent(test.directory),
      test.directory,
      '?',
      '#',
      '%',
    );
    const prefix = fc.constantFrom(
      '/',
      '//',
      '',
      'http://x/',
      'file://',
      '/artifacts/',
      `/artifacts/${entry.sha256}/`,
    );
    await fc.assert(
      fc.asyncProperty(prefix, fc.array(segment, { maxLength: 6 }), async (start, segments) => {
        const target = `${start}${segments.join('/')}` || '/';
        const answer = await askRaw(
          plain,
          `GET ${target} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0\r\nConnection: close\r\n\r\n`,
        );
        const isArtifact = answer.startsWith('HTTP/1.1 206');
        if (isArtifact) assert.ok(answer.includes(entry.sha256), target);
        assert.doesNotMatch(answer, /PLANTED|PRIVATE KEY/, target);
        assert.match(answer, /^HTTP\/1\.1 (?:200|206|400|404) /, target);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the absolute form of a target', async () => {
    const target = `http://some-proxy${renderArtifactPath(entry)}`;
    const answer = await askRaw(plain, `HEAD ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 /);
  });

  it('forgets what was removed', async () => {
    const gone = test.server.addBytes('gone', Buffer.from('gone'), 'public');
    test.server.remove(gone.sha256);
    assert.equal((await ask(`${test.server.plainUrl}${renderArtifactPath(gone)}`)).status, 404);
  });
});
