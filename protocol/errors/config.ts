/** Errors of config/. */
import type { ErrorEntry } from './entry.ts';

export const CONFIG_ERRORS = {
  ERR_PROPERTIES_ESCAPE: {
    text: "{file}:{line}: '{value}' is no Unicode escape.",
    advice: 'Write \\u and four hexadecimal digits, or \\\\u for a backslash that is meant.',
  },
  ERR_OPTION_VALUE: {
    text: "'{value}' cannot be used.",
    advice: 'Write {expected}.',
  },
  ERR_OPTION_INVALID: {
    text: '{key} ({origin}): {problem}',
    advice: '',
  },
  ERR_OPTION_ALONE: {
    text: '{key} ({origin}) has no meaning without {other}.',
    advice: 'Set {other}, or leave {key} out.',
  },
  ERR_OPTION_CONFLICT: {
    text: '{key} ({origin}) and {other} ({otherOrigin}) exclude each other.',
    advice: 'Keep one of the two.',
  },
  ERR_OPTION_MISSING: {
    text: '{key} is not set.',
    advice: '{hint}',
  },
  ERR_OPTION_UNKNOWN: {
    text: '{key} ({origin}) is no key of ours.',
    advice: '{hint}',
  },
} satisfies Record<string, ErrorEntry>;
