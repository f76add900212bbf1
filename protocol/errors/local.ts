/** Errors of local/. */
import type { ErrorEntry } from './entry.ts';

export const LOCAL_ERRORS = {
  ERR_LOCAL_FLAG_UNKNOWN: {
    text: "'{flag}' is no flag of '{command}'.",
    advice: 'Known are: {known}.',
  },
  ERR_LOCAL_FLAG_VALUE: {
    text: "The flag '{flag}' cannot be '{value}'.",
    advice: 'Expected is {expected}.',
  },
  ERR_LOCAL_RESOURCES_SYNTAX: {
    text: "'{value}' in '{text}' is no resource or attribute.",
    advice: "Write 'cpus:4;mem:8192;ports:[31000-32000]', attributes as 'rack:r1;zone:z1'.",
  },
  ERR_LOCAL_RESOURCES_JSON: {
    text: "The resources '{text}' cannot be read: {problem}.",
    advice:
      'Write a list of Mesos resources: name, type, scalar or ranges, and reservations or disk if there are any.',
  },
  ERR_LOCAL_DOMAIN: {
    text: "'{text}' is no domain: {problem}.",
    advice: 'Write {"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}}.',
  },
  ERR_LOCAL_RESERVATIONS_LOST: {
    text: 'The resources of the flags do not hold what was reserved on this agent before: {reserved}.',
    advice: "Give the agent the resources that it had before, or another work directory than '{directory}'.",
  },
  ERR_LOCAL_ADDRESS_TAKEN: {
    text: 'Nothing can listen on {address}: {problem}.',
    advice: 'End the process that holds it (ss -ltnp shows it), or choose another with --ip and --port.',
  },
  ERR_LOCAL_WORK_DIR: {
    text: "The work directory '{directory}' cannot be used: {problem}.",
    advice: 'Name a directory that this user may write, with --work-dir.',
  },
  ERR_LOCAL_CREDENTIALS: {
    text: "Line {line} of the credentials file '{file}' is not 'principal secret'.",
    advice: 'Write one principal and its secret per line, separated by a blank.',
  },
  ERR_LOCAL_CHILD_NOT_READY: {
    text: 'The local {name} did not start: {problem}.',
    advice: 'Its log is {log}.',
  },
} satisfies Record<string, ErrorEntry>;
