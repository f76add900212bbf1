import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProperties, renderProperties } from '../../../config/properties.ts';

const entriesOf = (text: string) => parseProperties(text, 'x.properties').entries;

describe('properties', () => {
  it('reads separators, comments, continuations and escapes as Java does', () => {
    const text =
      '# a comment with a \\user path\n a = 1\n! another\nb:2\nc 3\nd=x\\\n   y\\\n  z\ne\\ f\\=g=\\u00e9\\t\\\\u0041\n\nlast';
    assert.deepEqual(entriesOf(text), [
      { key: 'a', value: '1', line: 2 },
      { key: 'b', value: '2', line: 4 },
      { key: 'c', value: '3', line: 5 },
      { key: 'd', value: 'xyz', line: 6 },
      { key: 'e f=g', value: 'é\t\\u0041', line: 9 },
      { key: 'last', value: '', line: 11 },
    ]);
  });

  it('reads a Unicode escape that a continuation splits', () => {
    assert.equal(entriesOf('a=\\u00\\\n  e9')[0]?.value, 'é');
  });

  it('names file and line of every malformed escape, and keeps the other entries', () => {
    const { entries, problems } = parseProperties(
      'a=\\u12\nb=ok\nc\\uzzzz=1\nd=\\u\\u0041',
      'conf/site.properties',
    );
    assert.deepEqual(
      problems.map((problem) => [problem.code, problem.fields['line'], problem.fields['value']]),
      [
        ['ERR_PROPERTIES_ESCAPE', 1, '\\u12'],
        ['ERR_PROPERTIES_ESCAPE', 3, '\\uzzzz'],
        ['ERR_PROPERTIES_ESCAPE', 4, '\\u'],
      ],
    );
    assert.match(problems[0]?.message ?? '', /^conf\/site\.properties:1: /);
    assert.equal(entries[1]?.value, 'ok');
  });

  it('writes plain ASCII in which nothing is a separator, comment or line break by accident', () => {
    const text = renderProperties([{ key: '# k=', value: '  é #!=:\n\\😀' }]);
    assert.match(text, /^[\x20-\x7e]*\n$/);
  });

  it('reads back what it wrote', () => {
    const entry = fc
      .tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
      .map(([key, value]) => ({ key, value }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const { entries: read, problems } = parseProperties(renderProperties(entries), 'x');
        assert.deepEqual(problems, []);
        assert.deepEqual(
          read.map(({ key, value }) => ({ key, value })),
          entries,
        );
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      '\\',
      'u',
      '0041',
      '=',
      ':',
      ' ',
      '\n',
      '\r\n',
      '#',
      '!',
      'a',
      '\ue000',
      '\f',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        parseProperties(pieces.join(''), 'x');
      }),
    );
  });
});
