/** Directories that a worker keeps blocks or pages in, and their sizes. */
import { listType } from '../../config/option-types.ts';
import { parseByteSize } from '../../protocol/byte-size.ts';
import { messageOf, StevedoreError } from '../../protocol/errors.ts';
import type { DirectorySpec } from '../../protocol/launch-spec.ts';
import type { AlluxioSettings } from './settings.ts';

export function parseSizes(settings: AlluxioSettings, key: string): number[] {
  const text = settings.property(key);
  if (text === undefined) return [];
  try {
    return listType.parse(text).map(parseByteSize);
  } catch (error) {
    throw new StevedoreError('ERR_ALLUXIO_PROPERTY', { key, problem: messageOf(error) }, { cause: error });
  }
}

export function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

/** Alluxio takes the last size for all directories that have none. */
function sizePerDirectory(sizes: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => sizes[Math.min(index, sizes.length - 1)] as number);
}

interface DirectoryGroup {
  readonly name: string;
  readonly pathKey: string;
  readonly sizes: readonly number[];
}

/** One directory for each path that the operator configured, or one of our own. */
export function describeDirectories(settings: AlluxioSettings, { name, pathKey, sizes }: DirectoryGroup) {
  const paths = listType.parse(settings.property(pathKey) ?? '');
  for (const path of paths)
    if (!path.startsWith('/')) throw new StevedoreError('ERR_ALLUXIO_PATH', { key: pathKey, value: path });
  const count = Math.max(paths.length, 1);
  const directories = Array.from({ length: count }, (_, index): DirectorySpec => {
    const path = paths[index];
    return { name: `${name}-${index}`, kind: 'state', ...(path !== undefined && { path }) };
  });
  const placeholders = directories.map((directory) => `@{directory.${directory.name}}`).join(',');
  return { directories, paths: placeholders, sizes: sizePerDirectory(sizes, count) };
}
