/** Options of persistent volumes: what of masters and workers lies in them. */
import type { OptionTable } from '../../config/option-table.ts';
import { bytesType, enumType } from '../../config/option-types.ts';

const section = 'Volumes';
const DISKS = ['ROOT', 'PATH', 'MOUNT'] as const;

function tierVolume(level: number) {
  return {
    key: `alluxio.integration.worker.tier${level}.volume`,
    type: enumType(...DISKS),
    section,
    doc: `Tier ${level} lies in persistent volumes of the quotas' sizes, one for each quota, on this kind of disk; unset: in directories of the agent.`,
  };
}

export const VOLUME_OPTIONS = {
  journalVolumeSize: {
    key: 'alluxio.integration.master.journal.volume.size',
    type: bytesType,
    section,
    doc: "The master's journal lies in a persistent volume of this size, which Mesos keeps for it; unset: in a directory of the agent.",
  },
  journalVolumeDisk: {
    key: 'alluxio.integration.master.journal.volume.disk',
    type: enumType(...DISKS),
    default: 'ROOT',
    section,
    doc: "Disk of that volume. `ROOT`: the agent's own. `PATH`: a part of a disk that the agent declares so. `MOUNT`: such a disk, whole.",
  },
  tier0Volume: tierVolume(0),
  tier1Volume: tierVolume(1),
  tier2Volume: tierVolume(2),
} satisfies OptionTable;
