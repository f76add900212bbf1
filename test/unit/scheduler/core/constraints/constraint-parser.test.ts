import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseConstraints,
  renderConstraints,
} from '../../../../../scheduler/core/constraints/constraint-parser.ts';
import { parseHostAttributes } from '../../../../../scheduler/core/constraints/host-attribute-parser.ts';
import {
  constraintsType,
  hostAttributesType,
} from '../../../../../scheduler/core/constraints/placement-options.ts';
import { OPERATORS } from '../../../../../scheduler/core/constraints/placement-rule.ts';

function read(text: string) {
  const { constraints, problems } = parseConstraints(text);
  assert.deepEqual(problems, []);
  return constraints;
}

const problemsOf = (text: string): string[] => parseConstraints(text).problems.map(({ message }) => message);
const codesOf = (text: string): string[] => parseConstraints(text).problems.map(({ code }) => code);
const positionsOf = (text: string): unknown[] =>
  parseConstraints(text).problems.map(({ fields }) => fields['position']);

const UNIQUE = { field: '@hostname', operator: 'UNIQUE' };
const LIKE = { field: 'rack', operator: 'LIKE', value: 'a.*' };

describe('constraint parser', () => {
  it('reads the three forms alike', () => {
    assert.deepEqual(read('[["hostname","UNIQUE"],["rack","LIKE","a.*"]]'), [UNIQUE, LIKE]);
    assert.deepEqual(read('["hostname", "UNIQUE"]'), [UNIQUE]);
    assert.deepEqual(read('hostname:UNIQUE,rack:LIKE:a.*'), [UNIQUE, LIKE]);
  });

  it('takes nothing for no constraint', () => {
    for (const text of ['', '  ', '[]', ' [ ] ']) assert.deepEqual(read(text), []);
  });

  it('takes operators in any case, spaces between, and numbers in JSON', () => {
    assert.deepEqual(read(' @zone : group_by , rack:Max_Per:2 '), [
      { field: '@zone', operator: 'GROUP_BY' },
      { field: 'rack', operator: 'MAX_PER', value: '2' },
    ]);
    assert.deepEqual(read('[["rack","MAX_PER",2]]'), [{ field: 'rack', operator: 'MAX_PER', value: '2' }]);
  });

  it('lets a backslash take the meaning of : and , and leaves those of regular expressions', () => {
    assert.deepEqual(read('rack:LIKE:a{1\\,3}\\:\\d'), [{ ...LIKE, value: 'a{1,3}:\\d' }]);
    assert.deepEqual(read('rack:LIKE:a\\\\\\.b'), [{ ...LIKE, value: 'a\\\\.b' }]);
    assert.deepEqual(read('[["rack","LIKE","a\\\\.b,c:d"]]'), [{ ...LIKE, value: 'a\\.b,c:d' }]);
  });

  it('tells all problems at once, each with its place', () => {
    const text = 'hostname:UNIQUE:x,rack:LIK:a.*,zone,,rack:MAX_PER:no,@planet:IS:mars,a:b:c:d';
    assert.deepEqual(codesOf(text), [
      'ERR_CONSTRAINT_VALUE',
      'ERR_CONSTRAINT_OPERATOR',
      'ERR_CONSTRAINT_SYNTAX',
      'ERR_CONSTRAINT_SYNTAX',
      'ERR_CONSTRAINT_VALUE',
      'ERR_CONSTRAINT_FIELD',
      'ERR_CONSTRAINT_SYNTAX',
    ]);
    const places = ['x,rack', 'LIK', 'zone', ',rack:MAX', 'no,@', '@planet', 'a:b:c'];
    assert.deepEqual(
      positionsOf(text),
      places.map((place) => text.indexOf(place) + 1),
    );
    assert.equal(
      problemsOf(text)[1],
      "Character 24, at '…IQUE:x,rack:LIK:a.*,zone,,rack:MAX_P…': 'LIK' is no operator. Did you mean LIKE? " +
        `There are ${OPERATORS.join(', ')}.`,
    );
  });

  it('wants a value, a number or none as the operator says', () => {
    const refused = [
      'rack:LIKE',
      'rack:UNLIKE:',
      'rack:IS',
      'rack:IS_NOT',
      'rack:MAX_PER',
      'rack:MAX_PER:0',
      'rack:MAX_PER:1.5',
      'rack:GROUP_BY:three',
      'rack:UNIQUE:1',
    ];
    for (const text of refused) assert.deepEqual(codesOf(text), ['ERR_CONSTRAINT_VALUE'], text);
    assert.equal(read('rack:GROUP_BY,rack:GROUP_BY:3,rack:CLUSTER,rack:CLUSTER:a,rack:UNIQUE:').length, 5);
  });

  it('says why a regular expression is none', () => {
    assert.match(
      problemsOf('rack:LIKE:a(')[0] ?? '',
      /^Character 11, at '.*': 'a\(' is no regular expression: .*Unterminated group/,
    );
  });

  it('says where JSON breaks off', () => {
    const broken = [
      '[["a","UNIQUE"]',
      '[["a","UNIQUE"],]',
      '[["a",{}]]',
      '["a","UNIQUE"] x',
      '[[]]',
      '["a" "b"]',
    ];
    for (const text of broken) assert.deepEqual(codesOf(text), ['ERR_CONSTRAINT_SYNTAX'], text);
    assert.deepEqual(positionsOf('[["a","UNIQUE"],]'), [17]);
    assert.match(problemsOf('["a" "b"]')[0] ?? '', /^Character 6, at '.*': expected ',' or '\]'/);
  });

  it('reads what it renders', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'B', '1', ':', ',', '\\', '.', '-'), minLength: 1 });
    const constraint = fc
      .tuple(words, fc.constantFrom('IS' as const, 'IS_NOT' as const), words)
      .map(([field, operator, value]) => ({ field, operator, value }));
    fc.assert(
      fc.property(fc.array(constraint), (constraints) => {
        assert.deepEqual(read(renderConstraints(constraints)), constraints);
      }),
    );
  });

  it('gives an option one error, whatever the number of problems', () => {
    assert.deepEqual(constraintsType.parse('hostname:UNIQUE'), [UNIQUE]);
    assert.throws(() => constraintsType.parse('a:LIK'), { code: 'ERR_CONSTRAINT_OPERATOR' });
    assert.throws(
      () => constraintsType.parse('a:LIK:b,c'),
      /^StevedoreError: 2 problems\. Character 3.*Character 9/,
    );
  });
});

describe("Flink's host attributes", () => {
  it('are equalities, all of which must hold', () => {
    assert.deepEqual(parseHostAttributes('rack:a1, HOSTNAME:h1').constraints, [
      { field: 'rack', operator: 'IS', value: 'a1' },
      { field: '@hostname', operator: 'IS', value: 'h1' },
    ]);
    assert.deepEqual(parseHostAttributes(' ').constraints, []);
    assert.deepEqual(hostAttributesType.parse('rack:a1'), [{ field: 'rack', operator: 'IS', value: 'a1' }]);
  });

  it('are refused with their place where Flink ignored them', () => {
    const text = 'rack,zone:,:x,a:b:c,';
    const { problems } = parseHostAttributes(text);
    assert.deepEqual(
      problems.map(({ code, fields }) => [code, fields['position']]),
      [1, 6, 12, 15, 21].map((position) => ['ERR_HOST_ATTRIBUTE_SYNTAX', position]),
    );
  });
});
