/** Errors of scheduler/core/constraints and scheduler/core/volumes. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_PLACEMENT_ERRORS = {
  ERR_CONSTRAINT_SYNTAX: {
    text: 'Character {position}, at {around}: {problem}.',
    advice:
      'Write field:OPERATOR or field:OPERATOR:value with commas between several, and \\: and \\, for those characters within a value; or a JSON list as Marathon takes it.',
  },
  ERR_CONSTRAINT_FIELD: {
    text: "Character {position}, at {around}: '{value}' is no field.",
    advice: 'Write @hostname, @region, @zone, or the name of an attribute of the agents.',
  },
  ERR_CONSTRAINT_OPERATOR: {
    text: "Character {position}, at {around}: '{value}' is no operator.",
    advice: '{hint}',
  },
  ERR_CONSTRAINT_VALUE: {
    text: 'Character {position}, at {around}: {operator} {problem}.',
    advice: 'Write {expected}.',
  },
  ERR_CONSTRAINT_PATTERN: {
    text: "Character {position}, at {around}: '{value}' is no regular expression: {problem}.",
    advice: 'It has to match the whole value; put a backslash before a character that stands for itself.',
  },
  ERR_HOST_ATTRIBUTE_SYNTAX: {
    text: 'Character {position}, at {around}: {problem}.',
    advice: 'Write name:value, with commas between several; HOSTNAME is the name of the host itself.',
  },
  ERR_CONSTRAINTS_SEVERAL: {
    text: '{count} problems. {problem}',
    advice: '',
  },
} satisfies Record<string, ErrorEntry>;
