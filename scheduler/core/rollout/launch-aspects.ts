/** The parts of a launch that a change can be named by: a key of a file, a variable, a directory. */
import type { FileSpec } from '../../../protocol/launch-spec.ts';
import type { ServiceLaunch } from '../service-spec.ts';

export type Aspects = Record<string, string>;

/** The same text for the same value, in whatever order its keys were written. */
export function renderStable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function describeFile({ path, set = {}, ...rest }: FileSpec): [string, unknown][] {
  const keys = Object.entries(set).map(([key, value]): [string, unknown] => [`launch.${path}:${key}`, value]);
  return [[`launch.${path}`, rest], ...keys];
}

function describeNamed(kind: string, parts: readonly { readonly name: string }[]): [string, unknown][] {
  return parts.map((part) => [`launch.${kind} ${part.name}`, part]);
}

/** Every value as a keyed hash: what an operator wrote may be secret, and a state may be read by others. */
export function describeLaunch(launch: ServiceLaunch, hash: (text: string) => string): Aspects {
  const { files, environment, directories, prepare, command, ramdisk, limits } = launch;
  const variables = Object.entries(environment).map(([name, value]) => [`launch.environment ${name}`, value]);
  const parts = [
    ['launch.command', command],
    ...(ramdisk === undefined ? [] : [['launch.ramdisk', ramdisk]]),
    ...(limits === undefined ? [] : [['launch.limits', limits]]),
    ...files.flatMap(describeFile),
    ...variables,
    ...describeNamed('directory', directories),
    ...describeNamed('prepare', prepare),
  ] as [string, unknown][];
  return Object.fromEntries(parts.map(([name, value]) => [name, hash(renderStable(value))]));
}
