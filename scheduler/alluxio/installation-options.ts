/** Options of what runs and what it keeps: distribution, JDK, Java options, journal, root under-file-system. */
import type { OptionTable } from '../../config/option-table.ts';
import { enumType, stringType } from '../../config/option-types.ts';

const MESOS = 'alluxio.integration.mesos';
const INSTALLATION = 'Installation';
const STORAGE = 'Journal and storage';

export const INSTALLATION_OPTIONS = {
  jarUrl: {
    key: `${MESOS}.alluxio.jar.url`,
    type: stringType,
    section: INSTALLATION,
    doc: 'Where Alluxio comes from: the URL or path of a tarball, a directory, or `LOCAL` for an installation on every agent at `alluxio.home`. Unset: the installation that the start script runs from.',
  },
  dependencyPath: {
    key: `${MESOS}.executor.dependency.path`,
    type: stringType,
    section: INSTALLATION,
    doc: 'Of Alluxio 1.2: a URL under which `alluxio.tar.gz` lies. Write `alluxio.jar.url` instead.',
  },
  home: {
    key: 'alluxio.home',
    type: stringType,
    section: INSTALLATION,
    doc: 'Installation on the agents, with `alluxio.jar.url` = `LOCAL`.',
  },
  jdkUrl: {
    key: `${MESOS}.jdk.url`,
    type: stringType,
    default: 'LOCAL',
    deprecated: [`${MESOS}.jre.url`],
    section: INSTALLATION,
    doc: 'Where Java comes from: the URL or path of a tarball, or `LOCAL` for the Java of the agents.',
  },
  jdkPath: {
    key: `${MESOS}.jdk.path`,
    type: stringType,
    deprecated: [`${MESOS}.jre.path`],
    section: INSTALLATION,
    doc: 'With `LOCAL`: absolute path of the JDK on the agents; unset: the usual places. With a URL it is not needed.',
  },
  masterJavaOpts: {
    key: `${MESOS}.master.java.opts`,
    type: stringType,
    default: '',
    environment: ['ALLUXIO_MASTER_JAVA_OPTS'],
    section: INSTALLATION,
    doc: 'Java options of the master. `-Dalluxio.…` in them become site properties; secrets are refused, since everybody on the agent reads a command line.',
  },
  workerJavaOpts: {
    key: `${MESOS}.worker.java.opts`,
    type: stringType,
    default: '',
    environment: ['ALLUXIO_WORKER_JAVA_OPTS'],
    section: INSTALLATION,
    doc: 'The same for workers.',
  },
  javaOpts: {
    key: `${MESOS}.java.opts`,
    type: stringType,
    default: '',
    environment: ['ALLUXIO_JAVA_OPTS'],
    section: INSTALLATION,
    doc: 'The same for both.',
  },
  masterHostname: {
    key: 'alluxio.master.hostname',
    type: stringType,
    environment: ['ALLUXIO_MASTER_HOSTNAME'],
    section: STORAGE,
    doc: 'Decided by placement. To choose the host write `alluxio.integration.mesos.master.hostname`.',
  },
  rootUfs: {
    key: 'alluxio.master.mount.table.root.ufs',
    type: stringType,
    deprecated: ['alluxio.underfs.address'],
    environment: ['ALLUXIO_MASTER_MOUNT_TABLE_ROOT_UFS', 'ALLUXIO_UNDERFS_ADDRESS'],
    section: STORAGE,
    doc: 'The storage under Alluxio, the same for master and workers.',
  },
  journalType: {
    key: 'alluxio.master.journal.type',
    type: enumType('EMBEDDED', 'UFS', 'NOOP'),
    default: 'EMBEDDED',
    section: STORAGE,
    doc: 'Kind of journal.',
  },
  journalFolder: {
    key: 'alluxio.master.journal.folder',
    type: stringType,
    section: STORAGE,
    doc: "An absolute path on the master's agent, or a URI; unset: under the agent's state root, outside the sandbox.",
  },
  metastoreDirectory: {
    key: 'alluxio.master.metastore.dir',
    type: stringType,
    section: STORAGE,
    doc: "Absolute path of the metastore on the master's agent; unset: beside the journal.",
  },
} satisfies OptionTable;
