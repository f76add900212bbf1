import assert from 'node:assert/strict';
import { checkFileName, formatOf, parseDigest } from '../../../server/artifact-format.ts';

describe('artifact format', () => {
  const formats: Record<string, string> = {
    'a.tar': 'tar',
    'a.tar.gz': 'tar.gz',
    'a.TGZ': 'tar.gz',
    'a.tar.zst': 'tar.zst',
    'a.zip': 'none',
    tar: 'none',
    'a.tar.xz': 'none',
    'a.tar.asc': 'none',
  };
  for (const [name, format] of Object.entries(formats)) {
    it(`takes ${name} for ${format}`, () => assert.equal(formatOf(name), format));
  }

  for (const name of ['', '.', '..', 'a/b', 'a\0b', 'a\nb', '\ud800']) {
    it(`refuses the name ${JSON.stringify(name)}`, () =>
      assert.throws(() => checkFileName(name), { code: 'ERR_ARTIFACT_NAME' }));
  }
  it('takes dots, blanks and other scripts', () => {
    for (const name of ['.bashrc', 'a b', 'snow ☃.tgz', '...']) assert.equal(checkFileName(name), name);
  });

  it('reads a digest in either case and refuses what is none', () => {
    assert.equal(parseDigest(` ${'AB'.repeat(32)}\n`), 'ab'.repeat(32));
    assert.throws(() => parseDigest('abc'), { code: 'ERR_ARTIFACT_DIGEST_SYNTAX', message: /'abc'/ });
  });
});
