/** Errors of scheduler/mesos. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_MESOS_ERRORS = {
  ERR_MASTER_SYNTAX: {
    text: "'{value}' names no Mesos master: {problem}.",
    advice:
      'Write host:port, several of them after commas, zk://host:port,host:port/path, or file:///path of a file that holds one of these.',
  },
  ERR_MASTER_FILE: {
    text: 'The file {path} does not say where the Mesos master is: {problem}.',
    advice: 'Write host:port, several of them after commas, or zk://host:port/path into it.',
  },
  ERR_MASTER_REFUSED: {
    text: 'The Mesos master at {master} refused to subscribe the framework: {status} {body}.',
    advice: 'Correct what it names and start again.',
  },
  ERR_MASTER_AUTHENTICATION: {
    text: "The Mesos master at {master} refused principal '{principal}' with 401.",
    advice:
      'Give the principal and the file of its secret as the master knows them; a secret with a colon never works.',
  },
  ERR_SECRET_FILE: {
    text: "The secret of principal '{principal}' cannot be read from {path}: {problem}.",
    advice: 'Name a file that holds the secret and nothing else, without a colon in it.',
  },
  ERR_MASTER_TOKEN_FILE: {
    text: 'The token for the Mesos master cannot be read from {path}: {problem}.',
    advice: 'Name a file that holds the token and nothing else.',
  },
  ERR_MASTER_SERVICE_ACCOUNT: {
    text: 'The service account in {path} cannot be used: {problem}.',
    advice: 'Name the file that DC/OS wrote for it: JSON with uid, private_key and login_endpoint.',
  },
  ERR_MASTER_LOGIN: {
    text: "The login at {url} refused service account '{uid}' with {status}.",
    advice: 'Give the account that uid and the public key that belongs to its private key.',
  },
  ERR_MASTER_CERTIFICATE: {
    text: 'The {what} for the Mesos master, {path}, cannot be used: {problem}.',
    advice: 'Name PEM files; a client certificate needs the key that belongs to it.',
  },
  ERR_MASTER_PROXY: {
    text: "The proxy '{value}' cannot be used: {problem}.",
    advice: 'Write http://host:port; a user and password go into a file as user:password.',
  },
} satisfies Record<string, ErrorEntry>;
