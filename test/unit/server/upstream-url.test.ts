import assert from 'node:assert/strict';
import { parseUpstream } from '../../../server/upstream-url.ts';

const pin = 'ab'.repeat(32);

describe('upstream URL', () => {
  it('is called like the end of its path, without query', () => {
    const upstream = parseUpstream('https://mirror.example/dist/a%20b.tgz?signature=s3cret');
    assert.equal(upstream.fileName, 'a b.tgz');
    assert.equal(upstream.url, 'https://mirror.example/dist/a%20b.tgz?signature=s3cret');
    assert.equal(upstream.shown, 'https://mirror.example/dist/a%20b.tgz');
  });

  it('keeps credentials for the header and shows them nowhere', () => {
    const upstream = parseUpstream('https://me:p%40ss@mirror.example/a.tgz');
    assert.equal(upstream.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    assert.doesNotMatch(`${upstream.url} ${upstream.shown} ${upstream.host}`, /p%40ss|p@ss/);
  });

  it('is pinned by option or fragment, and refuses two pins that differ', () => {
    assert.equal(parseUpstream(`http://h/a#sha256=${pin.toUpperCase()}`).sha256, pin);
    assert.equal(parseUpstream('http://h/a', { sha256: pin }).sha256, pin);
    assert.equal(parseUpstream(`http://h/a#sha256=${pin}`, { sha256: pin }).sha256, pin);
    assert.throws(() => parseUpstream(`http://h/a#sha256=${pin}`, { sha256: 'cd'.repeat(32) }), {
      code: 'ERR_UPSTREAM_URL',
    });
    assert.throws(() => parseUpstream('http://h/a#sha256=12'), { code: 'ERR_ARTIFACT_DIGEST_SYNTAX' });
  });

  for (const url of ['ftp://h/a', 'no url', 'http://h/', 'http://h/dir/', 'http://h/%']) {
    it(`refuses ${url}`, () => assert.throws(() => parseUpstream(url), { code: 'ERR_UPSTREAM_URL' }));
  }

  it('shows no password of a URL that it refuses', () => {
    assert.throws(
      () => parseUpstream('ftp://me:s3cret@h/a'),
      (error: Error) => !error.message.includes('s3cret'),
    );
  });
});
