/** Errors of scheduler/. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ERRORS = {
  ERR_FRAMEWORK_FAILED_OVER: {
    text: 'Another scheduler has subscribed as framework {frameworkId}; this one stops and leaves the tasks to it.',
    advice: 'Run one scheduler per state directory.',
  },
  ERR_FRAMEWORK_REMOVED: {
    text: 'Mesos has removed framework {frameworkId}, with its tasks: it was torn down, or away longer than its failover timeout.',
    advice: 'Start with --new-framework to run the service under a new framework id.',
  },
  ERR_FRAMEWORK_REFUSED: {
    text: 'The Mesos master ended the subscription: {message}',
    advice: 'Correct what it names and start again.',
  },
  ERR_BUNDLE_MISSING: {
    text: 'There is no executor bundle in {directory}: {problem}.',
    advice: "Run 'make build' first, or name the folder of a bundle.",
  },
  ERR_API_UNREACHABLE: {
    text: 'No scheduler answers on {directory}: {problem}.',
    advice:
      'Check that it runs, and that --state-dir is its state directory, or --api its URL with the --ca of its certificate.',
  },
  ERR_API_REFUSED: {
    text: 'The scheduler answered {status}: {problem}',
    advice: '',
  },
  ERR_HOST_NOT_DRAINED: {
    text: "Host '{host}' is not drained.",
    advice: 'Drained are: {drained}.',
    status: 409,
  },
  ERR_INSTANCE_IN_USE: {
    text: '{instance} is {phase}: its state may be in use.',
    advice:
      "Only an instance that waits can be made to forget its state. 'stevedore replace {instance}' ends its task first, and starts it anew on another host.",
    status: 409,
  },
  ERR_INSTANCE_UNKNOWN: {
    text: "There is no instance '{instance}'.",
    advice: 'Known are: {known}.',
    status: 404,
  },
  ERR_MAXIMUM_FAILED_TASKS: {
    text: '{count} tasks have failed and {maximum} may, so the service was torn down. The last failures: {failures}.',
    advice:
      'Correct what they name, then start again; raise the maximum of failed tasks, or set it to -1 for none.',
  },
  ERR_TEARDOWN_TIMEOUT: {
    text: 'The teardown did not finish within {seconds} s: {problem}.',
    advice: "The scheduler goes on with it; look at 'stevedore status', then try again.",
    status: 504,
  },
  ERR_COMMAND_LINE: {
    text: '{problem}.',
    advice: '{usage}',
  },
} satisfies Record<string, ErrorEntry>;
