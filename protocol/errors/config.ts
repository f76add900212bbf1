/** Errors of config/. */
import type { ErrorEntry } from './entry.ts';

export const CONFIG_ERRORS = {
  ERR_PROPERTIES_ESCAPE: {
    text: "{file}:{line}: '{value}' is no Unicode escape.",
    advice: 'Write \\u and four hexadecimal digits, or \\\\u for a backslash that is meant.',
  },
} satisfies Record<string, ErrorEntry>;
