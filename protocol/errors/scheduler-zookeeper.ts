/** Errors of scheduler/zookeeper. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ZOOKEEPER_ERRORS = {
  ERR_ZOOKEEPER_SYNTAX: {
    text: "'{value}' is no ZooKeeper address: {problem}.",
    advice:
      'Write zk://host:port,host:port/path, with user:password@ before the hosts if the nodes are protected.',
  },
  ERR_ZOOKEEPER_NO_NODE: {
    text: 'ZooKeeper has no node for {operation} of {path}.',
    advice: 'Create it, or its parent, first.',
    status: 404,
  },
  ERR_ZOOKEEPER_NODE_EXISTS: {
    text: 'ZooKeeper has a node {path} already.',
    advice: 'Another client may have made it; read it before anything is written.',
    status: 409,
  },
  ERR_ZOOKEEPER_BAD_VERSION: {
    text: 'ZooKeeper refused {operation} of {path}: it has another version than was expected.',
    advice: 'Somebody else changed it; read it again.',
    status: 409,
  },
  ERR_ZOOKEEPER_NOT_EMPTY: {
    text: 'ZooKeeper does not delete {path}: it has children.',
    advice: 'Delete these first.',
    status: 409,
  },
  ERR_ZOOKEEPER_AUTH: {
    text: 'ZooKeeper refused {operation} of {path}: its permissions do not allow it with the credentials at hand.',
    advice: 'Check user and password, and the permissions of the node with getAcl in zkCli.sh.',
  },
  ERR_ZOOKEEPER_REFUSED: {
    text: 'ZooKeeper refused {operation} of {path}: {reason}.',
    advice: 'Its own log says more.',
  },
  ERR_ZOOKEEPER_SESSION_EXPIRED: {
    text: 'The session with ZooKeeper ended before {operation} of {path} was answered.',
    advice: 'Whether it was carried out is not known; what was ephemeral is gone and has to be made again.',
    status: 503,
  },
  ERR_ZOOKEEPER_CONNECTION_LOST: {
    text: 'No answer of ZooKeeper to {operation} of {path} ({bytes} bytes): {problem}.',
    advice: 'Check that its servers run and can be reached. They drop requests above jute.maxbuffer (1 MiB).',
    status: 503,
  },
  ERR_ZOOKEEPER_CLOSED: {
    text: 'The ZooKeeper client was closed before {operation} of {path}.',
    advice: 'This program is ending.',
    status: 503,
  },
  ERR_ZOOKEEPER_TLS: {
    text: 'The certificates or the key for ZooKeeper cannot be used: {problem}.',
    advice: 'Give PEM files: a CA, and a certificate with its key if the servers ask for one.',
  },
  ERR_ZOOKEEPER_PROTOCOL: {
    text: 'What a ZooKeeper server sent cannot be read: {problem}.',
    advice: 'Check that the address is of a ZooKeeper client port, and whether it wants TLS.',
  },
} satisfies Record<string, ErrorEntry>;
