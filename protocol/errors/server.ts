/** Errors of server/. Those with a status are also answers over HTTP and then name no path of this machine. */
import type { ErrorEntry } from './entry.ts';

export const SERVER_ERRORS = {
  ERR_ARTIFACT_NOT_FOUND: {
    text: "There is no artifact at '{path}'.",
    advice: 'The address is /artifacts/<sha256>/<file name>, both exactly as registered.',
    status: 404,
  },
  ERR_ARTIFACT_NOT_READY: {
    text: "'{path}' is not served yet: this server has just started and makes its artifacts ready.",
    advice: 'Ask again in a moment; executors do so by themselves.',
    status: 503,
  },
  ERR_ARTIFACT_METHOD: {
    text: "Artifacts are only read: '{method}' is not allowed.",
    advice: 'Use GET or HEAD.',
    status: 405,
  },
  ERR_SECRET_UNAUTHORIZED: {
    text: 'This artifact is for tasks of its cluster: {reason}.',
    advice: 'Send the token of the launch spec in the Authorization header, while the task is not terminal.',
    status: 401,
  },
  ERR_ARTIFACT_RANGE: {
    text: "The range '{range}' lies outside the {size} bytes of '{fileName}'.",
    advice: 'Ask for a range that begins below the size.',
    status: 416,
  },
  ERR_ARTIFACT_CHANGED: {
    text: "The file behind '{fileName}' ({sha256}) has changed since it was registered.",
    advice: 'Register it anew; its new content has a new address.',
    status: 410,
  },
  ERR_ARTIFACT_READ: {
    text: "'{fileName}' cannot be read: {problem}.",
    advice: 'See the log of the artifact server.',
    status: 500,
  },
  ERR_ARTIFACT_FILE: {
    text: "The artifact '{path}' cannot be registered: {problem}.",
    advice: 'Give a regular file that this process may read and that nobody is still writing.',
  },
  ERR_ARTIFACT_NAME: {
    text: "'{fileName}' cannot be the name of an artifact.",
    advice: 'Use a plain file name: not empty, not . or .., without / and control characters.',
  },
  ERR_ARTIFACT_DIGEST_SYNTAX: {
    text: "'{value}' is no SHA-256 digest.",
    advice: 'Write 64 hexadecimal digits, as sha256sum prints them.',
  },
  ERR_STORE_WRITE: {
    text: "The artifact store '{path}' cannot be written: {problem}.",
    advice: 'Make room or permissions there, or choose another directory.',
  },
  ERR_DIRECTORY_UNREADABLE: {
    text: "The directory '{path}' cannot be packed: {problem}.",
    advice: 'Give a directory that this process may read, all of it.',
  },
  ERR_DIRECTORY_LINK: {
    text: "'{path}' links to '{target}', outside of the directory that is packed.",
    advice: 'Replace the link by what it points to, or leave it out.',
  },
  ERR_DIRECTORY_CHANGING: {
    text: "'{path}' changed while it was being packed.",
    advice: 'Stop what writes into it (logs belong elsewhere) and start again.',
  },
  ERR_UPSTREAM_URL: {
    text: "'{url}' cannot be fetched: {problem}.",
    advice: 'Give an http:, https: or file: URL whose path ends in a file name.',
  },
  ERR_UPSTREAM_STATUS: {
    text: '{host} answered {status} {reason} for {url}.',
    advice: 'Check the URL in the configuration; upstreams move old releases to an archive host.',
  },
  ERR_UPSTREAM_UNREACHABLE: {
    text: '{url} cannot be fetched from {host}: {problem}.',
    advice: 'Check name, network and proxy (HTTPS_PROXY, NO_PROXY), or give a file on this host instead.',
  },
  ERR_UPSTREAM_CUT: {
    text: '{host} ended the transfer of {url} after {received} of {expected} bytes: {problem}.',
    advice: 'Start again; what arrived was discarded.',
  },
  ERR_UPSTREAM_DIGEST: {
    text: '{url} has the SHA-256 {actual}, expected was {expected}.',
    advice: 'Compare the pin with what the publisher announces; what arrived was discarded.',
  },
  ERR_SERVER_LISTEN: {
    text: 'The artifact server cannot listen on {host}, port {port}: {problem}.',
    advice: 'Choose another port (0 takes any free one) or an address of this host.',
  },
  ERR_CERTIFICATE_FILE: {
    text: "The certificate file '{path}' cannot be used: {problem}.",
    advice: 'Correct it, or delete it and a new one is made (clients must then trust the new CA).',
  },
  ERR_SERVE_FOLDER: {
    text: "The folder '{path}' cannot be served: {problem}.",
    advice: 'Give a directory that this process may read.',
  },
  ERR_COMMAND_USAGE: {
    text: '{problem}.',
    advice: '{usage}',
  },
} satisfies Record<string, ErrorEntry>;
