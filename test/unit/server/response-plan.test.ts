import assert from 'node:assert/strict';
import { planResponse } from '../../../server/response-plan.ts';

const sha256 = 'ab'.repeat(32);
const entry = { sha256, sizeBytes: 100, fileName: 'a.tar', class: 'public', format: 'tar' } as const;
const tag = `"${sha256}"`;
const get = (headers: Record<string, string> = {}) => planResponse({ method: 'GET', headers }, entry);

describe('response plan', () => {
  it('answers exactly 200 with the length, a strong tag, the digest and a year of caching', () => {
    const plan = get();
    assert.ok(plan.kind === 'bytes');
    assert.equal(plan.status, 200);
    assert.deepEqual([plan.offset, plan.length], [0, 100]);
    assert.equal(plan.headers['Content-Length'], 100);
    assert.equal(plan.headers.ETag, tag);
    assert.equal(plan.headers['Cache-Control'], 'public, max-age=31536000, immutable');
    assert.equal(plan.headers['Repr-Digest'], `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
  });

  it('forbids any cache to keep a secret', () => {
    const plan = planResponse({ method: 'GET', headers: {} }, { ...entry, class: 'secret' });
    assert.equal(plan.headers['Cache-Control'], 'no-store');
  });

  it('answers HEAD like GET, without a body, and ignores its range', () => {
    const plan = planResponse({ method: 'HEAD', headers: { range: 'bytes=0-1' } }, entry);
    assert.ok(plan.kind === 'empty');
    assert.equal(plan.status, 200);
    assert.deepEqual(plan.headers, get().headers);
  });

  for (const header of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    it(`answers 304 to If-None-Match: ${header}`, () => {
      const plan = get({ 'if-none-match': header, range: 'bytes=0-1' });
      assert.ok(plan.kind === 'empty');
      assert.equal(plan.status, 304);
      assert.equal(plan.headers['Content-Length'], undefined);
    });
  }

  it('answers the whole to a tag of other bytes', () => {
    assert.equal(get({ 'if-none-match': '"other"' }).kind, 'bytes');
  });

  it('answers 206 with the part and its place', () => {
    const plan = get({ range: 'bytes=10-19' });
    assert.ok(plan.kind === 'bytes');
    assert.deepEqual([plan.status, plan.offset, plan.length], [206, 10, 10]);
    assert.equal(plan.headers['Content-Range'], 'bytes 10-19/100');
    assert.equal(plan.headers['Content-Length'], 10);
  });

  it('answers a part only while If-Range names these bytes', () => {
    const statusOf = (ifRange: string) => {
      const plan = get({ range: 'bytes=0-9', 'if-range': ifRange });
      return plan.kind === 'bytes' && plan.status;
    };
    assert.equal(statusOf(tag), 206);
    assert.equal(statusOf(`W/${tag}`), 200);
    assert.equal(statusOf('"other"'), 200);
    assert.equal(statusOf('Wed, 21 Oct 2015 07:28:00 GMT'), 200);
  });

  it('tells the size when no byte of the range exists', () => {
    const plan = get({ range: 'bytes=100-' });
    assert.equal(plan.kind, 'unsatisfiable');
    assert.equal(plan.headers['Content-Range'], 'bytes */100');
  });
});
