/** Reads constraints as operators write them; all that is wrong is told at once, each with its place. */
import { selectNearestName } from '../../../config/nearest-name.ts';
import { StevedoreError, messageOf } from '../../../protocol/errors.ts';
import { HOSTNAME_FIELD, REGION_FIELD, ZONE_FIELD } from './attribute-value.ts';
import { readJson } from './constraint-json.ts';
import { type Entry, type Word, readText } from './constraint-text.ts';
import { compilePattern } from './pattern.ts';
import { type Constraint, OPERATORS, type Operator } from './placement-rule.ts';

export interface ParsedConstraints {
  readonly constraints: readonly Constraint[];
  readonly problems: readonly StevedoreError[];
}

const AROUND_BEFORE = 12;
const AROUND_AFTER = 24;

/** `…NIQUE,rack:LIK:a.*…` */
export function renderPlace(
  text: string,
  index: number,
): { readonly position: number; readonly around: string } {
  const [from, to] = [Math.max(0, index - AROUND_BEFORE), index + AROUND_AFTER];
  const around = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  return { position: index + 1, around: `'${around}'` };
}

type Refuse = (
  code:
    | 'ERR_CONSTRAINT_FIELD'
    | 'ERR_CONSTRAINT_OPERATOR'
    | 'ERR_CONSTRAINT_VALUE'
    | 'ERR_CONSTRAINT_PATTERN',
  word: Word,
  fields: Readonly<Record<string, string>>,
) => void;

/** Marathon's `hostname` is a name for the host too, not an attribute. */
function readField(word: Word, refuse: Refuse): string {
  const { text } = word;
  if (text === 'hostname') return HOSTNAME_FIELD;
  const isReserved = text.startsWith('@') && ![HOSTNAME_FIELD, REGION_FIELD, ZONE_FIELD].includes(text);
  if (text === '' || isReserved) refuse('ERR_CONSTRAINT_FIELD', word, { value: text });
  return text;
}

function readOperator(word: Word, refuse: Refuse): Operator | undefined {
  const written = word.text.toUpperCase();
  const operator = OPERATORS.find((known) => known === written);
  if (operator === undefined) {
    const nearest = selectNearestName(written, OPERATORS);
    const hint = `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are ${OPERATORS.join(', ')}.`;
    refuse('ERR_CONSTRAINT_OPERATOR', word, { value: word.text, hint });
  }
  return operator;
}

const WHOLE_NUMBER = 'a whole number of 1 or more';
const VALUE_RULES: Readonly<
  Record<Operator, { readonly use: 'never' | 'maybe' | 'always'; readonly expected: string }>
> = {
  UNIQUE: { use: 'never', expected: 'field:UNIQUE without a value' },
  CLUSTER: { use: 'maybe', expected: 'the value that all instances share' },
  GROUP_BY: { use: 'maybe', expected: `${WHOLE_NUMBER}, how many groups there will be` },
  LIKE: { use: 'always', expected: 'a regular expression' },
  UNLIKE: { use: 'always', expected: 'a regular expression' },
  MAX_PER: { use: 'always', expected: WHOLE_NUMBER },
  IS: { use: 'always', expected: 'the value of the field' },
  IS_NOT: { use: 'always', expected: 'a value that the field must not have' },
};

function refusePattern(word: Word, refuse: Refuse): void {
  try {
    compilePattern(word.text);
  } catch (error) {
    refuse('ERR_CONSTRAINT_PATTERN', word, { value: word.text, problem: messageOf(error) });
  }
}

function checkValue(operator: Operator, words: Entry, refuse: Refuse): void {
  const { use, expected } = VALUE_RULES[operator];
  const word = words[2];
  const about = { operator, expected };
  if (word === undefined || word.text === '') {
    if (use === 'always')
      refuse('ERR_CONSTRAINT_VALUE', words[1] ?? words[0], { ...about, problem: 'needs a value' });
  } else if (use === 'never') refuse('ERR_CONSTRAINT_VALUE', word, { ...about, problem: 'takes no value' });
  else if (operator === 'LIKE' || operator === 'UNLIKE') refusePattern(word, refuse);
  else if ((operator === 'MAX_PER' || operator === 'GROUP_BY') && !/^0*[1-9]\d{0,8}$/.test(word.text))
    refuse('ERR_CONSTRAINT_VALUE', word, { ...about, problem: `cannot use '${word.text}'` });
}

function toConstraint(words: Entry, refuse: Refuse): Constraint | undefined {
  const field = readField(words[0], refuse);
  const operator = readOperator(words[1] as Word, refuse);
  if (operator === undefined) return undefined;
  checkValue(operator, words, refuse);
  const value = words[2]?.text ?? '';
  return { field, operator, ...(value === '' ? {} : { value }) };
}

function countParts({ length }: Entry): string | undefined {
  if (length === 1) return 'an operator is missing';
  return length > 3 ? `a constraint has 2 or 3 parts, not ${length}` : undefined;
}

/** Marathon's JSON, a single list of it, or text; empty text is no constraint. */
export function parseConstraints(text: string): ParsedConstraints {
  if (text.trim() === '') return { constraints: [], problems: [] };
  const { entries, misreadings } = text.trim().startsWith('[') ? readJson(text) : readText(text);
  const found: { readonly index: number; readonly error: StevedoreError }[] = [];
  const note = (index: number, toError: (place: ReturnType<typeof renderPlace>) => StevedoreError) =>
    found.push({ index, error: toError(renderPlace(text, index)) });
  const misread = (index: number, problem: string) =>
    note(index, (place) => new StevedoreError('ERR_CONSTRAINT_SYNTAX', { ...place, problem }));
  for (const { index, problem } of misreadings) misread(index, problem);
  const constraints = entries.flatMap((words) => {
    const problem = countParts(words);
    if (problem !== undefined) misread(words[0].index, problem);
    if (problem !== undefined) return [];
    const refuse: Refuse = (code, { index }, fields) =>
      note(index, (place) => new StevedoreError(code, { ...place, ...fields }));
    return toConstraint(words, refuse) ?? [];
  });
  return { constraints, problems: found.toSorted((a, b) => a.index - b.index).map(({ error }) => error) };
}

/** What `parseConstraints` reads as the same. */
export function renderConstraints(constraints: readonly Constraint[]): string {
  const escape = (word: string) => word.replace(/[\\:,]/g, '\\$&');
  return constraints
    .map(({ field, operator, value }) =>
      [field, operator, ...(value === undefined ? [] : [value])].map(escape).join(':'),
    )
    .join(',');
}
