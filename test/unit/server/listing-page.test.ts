import assert from 'node:assert/strict';
import { renderFetcherUri } from '../../../server/fetcher-uri.ts';
import { renderListingPage } from '../../../server/listing-page.ts';

const sha256 = '12'.repeat(32);
const named = (fileName: string) =>
  ({ sha256, sizeBytes: 2048, fileName, class: 'public', format: 'none' }) as const;

describe('listing page', () => {
  it('shows name, size, digest and a URI to paste', () => {
    const page = renderListingPage([named('flink.tgz')], 'http://host:8080');
    assert.match(page, /flink\.tgz<\/a>/);
    assert.match(page, /2\.0 KiB/);
    assert.match(page, new RegExp(`http://host:8080/artifacts/${sha256}/flink.tgz`));
  });

  it('takes no name for markup', () => {
    const page = renderListingPage([named(`"><script>alert('1')</script>`)], 'http://host');
    assert.doesNotMatch(page, /<script/);
  });
});

describe('fetcher URI', () => {
  it('extracts what the fetcher can unpack, and caches all', () => {
    const uri = renderFetcherUri(named('a.tgz'), 'http://h');
    assert.deepEqual(uri, { value: `http://h/artifacts/${sha256}/a.tgz`, extract: true, cache: true });
    for (const name of ['a.tar.zst', 'a.jar', 'node']) {
      assert.equal(renderFetcherUri(named(name), 'http://h').extract, false);
    }
  });

  it('gives the sandbox file its own name where the URL had to escape it', () => {
    const uri = renderFetcherUri(named("it's a.tgz"), 'http://h');
    assert.match(uri.value, /\/it%27s%20a\.tgz$/);
    assert.equal(uri.output_file, 'it_s a.tgz');
  });
});
