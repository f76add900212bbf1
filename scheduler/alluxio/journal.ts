/** The master's journal: where it lies, what sets it up, and what keeps it usable. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { CommandSpec, DirectorySpec, LaunchSpec } from '../../protocol/launch-spec.ts';
import type { VolumeRequest } from '../core/service-spec.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';
import type { AlluxioSettings } from './settings.ts';
import { describeVolume, refusePath, type VolumeDirectory } from './volumes.ts';

export interface Journal {
  readonly isEmbedded: boolean;
  /** Our directory on the agent; none for a URI (`hdfs://…`), which Alluxio sets up itself. */
  readonly directory?: DirectorySpec;
  readonly folder: string;
  /** That the directory lies in. */
  readonly volume?: VolumeRequest;
}

type PrepareSpec = LaunchSpec['prepare'][number];

/** A URI with a scheme other than `file`. */
function isRemote(folder: string): boolean {
  return /^[a-z][\w+.-]*:\/\//i.test(folder) && !folder.startsWith('file://');
}

/** A directory of state on the agent, at the operator's path or under the agent's state root. */
export function describeStateDirectory(name: string, key: string, path: string | undefined): DirectorySpec {
  const local = path?.replace(/^file:\/\//, '');
  if (local !== undefined && !local.startsWith('/'))
    throw new StevedoreError('ERR_ALLUXIO_PATH', { key, value: local });
  return { name, kind: 'state', ...(local !== undefined && { path: local }) };
}

function describeJournalVolume(settings: AlluxioSettings, sizeBytes: number): VolumeDirectory {
  const { key } = ALLUXIO_OPTIONS.journalVolumeSize;
  refusePath(settings, key, ALLUXIO_OPTIONS.journalFolder.key);
  const disk = settings.values.journalVolumeDisk;
  return describeVolume(settings, { name: 'journal', sizeBytes, disk, component: 'master', key });
}

/** @throws StevedoreError ERR_ALLUXIO_PATH, ERR_ALLUXIO_VOLUME_PATH, ERR_ALLUXIO_VOLUME_ROLE */
export function describeJournal(settings: AlluxioSettings): Journal {
  const { values } = settings;
  const isEmbedded = values.journalType === 'EMBEDDED';
  const { journalFolder: folder, journalVolumeSize: size } = values;
  if (size !== undefined)
    return { isEmbedded, folder: '@{directory.journal}', ...describeJournalVolume(settings, size) };
  if (folder !== undefined && isRemote(folder)) return { isEmbedded, folder };
  const directory = describeStateDirectory('journal', 'alluxio.master.journal.folder', folder);
  return { isEmbedded, directory, folder: '@{directory.journal}' };
}

/** Formats a journal directory that is empty and was never formatted, and no other. */
export function prepareFormat(command: CommandSpec): PrepareSpec {
  return { name: 'format', command, formats: 'journal', timeoutMs: 120_000 };
}

const CHECK_MEMBER = `for conf in "$1"/raft/*/current/raft-meta.conf; do
[ ! -e "$conf" ] || grep -aqF "$2" "$conf" || { echo "another member: $conf"; exit 0; }
done
echo "same member"`;

/**
 * An embedded journal names its member by host and port. Under another address the member is not in its own quorum: the
 * master would wait for a leader for ever.
 */
export function prepareMemberCheck(host: string, port: number): PrepareSpec {
  const member = `${host}:${port}`;
  const argv = ['/bin/sh', '-c', CHECK_MEMBER, 'alluxio', '@{directory.journal}', member];
  return {
    name: 'journal-address',
    command: { choices: [{ argv }] },
    expect: {
      pattern: '^same member',
      message: `The embedded journal on this host belongs to a master with another address than ${member}, so this one could never lead. Give it the address and alluxio.master.embedded.journal.port that it had.`,
    },
    timeoutMs: 10_000,
  };
}
