import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { renderArtifactPath } from '../../../protocol/artifact.ts';
import { ask } from './http-client.ts';
import { openArtifactIntake } from '../../../server/artifact-server.ts';
import { TestServer, createLog } from './test-server.ts';
import { type Behaviour, Upstream } from './upstream.ts';

const content = randomBytes(700_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const send: Behaviour = (_request, response) => {
  response.writeHead(200, { 'Content-Length': content.length }).end(content);
};
const archive = gzipSync(content);
const held: (() => void)[] = [];

const BEHAVIOURS: Record<string, Behaviour> = {
  '/a.tgz': send,
  '/moved.tgz': (_request, response) => response.writeHead(302, { Location: '/a.tgz' }).end(),
  '/chunked.tgz': (_request, response) => response.writeHead(200).end(content),
  '/gone.tgz': (_request, response) => response.writeHead(410).end(),
  '/slow.tgz': (request, response) => void setTimeout(() => send(request, response), 100),
  '/held.tgz': (_request, response) => {
    response.writeHead(200, { 'Content-Length': content.length }).write(content.subarray(0, 1000));
    held.push(() => response.end(content.subarray(1000)));
  },
  '/cut.tgz': (_request, response) => {
    response.writeHead(200, { 'Content-Length': content.length });
    response.write(content.subarray(0, 300_000), () => response.destroy());
  },
  '/cut-chunked.tgz': (_request, response) => {
    response.writeHead(200).write(content.subarray(0, 300_000), () => response.destroy());
  },
  '/encoded.tgz': (_request, response) =>
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': archive.length }).end(archive),
  '/private.tgz': (request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
    if (isKnown) send(request, response);
    else response.writeHead(401).end();
  },
};

describe('an intake without a server', () => {
  it('fills the store of a server that opens later', async () => {
    const upstream = await new Upstream(BEHAVIOURS).start();
    const first = await TestServer.start();
    await first.server.close(0);
    const intake = await openArtifactIntake({ storeDirectory: first.path('store'), log: createLog() });
    const entry = await intake.addUrl(upstream.url('/a.tgz'), {});
    intake.close();
    const url = upstream.url('/a.tgz');
    await upstream.stop();
    const test = await TestServer.start({ directory: first.directory });
    try {
      assert.deepEqual(await test.server.addUrl(url, {}), entry);
    } finally {
      await test.stop();
    }
  });
});

describe('pull-through', () => {
  let test: TestServer;
  let upstream: Upstream;
  beforeEach(async () => {
    upstream = await new Upstream(BEHAVIOURS).start();
    test = await TestServer.start();
  });
  afterEach(async () => {
    await test.stop();
    await upstream.stop();
  });

  it('fetches once, serves under the digest, and asks no more, also after a restart', async () => {
    const entry = await test.server.addUrl(upstream.url('/a.tgz'), {});
    assert.deepEqual(entry, {
      sha256,
      sizeBytes: content.length,
      fileName: 'a.tgz',
      class: 'public',
      format: 'tar.gz',
    });
    assert.ok((await ask(`${test.server.plainUrl}${renderArtifactPath(entry)}`)).body.equals(content));
    assert.deepEqual(await test.server.addUrl(upstream.url('/a.tgz'), {}), entry);
    await test.server.close(0);
    test = await TestServer.start({ directory: test.directory });
    assert.deepEqual(await test.server.addUrl(upstream.url('/a.tgz'), {}), entry);
    assert.equal(upstream.requests.length, 1);
  });

  it('asks once for all who want it at the same time', async () => {
    const entries = await Promise.all(
      Array.from({ length: 8 }, () => test.server.addUrl(upstream.url('/slow.tgz'), {})),
    );
    assert.deepEqual(new Set(entries.map((entry) => entry.sha256)), new Set([sha256]));
    assert.equal(upstream.requests.length, 1);
  });

  for (const path of ['/moved.tgz', '/chunked.tgz']) {
    it(`follows ${path}`, async () => {
      assert.equal((await test.server.addUrl(upstream.url(path), {})).sha256, sha256);
    });
  }

  it('stores an archive as it lies there, whatever encoding is announced', async () => {
    const entry = await test.server.addUrl(upstream.url('/encoded.tgz'), {});
    assert.equal(entry.sha256, createHash('sha256').update(archive).digest('hex'));
  });

  it('reports progress up to the whole', async () => {
    const seen: [number, number | undefined][] = [];
    await test.server.addUrl(upstream.url('/a.tgz'), { progress: (done, total) => seen.push([done, total]) });
    assert.deepEqual(seen.at(-1), [content.length, content.length]);
  });

  it('accepts the digest that pins it, by option or fragment', async () => {
    assert.equal((await test.server.addUrl(upstream.url(`/a.tgz#sha256=${sha256}`), {})).sha256, sha256);
    assert.equal((await test.server.addUrl(upstream.url('/moved.tgz'), { sha256 })).sha256, sha256);
    assert.equal(
      upstream.requests.length,
      1,
      'a pinned artifact that is there is not fetched from elsewhere',
    );
  });

  it('refuses and discards what has another digest', async () => {
    const pin = '00'.repeat(32);
    await assert.rejects(test.server.addUrl(upstream.url('/a.tgz'), { sha256: pin }), {
      code: 'ERR_UPSTREAM_DIGEST',
      message: new RegExp(`${sha256}.*${pin}`),
    });
    assert.deepEqual(await readdir(test.path('store', 'artifacts')), []);
    assert.deepEqual(await readdir(test.path('store', 'unfinished')), []);
  });

  const statuses: Record<string, number> = { '/nothing.tgz': 404, '/gone.tgz': 410, '/private.tgz': 401 };
  for (const [path, status] of Object.entries(statuses)) {
    it(`says that the upstream answered ${status}, and who it is`, () =>
      assert.rejects(test.server.addUrl(upstream.url(path), {}), {
        code: 'ERR_UPSTREAM_STATUS',
        message: new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status} .*${path}`),
      }));
  }

  for (const path of ['/cut.tgz', '/cut-chunked.tgz']) {
    it(`keeps nothing of ${path}, and fetches it anew when asked again`, async () => {
      await assert.rejects(test.server.addUrl(upstream.url(path), {}), { code: 'ERR_UPSTREAM_CUT' });
      assert.deepEqual(await readdir(test.path('store', 'unfinished')), []);
      await assert.rejects(test.server.addUrl(upstream.url(path), {}), { code: 'ERR_UPSTREAM_CUT' });
      assert.equal(upstream.requests.length, 2);
    });
  }

  it('gives up an upstream that sends nothing any more', async () => {
    await test.server.close(0);
    test = await TestServer.start({ directory: test.directory, stallTimeoutMs: 100 });
    await assert.rejects(test.server.addUrl(upstream.url('/held.tgz'), {}), {
      code: 'ERR_UPSTREAM_CUT',
      message: /after 1000 of 700000 bytes: no byte came for 0\.1 s/,
    });
  });

  it('goes through the proxy of the environment', async () => {
    const proxy = await new Upstream({ 'http://upstream.example/a.tgz': send }).start();
    process.env.HTTP_PROXY = proxy.url('');
    try {
      assert.equal((await test.server.addUrl('http://upstream.example/a.tgz', {})).sha256, sha256);
    } finally {
      delete process.env.HTTP_PROXY;
      await proxy.stop();
    }
  });

  it('says that nothing listens', async () => {
    const url = upstream.url('/a.tgz');
    await upstream.stop();
    await assert.rejects(test.server.addUrl(url, {}), {
      code: 'ERR_UPSTREAM_UNREACHABLE',
      message: /nothing listens there/,
    });
    await upstream.start();
  });

  it('sends the credentials of a URL in a header and tells them to nobody', async () => {
    const url = upstream.url('/private.tgz').replace('//', '//me:s3cret@');
    const entry = await test.server.addUrl(url, {});
    assert.equal(entry.sha256, sha256);
    await assert.rejects(
      test.server.addUrl(url.replace('private', 'nothing'), {}),
      (error: Error) => !error.message.includes('s3cret'),
    );
    assert.doesNotMatch(JSON.stringify(test.log.lines), /s3cret/);
  });

  it('stops when nobody waits any more', async () => {
    const controller = new AbortController();
    const pulling = test.server.addUrl(upstream.url('/held.tgz'), { signal: controller.signal });
    while (upstream.requests.length === 0) await sleep(5);
    const closed = once(upstream.requests[0]?.socket as NodeJS.EventEmitter, 'close');
    controller.abort(new Error('enough'));
    await assert.rejects(pulling, /enough/);
    await closed;
  });

  it('ends what is under way when the server closes', async () => {
    const pulling = test.server.addUrl(upstream.url('/held.tgz'), {});
    const rejected = assert.rejects(pulling, /closing/);
    while (upstream.requests.length === 0) await sleep(5);
    await test.server.close(0);
    await rejected;
  });

  it('fetches again what was damaged in the store', async () => {
    await test.server.addUrl(upstream.url('/a.tgz'), {});
    await truncate(test.path('store', 'artifacts', sha256), 100);
    const entry = await test.server.addUrl(upstream.url('/a.tgz'), {});
    assert.equal(upstream.requests.length, 2);
    assert.ok((await ask(`${test.server.plainUrl}${renderArtifactPath(entry)}`)).body.equals(content));
  });

  it('serves a file: URL where it lies, and holds it to its pin', async () => {
    await writeFile(test.path('local.tar'), content);
    const url = pathToFileURL(test.path('local.tar')).href;
    const entry = await test.server.addUrl(`${url}#sha256=${sha256}`, {});
    assert.equal(entry.format, 'tar');
    await assert.rejects(test.server.addUrl(url, { sha256: '00'.repeat(32) }), {
      code: 'ERR_UPSTREAM_DIGEST',
    });
    await assert.rejects(test.server.addUrl(`${url}x`, {}), { code: 'ERR_ARTIFACT_FILE' });
  });
});
