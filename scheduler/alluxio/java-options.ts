/**
 * Java options as operators write them (ALLUXIO_MASTER_JAVA_OPTS): what may go on a command line, which everybody on
 * the agent reads, what belongs into the site properties, and how much memory they leave.
 */
import type { Setting } from '../../config/option-table.ts';
import { parseByteSize } from '../../protocol/byte-size.ts';
import { StevedoreError } from '../../protocol/errors.ts';

export interface SortedJavaOptions {
  /** For the command line. */
  readonly options: readonly string[];
  /** `-Dalluxio.…`, which Alluxio reads from its site properties as well. */
  readonly properties: readonly Setting[];
  readonly problems: readonly StevedoreError[];
}

/** Names of system properties that tend to hold secrets: `aws.secretKey`, `javax.net.ssl.keyStorePassword`. */
const SECRET_NAME =
  /secret|passw(?:or)?d|passphrase|credential|token|(?:access|private|account|api|encryption)[._-]?key|key(?:id)?$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Splits at spaces as a shell does, with single and double quotes. */
export function splitJavaOptions(text: string): string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** The value of a secret is in no message. */
export function sortJavaOptions(text: string, origin: string): SortedJavaOptions {
  const options: string[] = [];
  const properties: Setting[] = [];
  const problems: StevedoreError[] = [];
  for (const option of splitJavaOptions(text)) {
    const [, key, value = ''] = /^-D([^=]+)(?:=([\s\S]*))?$/.exec(option) ?? [];
    if (key?.startsWith('alluxio.')) properties.push({ key, value, origin });
    else if (key !== undefined && SECRET_NAME.test(key))
      problems.push(new StevedoreError('ERR_ALLUXIO_JAVA_OPTION_SECRET', { key, origin }));
    else options.push(option);
  }
  return { options, properties, problems };
}

export interface JvmShares {
  /** Parts of the task's memory; the rest is for metaspace, threads and native code. */
  readonly heap: number;
  readonly direct: number;
}

export interface JvmMemory {
  readonly memMiB: number;
  readonly shares: JvmShares;
  /** The key that sets `memMiB`. */
  readonly key: string;
}

const MIB = 1024 * 1024;

/** The last one counts, as for java itself. MiB. */
function findSize(options: readonly string[], pattern: RegExp): number | undefined {
  const sizes = options.flatMap((option) => pattern.exec(option)?.[1] ?? []);
  const last = sizes.at(-1);
  return last === undefined ? undefined : Math.ceil(parseByteSize(last) / MIB);
}

/**
 * Adds heap and direct memory that fit, where the operator set none: java would otherwise size them by the host.
 * @throws StevedoreError ERR_ALLUXIO_HEAP when the operator's do not fit.
 */
export function fitJavaOptions(options: readonly string[], memory: JvmMemory): string[] {
  const { memMiB, shares, key } = memory;
  const heap = findSize(options, /^-Xmx(\d+[kKmMgGtT]?)$/);
  const direct = findSize(options, /^-XX:MaxDirectMemorySize=(\d+[kKmMgGtT]?)$/);
  const byPercentage = options.some((option) => option.startsWith('-XX:MaxRAMPercentage='));
  const heapMiB = heap ?? Math.floor(memMiB * shares.heap);
  const room = memMiB - heapMiB;
  const directMiB = direct ?? Math.min(Math.floor(memMiB * shares.direct), Math.floor(room / 2));
  if (directMiB < 1 || heapMiB + directMiB >= memMiB)
    throw new StevedoreError('ERR_ALLUXIO_HEAP', { heapMiB, directMiB, memMiB, key });
  return [
    ...(heap === undefined && !byPercentage ? [`-Xmx${heapMiB}m`] : []),
    ...(direct === undefined ? [`-XX:MaxDirectMemorySize=${directMiB}m`] : []),
    ...options,
  ];
}
