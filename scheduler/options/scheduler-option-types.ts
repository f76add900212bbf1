/** Types of values that only a scheduler has. */
import { type OptionType, durationType, listType } from '../../config/option-types.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import type { MaximumFailedTasks } from '../core/failures/failed-tasks.ts';
import { type RolloutStrategy, parseStrategy } from '../core/rollout/rollout-rule.ts';

function refuse(value: string, expected: string): never {
  throw new StevedoreError('ERR_OPTION_VALUE', { value, expected });
}

/** `serial`, `canary`, or how many at a time. */
export const strategyType: OptionType<RolloutStrategy> = {
  name: 'serial \\| canary \\| number',
  parse: (text) => parseStrategy(text) ?? refuse(text, 'serial, canary, or a number from 1'),
};

export const maximumFailedTasksType: OptionType<MaximumFailedTasks> = {
  name: 'number \\| initial-workers',
  parse: (text) => {
    const word = text.trim().toLowerCase();
    if (word === 'initial-workers') return word;
    return /^(?:-1|\d{1,9})$/.test(word)
      ? Number(word)
      : refuse(text, 'a whole number, -1 for any number, or initial-workers');
  },
};

/** Milliseconds, of which there have to be some. */
export function durationFromType(leastMs: number, least: string): OptionType<number> {
  return {
    name: 'duration',
    parse: (text) => {
      const ms = durationType.parse(text);
      return ms >= leastMs ? ms : refuse(text, `a duration of ${least} or more`);
    },
  };
}

/** What src/common/roles.cpp of Mesos takes: parts between slashes, none of them `.`, `..`, `*`, or with a dash in front. */
function isRole(text: string): boolean {
  if (text === '*') return true;
  return text.split('/').every((part) => /^(?!-|\.{1,2}$|\*$)[^\s/\\\u007f]+$/.test(part));
}

export const roleType: OptionType<string> = {
  name: 'role',
  parse: (text) => {
    const role = text.trim();
    return isRole(role) ? role : refuse(text, 'a role as Mesos takes it: no blanks, no dash in front');
  },
};

export const rolesType: OptionType<readonly string[]> = {
  name: 'roles',
  parse: (text) => listType.parse(text).map((role) => roleType.parse(role)),
};

/** `name:value,name:value`; a value may hold colons. */
export const labelsType: OptionType<Readonly<Record<string, string>>> = {
  name: 'labels',
  parse: (text) => {
    const labels = new Map<string, string>();
    for (const written of listType.parse(text)) {
      const [, name = '', value = ''] = /^([^:]+):(.*)$/s.exec(written) ?? refuse(written, 'name:value');
      if (labels.has(name)) refuse(written, `each name once; ${name} is there already`);
      labels.set(name, value);
    }
    return Object.fromEntries(labels);
  },
};

/** A list of some words, in any case. */
export function wordsType<const T extends string>(...words: readonly T[]): OptionType<readonly T[]> {
  const expected = `some of ${words.join(', ')}`;
  return {
    name: 'list',
    parse: (text) =>
      listType
        .parse(text)
        .map((written) => words.find((word) => word === written.toUpperCase()) ?? refuse(written, expected)),
  };
}

export const webUrlType: OptionType<string> = {
  name: 'URL',
  parse: (text) => (/^https?:\/\/[^\s/]/.test(text) ? text : refuse(text, 'an http:// or https:// URL')),
};

/** For options whose text may be `zk://user:password@…`. */
export function hidePassword(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/s, '$1***@');
}
