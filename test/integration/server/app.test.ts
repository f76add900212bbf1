import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import request from 'supertest';
import { renderArtifactPath, renderTaskAuthorization } from '../../../protocol/artifact.ts';
import { createApp } from '../../../server/app.ts';
import { BufferPool } from '../../../server/buffer-pool.ts';
import { ArtifactRegister } from '../../../server/register.ts';
import { createLog } from './test-server.ts';

const bytes = Buffer.from('0123456789');
const entry = {
  sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
  sizeBytes: 10,
  fileName: 'digits.txt',
  class: 'public',
  format: 'none',
} as const;
const secret = { ...entry, sha256: 'ab'.repeat(32), fileName: 'site.properties', class: 'secret' } as const;

describe('artifact application', () => {
  const log = createLog();
  const register = new ArtifactRegister();
  for (const item of [entry, secret]) register.add({ entry: item, content: { kind: 'memory', bytes } });
  const authorize = (taskId: string, _sha256: string, token: string) =>
    taskId === 'task-1' && token === 'good';
  const create = (isTls: boolean) =>
    createApp({
      register,
      authorize,
      pool: new BufferPool(),
      log,
      isTls,
      baseUrl: () => 'http://advertised:1',
    });
  const [plain, tls] = [create(false), create(true)].map((app) => request(app as RequestListener)) as [
    ReturnType<typeof request>,
    ReturnType<typeof request>,
  ];
  const path = renderArtifactPath(entry);
  const secretPath = renderArtifactPath(secret);
  beforeEach(() => log.lines.splice(0));

  it('answers GET with the bytes and HEAD without', async () => {
    const got = await plain.get(path).buffer(true).expect(200).expect('Content-Length', '10');
    assert.deepEqual(got.body, bytes);
    const head = await plain.head(path).expect(200).expect('Content-Length', '10');
    assert.equal(head.headers.etag, got.headers.etag);
  });

  it('answers a range, an unsatisfiable one and a known tag', async () => {
    const part = await plain.get(path).set('Range', 'bytes=2-4').expect(206);
    assert.equal(part.body.toString(), '234');
    const wrong = await plain.get(path).set('Range', 'bytes=10-').expect(416);
    assert.equal(wrong.headers['content-range'], 'bytes */10');
    assert.equal(wrong.body.code, 'ERR_ARTIFACT_RANGE');
    await plain.get(path).set('If-None-Match', `"${entry.sha256}"`).expect(304);
  });

  it('says what is wrong as problem+json', async () => {
    const answer = await plain.get('/artifacts/nothing').expect(404);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.equal(answer.body.status, 404);
    assert.equal(answer.body.code, 'ERR_ARTIFACT_NOT_FOUND');
    assert.match(answer.body.detail, /\/artifacts\/nothing/);
  });

  it('finds nothing under another name or another digest', async () => {
    await plain.get(renderArtifactPath({ ...entry, fileName: 'other' })).expect(404);
    await plain.get(renderArtifactPath({ ...entry, sha256: '00'.repeat(32) })).expect(404);
    await plain.get('/no-such-page').expect(404);
  });

  for (const method of ['post', 'put', 'delete', 'options', 'patch'] as const) {
    it(`answers 405 to ${method}, with what is allowed`, async () => {
      const answer = await plain[method](path).expect(405).expect('Allow', 'GET, HEAD');
      assert.equal(answer.body.code, 'ERR_ARTIFACT_METHOD');
    });
  }

  it('acts without TLS as if a secret did not exist, and logs who asked for what', async () => {
    const authorization = renderTaskAuthorization('task-1', 'good');
    const answer = await plain.get(secretPath).set('Authorization', authorization).expect(404);
    assert.equal(answer.body.code, 'ERR_ARTIFACT_NOT_FOUND');
    assert.equal(log.lines[0]?.text, 'secret artifact refused');
    assert.equal(log.lines[0]?.fields.sha256, secret.sha256);
  });

  it('gives a secret to its task, for no cache to keep', async () => {
    const authorization = renderTaskAuthorization('task-1', 'good');
    const answer = await tls.get(secretPath).set('Authorization', authorization).expect(200);
    assert.deepEqual(answer.body, bytes);
    assert.equal(answer.headers['cache-control'], 'no-store');
  });

  for (const header of [undefined, 'Basic abc', 'Bearer good', renderTaskAuthorization('task-2', 'good')]) {
    it(`refuses a secret to '${header}'`, async () => {
      const asking = tls.get(secretPath);
      if (header !== undefined) asking.set('Authorization', header);
      const answer = await asking.expect(401).expect('WWW-Authenticate', 'Bearer');
      assert.equal(answer.body.code, 'ERR_SECRET_UNAUTHORIZED');
      await tls.head(secretPath).expect(401);
      await tls.get(secretPath).set('If-None-Match', '*').expect(401);
    });
  }

  it('logs a refusal with task, digest and reason, never with the token', async () => {
    const authorization = renderTaskAuthorization('task-2', 'sEcReT');
    await tls.get(secretPath).set('Authorization', authorization).expect(401);
    const [line] = log.lines;
    assert.equal(line?.level, 'warn');
    assert.equal(line?.fields.taskId, 'task-2');
    assert.equal(line?.fields.sha256, secret.sha256);
    assert.ok(line?.fields.reason);
    assert.doesNotMatch(JSON.stringify(log.lines), /sEcReT/);
  });

  it('lists public artifacts only, under the advertised address, without scripts', async () => {
    const answer = await tls.get('/').set('Host', 'evil.example').expect(200);
    assert.match(answer.text, /http:\/\/advertised:1\/artifacts\/84d8/);
    assert.doesNotMatch(answer.text, /site\.properties|evil|<script/);
    assert.match(answer.headers['content-security-policy'] as string, /^default-src 'none'/);
  });

  it('never tells browsers to use TLS for the whole host', async () => {
    for (const app of [plain, tls]) {
      const answer = await app.get('/');
      assert.equal(answer.headers['strict-transport-security'], undefined);
      assert.doesNotMatch(answer.headers['content-security-policy'] as string, /upgrade-insecure/);
      assert.equal(answer.headers['x-powered-by'], undefined);
    }
  });

  it('is healthy', async () => {
    const answer = await plain.get('/healthz').expect(200);
    assert.deepEqual(answer.body, { status: 'ok' });
  });
});
