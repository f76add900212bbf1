/**
 * `mesos.constraints.hard.hostattribute` of Flink's documentation: `name:value,name2:value2`, all of which a host must
 * have. Flink ignored what it could not read; here it is an error.
 */
import { StevedoreError } from '../../../protocol/errors.ts';
import { HOSTNAME_FIELD } from './attribute-value.ts';
import { type ParsedConstraints, renderPlace } from './constraint-parser.ts';
import { type Entry, readText } from './constraint-text.ts';

/** Flink's name for the host itself. */
const FLINK_HOSTNAME = 'HOSTNAME';

function findProblem(words: Entry): string | undefined {
  if (words.length !== 2)
    return `${words.length === 1 ? 'a value is missing' : `there are ${words.length} parts`}`;
  if (words[0].text === '') return 'a name is missing';
  return words[1]?.text === '' ? 'a value is missing' : undefined;
}

export function parseHostAttributes(text: string): ParsedConstraints {
  if (text.trim() === '') return { constraints: [], problems: [] };
  const { entries, misreadings } = readText(text);
  const wrong = entries.flatMap((words) => {
    const problem = findProblem(words);
    return problem === undefined ? [] : [{ index: words[0].index, problem }];
  });
  const problems = [...misreadings, ...wrong]
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, problem }) => {
      const place = renderPlace(text, index);
      return new StevedoreError('ERR_HOST_ATTRIBUTE_SYNTAX', { ...place, problem });
    });
  const constraints = entries
    .filter((words) => findProblem(words) === undefined)
    .map(([name, value]) => ({
      field: name.text === FLINK_HOSTNAME ? HOSTNAME_FIELD : name.text,
      operator: 'IS' as const,
      value: value?.text ?? '',
    }));
  return { constraints, problems };
}
