/** Errors of the executor's task: its agent, its commands, its service. Those of delivery are in executor.ts. */
import type { ErrorEntry } from './entry.ts';

export const EXECUTOR_TASK_ERRORS = {
  ERR_AGENT_ENVIRONMENT: {
    text: 'The environment lacks {names}.',
    advice: 'The executor is started by a Mesos agent, which sets them; it cannot be started by hand.',
  },
  ERR_AGENT_REFUSED: {
    text: 'The agent at {endpoint} refuses this executor: {status} {body}.',
    advice: 'The agent no longer knows the framework or the executor, so the task ends.',
  },
  ERR_AGENT_LOST: {
    text: 'The agent at {endpoint} was not reachable for {after}: {problem}.',
    advice: 'Check mesos-agent on this host; recovery_timeout is how long executors wait for it.',
  },
  ERR_AGENT_GONE: {
    text: 'The agent at {endpoint} ended the connection, and this framework does not checkpoint.',
    advice: 'Let the framework checkpoint, so that tasks live on while an agent restarts.',
  },
  ERR_SECOND_TASK: {
    text: "This executor runs task '{first}' and takes no second one, '{second}'.",
    advice: 'Give each task an executor id of its own.',
  },
  ERR_COMMAND_MISSING: {
    text: 'None of the programs that this task could run is there: {paths}.',
    advice: 'Check that the distribution and the JDK are the ones that this service needs.',
  },
  ERR_ENVIRONMENT_NAME: {
    text: "'{name}' is no name of an environment variable that a shell passes on.",
    advice: 'Use letters, digits and underscores, not starting with a digit.',
  },
  ERR_PREPARE_FAILED: {
    text: "The prepare step '{name}' {problem}.",
    advice: 'Its output is in stdout and stderr of the sandbox.',
  },
  ERR_PREPARE_UNEXPECTED: {
    text: "{message} (prepare step '{name}' {problem}).",
    advice: 'Its output is in stdout and stderr of the sandbox.',
  },
  ERR_NOT_READY: {
    text: 'The service was not ready after {after}: {problem}.',
    advice: 'Its output is in stdout, stderr and logs of the sandbox.',
  },
  ERR_TASK_PORT_TAKEN: {
    text: 'On {host} another process listens on what Mesos gave to this task: {ports}.',
    advice:
      'End that process (`ss -ltnp` names it), or take its port out of the ports that the agent offers.',
  },
  ERR_BUNDLE_NODE: {
    text: 'The Node of which the executor bundle is made is not at {path}.',
    advice: 'Run `make setup`.',
  },
  ERR_BUNDLE_LIBRARY: {
    text: "This machine lacks {library}, which the bundle's Node needs.",
    advice: 'Install it (Debian: libstdc++6), and build again.',
  },
  ERR_BUNDLE_LOADER: {
    text: "The bundle's Node has no dynamic loader that ldd names: {text}.",
    advice: 'Build on a machine with glibc; Alpine and other musl systems cannot.',
  },
  ERR_LIMITS_REFUSED: {
    text: 'The limits of the service could not be set (open files {openFiles}, umask {umask}): {problem}.',
    advice: 'Raise the hard limit of the Mesos agent (LimitNOFILE of its unit), or ask for less.',
  },
} satisfies Record<string, ErrorEntry>;
