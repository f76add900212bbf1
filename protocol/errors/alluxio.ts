/** Errors of alluxio/. */
import type { ErrorEntry } from './entry.ts';

export const ALLUXIO_ERRORS = {
  ERR_ALLUXIO_USAGE: {
    text: '{problem}',
    advice: 'See `stevedore alluxio --help`.',
  },
  ERR_ALLUXIO_NO_DISTRIBUTION: {
    text: 'Nothing says where Alluxio comes from.',
    advice:
      'Set alluxio.integration.mesos.alluxio.jar.url to a tarball, a directory or LOCAL, or run the start script from an installation (ALLUXIO_HOME).',
  },
  ERR_ALLUXIO_LOCATION: {
    text: "{key} = '{value}' is neither an http, https or file URL nor an absolute path.",
    advice: 'Write one of these, or LOCAL for what is installed on every agent.',
  },
  ERR_ALLUXIO_HOME: {
    text: "alluxio.integration.mesos.alluxio.jar.url is LOCAL, but alluxio.home = '{value}' is no absolute path.",
    advice: 'Set alluxio.home to the folder of Alluxio on the agents.',
  },
  ERR_ALLUXIO_JDK_PATH: {
    text: "alluxio.integration.mesos.jdk.path = '{value}' is no absolute path, and no jdk.url is set that it could lie in.",
    advice: 'Write the absolute path of a JDK on the agents, or set alluxio.integration.mesos.jdk.url.',
  },
  ERR_ALLUXIO_JAVA_OPTION_SECRET: {
    text: '-D{key} ({origin}) looks like a secret, and everybody on an agent can read a command line.',
    advice:
      'Put the property into conf/alluxio-site.properties, which reaches masters and workers in private.',
  },
  ERR_ALLUXIO_HEAP: {
    text: 'A heap of {heapMiB} MiB and {directMiB} MiB of direct memory do not fit into {key} = {memMiB} MiB.',
    advice: 'Set {key} higher, or -Xmx and -XX:MaxDirectMemorySize lower.',
  },
  ERR_ALLUXIO_MEMORY: {
    text: '{key} = {memMiB} MiB is less than a Java process of Alluxio needs ({leastMiB} MiB).',
    advice: 'Set {key} higher.',
  },
  ERR_ALLUXIO_CLUSTER_NAME: {
    text: "alluxio.integration.mesos.cluster = '{value}' cannot be part of task ids and folders.",
    advice: 'Use up to 40 lower-case letters, digits and `-`, a letter first.',
  },
  ERR_ALLUXIO_MASTER_COUNT: {
    text: 'Several masters are asked for ({key} = {value}).',
    advice:
      'Write 1 master: masters that share a journal are not supported yet, and separate journals would be separate file systems.',
  },
  ERR_ALLUXIO_RAMDISK_SIZE: {
    text: 'Tier 0 asks for {quotaMiB} MiB ({key}), more than the ramdisk of {ramdiskMiB} MiB (alluxio.worker.ramdisk.size).',
    advice:
      'Set alluxio.worker.ramdisk.size to the sum of the quotas of tier 0, or leave one of the two out.',
  },
  ERR_ALLUXIO_RAMDISK_EMPTY: {
    text: 'The ramdisk of a worker is to be {sizeBytes} bytes (alluxio.worker.ramdisk.size).',
    advice: 'Write at least 1MB, or give tier 0 another alias than MEM.',
  },
  ERR_ALLUXIO_VOLUME_ROLE: {
    text: '{key} asks for a persistent volume, and everybody has role *, which can hold none.',
    advice: 'Set alluxio.integration.mesos.role to a role of its own.',
  },
  ERR_ALLUXIO_VOLUME_PATH: {
    text: '{key} asks for a persistent volume, but {pathKey} = {value} names another place.',
    advice: 'Keep one of the two; tier 0 in a volume needs another alias than MEM.',
  },
  ERR_ALLUXIO_TIER_QUOTA: {
    text: 'Storage tier {level} has no size: {key} is not set.',
    advice: 'Set it, for example to 100GB. The sum is asked of Mesos as disk.',
  },
  ERR_ALLUXIO_PROPERTY: {
    text: '{key}: {problem}',
    advice: '',
  },
  ERR_ALLUXIO_PATH: {
    text: "{key} = '{value}' is no absolute path.",
    advice:
      'Write an absolute path on the agents, or leave the key out for a folder under the state root of the agent.',
  },
  ERR_ALLUXIO_RAMDISK_PATH: {
    text: 'alluxio.integration.mesos.ramdisk.sharing is host, but alluxio.worker.tieredstore.level0.dirs.path is not the absolute path of one directory.',
    advice: "Set it to a directory on the agents' tmpfs, for example /dev/shm/alluxio.",
  },
  ERR_ALLUXIO_MASTER_ABSENT: {
    text: '{instance} cannot be launched: no master is ready.',
    advice: 'It is launched when a master is.',
  },
  ERR_ALLUXIO_SITE_FILE: {
    text: '{path} cannot be read: {problem}.',
    advice: 'Check ALLUXIO_CONF_DIR and the permissions of the file.',
  },
  ERR_ALLUXIO_SECRET_MISSING: {
    text: 'The configuration before had a secret under {key}, which is not kept and is given nowhere now.',
    advice: 'Set {key} again, in the file or by -D.',
  },
  ERR_ALLUXIO_INSTALL_HOME: {
    text: '{path} is no Alluxio installation: it has no {missing}.',
    advice: 'Name the folder that Alluxio was unpacked to.',
  },
  ERR_ALLUXIO_INSTALL_CHANGED: {
    text: '{path} was changed since it was installed.',
    advice: 'Move it away, or put its content back, and try again.',
  },
} satisfies Record<string, ErrorEntry>;
