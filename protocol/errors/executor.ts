/** Errors of executor/. */
import type { ErrorEntry } from './entry.ts';

export const EXECUTOR_ERRORS = {
  ERR_ARTIFACT_UNREACHABLE: {
    text: "Artifact '{artifact}' could not be fetched: {problem} (servers {servers}, {received} of {size} bytes received).",
    advice:
      'Check that the scheduler runs and that this agent reaches its artifact server under these addresses.',
  },
  ERR_ARTIFACT_REFUSED: {
    text: "Artifact '{artifact}' was refused: {problem}.",
    advice:
      'The server no longer holds this artifact, or does not know this task: restart the scheduler, which serves it again and relaunches the task.',
  },
  ERR_ARTIFACT_UNTRUSTED: {
    text: "Artifact '{artifact}' was not fetched, since {server} cannot prove who it is: {problem}.",
    advice:
      'Only the certificate authority in the launch spec is trusted. A proxy that opens TLS, or an address that is missing from the server certificate, causes this.',
  },
  ERR_ARTIFACT_DIGEST: {
    text: "Artifact '{artifact}' from {server} is not what the scheduler named: expected sha256 {expected}, got {got} ({bytes} bytes).",
    advice: 'The file was changed on the server or on its way: add it to the artifact server again.',
  },
  ERR_ARTIFACT_UNAUTHORIZED: {
    text: "Secret artifact '{artifact}' has no token in the launch spec, or its server {server} is not https.",
    advice: 'Restart the scheduler, and let it serve with TLS.',
  },
  ERR_ARCHIVE_ENTRY: {
    text: "The archive of '{artifact}' is refused: entry '{entry}' {reason}.",
    advice: 'Nothing of it was kept. Pack the archive again without this entry.',
  },
  ERR_ARCHIVE_DAMAGED: {
    text: "The archive of '{artifact}' cannot be read as {format}: {problem}.",
    advice: 'Check the file with tar, and add it to the artifact server again.',
  },
  ERR_DISK_FULL: {
    text: 'No space is left while writing {path}: {free} free on that file system.',
    advice: 'Free space on this agent, or give the store a larger disk with STEVEDORE_AGENT_ROOT.',
  },
  ERR_AGENT_ROOT: {
    text: '{path} cannot hold the files of this task: {problem}.',
    advice:
      'Create /var/lib/stevedore for the user of the task (mode 0700), or name another directory in STEVEDORE_AGENT_ROOT.',
  },
  ERR_STATE_ROOT_MISSING: {
    text: 'There is no place outside the sandbox for {what}: {problem}.',
    advice:
      'Create /var/lib/stevedore/u{uid} for the user of the task (mode 0700), or configure an absolute path for it.',
  },
  ERR_STATE_LOST: {
    text: 'The {directory} of {instance} was formatted before, but {path} on this host is empty.',
    advice:
      'Restore it from a backup or mount its disk again. To start anew without what it held, run `stevedore forget --instance {instance} --state-dir DIR`, DIR being the state directory of the scheduler.',
  },
  ERR_DIRECTORY_UNUSABLE: {
    text: "Directory '{directory}' at {path} cannot be used: {problem}.",
    advice: 'Make it writable for the user of the task, or configure another path.',
  },
  ERR_VOLUME_MISSING: {
    text: "The persistent volume of directory '{directory}' is not at {path}: {problem}.",
    advice:
      'The agent has to show it there: it needs one of the isolators filesystem/posix and filesystem/linux.',
  },
  ERR_INSTANCE_RUNNING: {
    text: '{instance} of cluster {cluster} still runs on this host: another executor (lock {path}) holds its state.',
    advice: 'Wait until the former task has ended, or end its executor.',
  },
  ERR_CONFIG_FILE: {
    text: "Configuration file '{file}' of the launch spec cannot be rendered: {problem}.",
    advice: 'Restart the scheduler; if it stays, report this as an error of the scheduler.',
  },
  ERR_RAMDISK_REFUSED: {
    text: 'No ramdisk of {size} can be had on this agent: {problem}.',
    advice:
      'Enable the isolator namespaces/ipc on the agent, run tasks as root, install util-linux (unshare, nsenter), or enlarge /dev/shm.',
  },
  ERR_RAMDISK_HOST: {
    text: '{path} cannot be the ramdisk of this host: {problem}.',
    advice: 'Mount a tmpfs of at least {size} there on every agent, writable for the user of the task.',
  },
} satisfies Record<string, ErrorEntry>;
