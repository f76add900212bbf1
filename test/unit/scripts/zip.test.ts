import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { renderManifest } from '../../../scripts/assemble/jar-manifest.ts';
import { createZipEntry, parseZip, renderZip, unpackZipEntry } from '../../../scripts/assemble/zip.ts';

describe('zip archives', () => {
  it('come back as they were written, whatever is in them', () => {
    const entries = fc.array(fc.record({ name: fc.string({ minLength: 1 }), content: fc.string() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(entries, (written) => {
        const archive = renderZip(written.map(({ name, content }) => createZipEntry(name, content)));
        const read = parseZip('x.zip', archive).map((entry) => ({
          name: entry.name,
          content: Buffer.from(unpackZipEntry('x.zip', entry)).toString(),
        }));
        assert.deepEqual(
          read,
          written.map(({ name, content }) => ({
            name: Buffer.from(name).toString(),
            content: Buffer.from(content).toString(),
          })),
        );
      }),
    );
  });

  it('keep packed bytes and Unix modes when entries are dropped', () => {
    const packed = deflateRawSync(Buffer.from('hello hello hello'));
    const stored = createZipEntry('a', 'hello hello hello');
    const deflated = { ...stored, name: 'bin/b', method: 8, packed, attributes: (0o100755 << 16) >>> 0 };
    const [kept] = parseZip('x.jar', renderZip([stored, deflated])).filter(({ name }) => name !== 'a');
    assert.ok(kept);
    assert.equal(kept.attributes >>> 16, 0o100755);
    assert.equal(Buffer.from(unpackZipEntry('x.jar', kept)).toString(), 'hello hello hello');
  });

  it('are refused when damaged, by name', () => {
    assert.throws(() => parseZip('cut.jar', Buffer.from('PK')), /cut\.jar is no zip archive/);
    const archive = renderZip([createZipEntry('a', 'content')]);
    archive[archive.indexOf('content')] = 0;
    const [entry] = parseZip('bad.jar', archive);
    assert.ok(entry);
    assert.throws(() => unpackZipEntry('bad.jar', entry), /bad\.jar.*a is damaged/);
  });
});

describe('the manifest of a class path', () => {
  it('has no line longer than 72 bytes and unfolds to the class path', () => {
    const jars = Array.from({ length: 40 }, (_, index) => `jars/some-library-${index}.jar`);
    const text = renderManifest(jars);
    assert.ok(text.split('\r\n').every((line) => line.length <= 72));
    assert.equal(text.replaceAll('\r\n ', '').split('\r\n')[1], `Class-Path: ${jars.join(' ')}`);
  });
});
