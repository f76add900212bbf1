/** Errors of scheduler/state and scheduler/leadership. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_STATE_ERRORS = {
  ERR_STATE_LOCKED: {
    text: 'Another scheduler (pid {pid}) uses the state directory {directory}.',
    advice: 'Stop it first, or give this one another --state-dir.',
    status: 409,
  },
  ERR_STATE_IN_SANDBOX: {
    text: 'The state directory {directory} lies in the Mesos sandbox {sandbox}, which Mesos removes with the task.',
    advice: 'Keep the state in ZooKeeper, or give a --state-dir that outlives the task.',
  },
  ERR_STATE_VERSION: {
    text: 'The state in {directory} was written by a newer version of Stevedore (format {found}, this one knows {known}).',
    advice: 'Start that version, or keep the state of this one in another place.',
  },
  ERR_STATE_DIRECTORY: {
    text: 'The state directory {directory} cannot be used: {problem}.',
    advice: 'Give a --state-dir that this user may write.',
  },
  ERR_STATE_WRITE: {
    text: 'The state in {directory} cannot be written: {problem}.',
    advice:
      'Nothing was done on what could not be kept, and every task keeps running. Make room, then start again.',
    status: 503,
  },
  ERR_STATE_CLUSTER: {
    text: "The state in {directory} is of cluster '{found}', not of '{cluster}'.",
    advice: 'Give each cluster a place of its own for its state.',
  },
  ERR_STATE_FENCED: {
    text: "This scheduler leads cluster '{cluster}' no longer; its change was not written.",
    advice: 'It stands by, or ends and is started again; the scheduler that leads now goes on.',
    status: 503,
  },
  ERR_STATE_OUTCOME_UNKNOWN: {
    text: 'The connection to the state in {directory} was lost for good while a change was written; whether it was is unknown.',
    advice: 'Nothing was done on it. Whoever leads next reads what is stored and goes on from there.',
    status: 503,
  },
  ERR_STATE_BUSY: {
    text: 'The state in {directory} changed each time it was read.',
    advice: 'Try again when the scheduler is less busy.',
    status: 503,
  },
  ERR_STATE_DAMAGED: {
    text: "The stored record '{record}' cannot be read: {problem}.",
    advice: 'Restore the state from an export; nothing was changed.',
  },
  ERR_STATE_RECORD_VERSION: {
    text: "The stored record '{record}' has version {found}; this Stevedore knows versions up to {known}.",
    advice: 'Start the newer Stevedore that wrote it; nothing was changed.',
  },
  ERR_STATE_KEY_FILE: {
    text: 'The key file {path} cannot be used: {problem}.',
    advice:
      "Give a file of mode 0600 with 32 bytes, raw or as base64 or hexadecimal; 'openssl rand -hex 32' makes one.",
  },
  ERR_STATE_KEY_MISSING: {
    text: "The stored record '{record}' is encrypted, and no key file is given.",
    advice: 'Give the --state-key-file that the state was made with; nothing was changed.',
  },
  ERR_STATE_KEY_WRONG: {
    text: "The stored record '{record}' is encrypted with the key {found}; the key file holds {given}.",
    advice: 'Give the --state-key-file that the state was made with; nothing was changed.',
  },
  ERR_STATE_NOT_SEALED: {
    text: "The stored record '{record}' is not encrypted, though a key file is given.",
    advice:
      "Run 'stevedore state rekey' with --new-key-file while no scheduler runs, or leave --state-key-file out.",
  },
  ERR_STATE_UNPROTECTED: {
    text: 'The state in {directory} would hold keys that everybody who reaches ZooKeeper can read.',
    advice:
      'Give --state-zk-credentials or --state-key-file (openssl rand -hex 32 makes one), or say --state-unprotected.',
  },
  ERR_STATE_LOCATION: {
    text: 'It is not clear where the state is kept: {problem}.',
    advice: 'Give --state-dir DIR for one scheduler, or --state zk://HOST:PORT,…/PATH for several.',
  },
  ERR_STATE_CREDENTIALS_FILE: {
    text: 'The credentials of ZooKeeper cannot be read from {path}: {problem}.',
    advice: 'Name a file of mode 0600 that holds user:password and nothing else.',
  },
  ERR_STATE_EXPORT_SYNTAX: {
    text: '{path} is no export of a state: {problem}.',
    advice: "Give a file that 'stevedore state export' wrote.",
  },
  ERR_STATE_EXPORT_KEYS: {
    text: 'Keys leave a state only encrypted.',
    advice: 'Give the --state-key-file to encrypt them with, or export without --with-keys.',
  },
  ERR_STATE_NOT_EMPTY: {
    text: 'The state in {directory} already holds {count} records.',
    advice: 'Import into an empty place, or say --replace to delete what is there.',
  },
  ERR_STATE_MISSING: {
    text: "There is no state of cluster '{cluster}' in {directory}.",
    advice: 'Check --cluster and the place; nothing was made.',
  },
  ERR_STATE_UNREACHABLE: {
    text: 'No ZooKeeper server answers on {servers}.',
    advice: 'Check that they run and can be reached from here.',
    status: 503,
  },
  ERR_STATE_IN_USE: {
    text: "A scheduler of cluster '{cluster}' uses the state in {directory}.",
    advice: 'Stop all schedulers of the cluster first; its tasks keep running.',
    status: 409,
  },
  ERR_LEADER_STUCK: {
    text: "This scheduler leads cluster '{cluster}' no longer and did not stop within {seconds} s.",
    advice: 'It ends now; let a supervisor (Marathon, systemd) start it again.',
  },
} satisfies Record<string, ErrorEntry>;
