import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderArtifactPath } from '../../../protocol/artifact.ts';
import { parseArtifactPath, toRequestPath } from '../../../server/artifact-path.ts';

const sha256 = '0f'.repeat(32);

describe('artifact path', () => {
  it('reads back whatever name was written', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !name.includes('/')),
        (fileName) => {
          const path = renderArtifactPath({ sha256, fileName });
          assert.deepEqual(parseArtifactPath(toRequestPath(path)), { sha256, fileName });
          assert.doesNotMatch(path, /['\\\0 ]/, 'Mesos refuses such URIs');
        },
      ),
    );
  });

  it('takes the absolute form and drops query and fragment', () => {
    assert.equal(toRequestPath('http://host:80/artifacts/x?y#z'), '/artifacts/x');
    assert.equal(toRequestPath('HTTPS://[::1]/a'), '/a');
    assert.equal(toRequestPath('*'), '*');
  });

  const wrong = [
    '/artifacts/',
    `/artifacts/${sha256}`,
    `/artifacts/${sha256}/`,
    `/artifacts/${sha256.toUpperCase()}/a`,
    `/artifacts/${sha256}/a/b`,
    `/artifacts/${sha256}/%`,
    `/artifacts/${sha256}/%ff`,
    `/artifacts/../${sha256}/a`,
    `//artifacts/${sha256}/a`,
    `/artifacts/${sha256.slice(1)}/a`,
  ];
  for (const path of wrong) {
    it(`finds no artifact in ${path.replace(sha256, '<sha256>')}`, () =>
      assert.equal(parseArtifactPath(path), undefined));
  }
});
