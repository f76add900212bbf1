import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compilePattern } from '../../../../../scheduler/core/constraints/pattern.ts';

const matches = (pattern: string, text: string): boolean => compilePattern(pattern).matches(text);

/** Sources with all that the automaton knows, of few letters so that they often match. */
const sources = fc.letrec<{ source: string }>((tie) => ({
  source: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '\\d',
      'a|b',
      '^',
      '$',
      '',
      'ab',
      '-',
      '\\.',
      ']',
      '}',
    ),
    fc.tuple(tie('source'), tie('source')).map(([left, right]) => `${left}${right}`),
    fc.tuple(tie('source'), tie('source')).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie('source'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,3}', '*?', '{0}'))
      .map(([source, quantifier]) => `(${source})${quantifier}`),
  ),
})).source;

describe('pattern', () => {
  it('matches the whole value', () => {
    assert.equal(matches('a.*', 'a1'), true);
    assert.equal(matches('a.*', 'ba1'), false);
    assert.equal(matches('a|ab', 'ab'), true);
    assert.equal(matches('', 'a'), false);
    assert.equal(matches('', ''), true);
  });

  it('agrees with RegExp wherever both know the syntax', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', '-', ']'), maxLength: 7 });
    fc.assert(
      fc.property(sources, texts, (source, text) => {
        assert.equal(matches(source, text), new RegExp(`^(?:${source})$`).test(text), `${source} on ${text}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time for patterns on which backtracking never ends', () => {
    const text = `${'a'.repeat(200)}!`;
    const startedAt = performance.now();
    for (const pattern of ['(a+)+b', '(a|aa)+b', '(.*)*x', '(a*)*b', '(\\w+\\s?)*:'])
      assert.equal(matches(pattern, text), false);
    assert.ok(performance.now() - startedAt < 1000);
  });

  it('knows the leading (?i) of Java', () => {
    assert.equal(matches('(?i)RACK-[A-C]', 'rack-b'), true);
  });

  it('takes lookaround and back references, which need backtracking, where no group repeats', () => {
    assert.equal(matches('(?!bad).*', 'good'), true);
    assert.equal(matches('(?!bad).*', 'bad1'), false);
    assert.equal(matches('(a|b)-\\1', 'b-b'), true);
    assert.throws(() => compilePattern('(?=a)(a+)+b'), /beside a repeated group/);
    assert.throws(() => compilePattern('(?!x)a*a*a*a*b'), /or many repeats/);
    assert.equal(matches('(?!x)[^)]*\\)*', 'ab))'), true);
    assert.equal(matches('(?i:A)b', 'ab'), true);
  });

  it('says why something is no pattern', () => {
    assert.throws(() => compilePattern('a('), /Unterminated group/);
    assert.throws(() => compilePattern('a)(b'), /Unmatched '\)'/);
    assert.throws(() => compilePattern('*a'), /Nothing to repeat/);
    assert.throws(() => compilePattern('\\Qa.b\\E'), /'\\Q' means nothing/);
    assert.equal(matches('\\\\Q', '\\Q'), true);
    assert.equal(matches('(?:){1000000000}a', 'a'), true);
    assert.throws(() => compilePattern('[a-z&&[^b]]'), /means nothing/);
    assert.throws(() => compilePattern('((a{500}){500}){500}'), /repeats too much/);
  });
});
