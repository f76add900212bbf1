/** Options of what tasks get: cpus, memory, ramdisk, tiers, ports. */
import type { OptionTable } from '../../config/option-table.ts';
import {
  bytesType,
  enumType,
  integerType,
  numberType,
  portType,
  stringType,
} from '../../config/option-types.ts';

const RESOURCES = 'Resources';
const PORTS = 'Ports';

export const RESOURCE_OPTIONS = {
  masterCpu: {
    key: 'alluxio.integration.master.resource.cpu',
    type: numberType(0),
    default: '1',
    section: RESOURCES,
    doc: 'Cpus of a master.',
  },
  masterMem: {
    key: 'alluxio.integration.master.resource.mem',
    type: bytesType,
    default: '1024MB',
    section: RESOURCES,
    doc: 'Memory of a master. Its heap is fitted into it.',
  },
  workerCpu: {
    key: 'alluxio.integration.worker.resource.cpu',
    type: numberType(0),
    default: '1',
    section: RESOURCES,
    doc: 'Cpus of a worker.',
  },
  workerMem: {
    key: 'alluxio.integration.worker.resource.mem',
    type: bytesType,
    default: '1024MB',
    section: RESOURCES,
    doc: 'Memory of a worker beside its ramdisk. Heap and direct memory are fitted into it.',
  },
  ramdiskSize: {
    key: 'alluxio.worker.ramdisk.size',
    type: bytesType,
    deprecated: ['alluxio.worker.memory.size'],
    environment: ['ALLUXIO_WORKER_RAMDISK_SIZE', 'ALLUXIO_WORKER_MEMORY_SIZE'],
    section: RESOURCES,
    doc: "Ramdisk of a worker, part of its task's memory; unset: the quota of tier 0, else 1 GiB.",
  },
  ramdiskSharing: {
    key: 'alluxio.integration.mesos.ramdisk.sharing',
    type: enumType('private', 'host'),
    default: 'private',
    section: RESOURCES,
    doc: "`private`: a tmpfs of the task alone, clients read through the worker. `host`: a directory on the host's tmpfs (`alluxio.worker.tieredstore.level0.dirs.path`) that clients open themselves (short circuit).",
  },
  tierLevels: {
    key: 'alluxio.worker.tieredstore.levels',
    type: integerType(1, 3),
    default: '1',
    section: RESOURCES,
    doc: 'Number of storage tiers. The quotas of disk tiers are asked of Mesos as disk.',
  },
  ramFolder: {
    key: 'alluxio.worker.tieredstore.level0.dirs.path',
    type: stringType,
    environment: ['ALLUXIO_RAM_FOLDER'],
    section: RESOURCES,
    doc: "Directories of tier 0. With a private ramdisk they are the task's own.",
  },
  blockStoreType: {
    key: 'alluxio.worker.block.store.type',
    type: enumType('FILE', 'PAGE'),
    default: 'FILE',
    section: RESOURCES,
    doc: 'PAGE: no ramdisk; `alluxio.worker.page.store.sizes` is asked of Mesos as disk, with its overhead.',
  },
  masterRpcPort: {
    key: 'alluxio.master.rpc.port',
    type: portType,
    default: '19998',
    deprecated: ['alluxio.master.port'],
    section: PORTS,
    doc: 'RPC port of the master. As with every port: one that is set is the only one taken, one that is not moves to another that Mesos offers.',
  },
  masterWebPort: {
    key: 'alluxio.master.web.port',
    type: portType,
    default: '19999',
    section: PORTS,
    doc: 'Web port of the master.',
  },
  masterJournalPort: {
    key: 'alluxio.master.embedded.journal.port',
    type: portType,
    default: '19200',
    section: PORTS,
    doc: 'Port of the embedded journal. It is part of the journal: once given it stays.',
  },
  workerRpcPort: {
    key: 'alluxio.worker.rpc.port',
    type: portType,
    default: '29999',
    deprecated: ['alluxio.worker.port'],
    section: PORTS,
    doc: 'RPC and data port of a worker.',
  },
  workerWebPort: {
    key: 'alluxio.worker.web.port',
    type: portType,
    default: '30000',
    section: PORTS,
    doc: 'Web port of a worker.',
  },
  workerDataPort: {
    key: 'alluxio.worker.data.port',
    type: portType,
    section: PORTS,
    doc: 'Accepted and unused: since 2.0 data goes over the RPC port.',
  },
} satisfies OptionTable;
