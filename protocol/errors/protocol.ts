/** Errors of the contract between the programs: framing, units, launch specs. */
import type { ErrorEntry } from './entry.ts';

export const PROTOCOL_ERRORS = {
  ERR_RECORD_LENGTH: {
    text: "An event stream is not RecordIO: '{value}' is no record length up to {limit} bytes.",
    advice: 'Check that the address is that of a Mesos master or agent and that no proxy alters the stream.',
  },
  ERR_DURATION_SYNTAX: {
    text: "'{value}' is no duration.",
    advice: 'Write a number and a unit, as in 500ms, 30s, 5min, 2h, 7d.',
  },
  ERR_BYTE_SIZE_SYNTAX: {
    text: "'{value}' is no size.",
    advice:
      'Write a number and a unit, as in 512MB or 4GiB (1 KB is 1024 bytes, as Alluxio and Mesos count).',
  },
  ERR_LAUNCH_SPEC_INVALID: {
    text: 'The launch spec of this task cannot be read: {problem}.',
    advice:
      'Scheduler and executor are of different versions: restart the scheduler so that new tasks get its own bundle.',
  },
  ERR_PLACEHOLDER_UNKNOWN: {
    text: "'{placeholder}' in '{text}' names nothing that this executor knows.",
    advice: 'Known are: {known}.',
  },
} satisfies Record<string, ErrorEntry>;
