/** From a launch spec and the facts of this agent to what exactly is run. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { CommandSpec, DirectorySpec, LaunchSpec, ProbeSpec } from '../../protocol/launch-spec.ts';
import { type PlaceholderValues, resolvePlaceholders } from '../../protocol/placeholders.ts';

export type PrepareSpec = LaunchSpec['prepare'][number];

export interface ResolvedCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** A format command runs only for a directory that is empty and was never formatted; the others always. */
export function selectPrepare(
  prepare: readonly PrepareSpec[],
  unformatted: readonly string[],
): readonly PrepareSpec[] {
  return prepare.filter(({ formats }) => formats === undefined || unformatted.includes(formats));
}

/** The names for the label `stevedore.formatted`: what was found formatted, and what has been formatted since. */
export function listFormatted(
  directories: readonly DirectorySpec[],
  unformatted: readonly string[],
): readonly string[] {
  return directories
    .filter(({ name, formatted }) => formatted !== undefined && !unformatted.includes(name))
    .map(({ name }) => name);
}

/**
 * The first choice whose required path exists, with its placeholders resolved.
 * @throws StevedoreError ERR_COMMAND_MISSING, ERR_PLACEHOLDER_UNKNOWN
 */
export function resolveCommand(
  command: CommandSpec,
  values: PlaceholderValues,
  exists: (path: string) => boolean,
): ResolvedCommand {
  const resolve = (text: string) => resolvePlaceholders(text, values);
  const required = command.choices.map(({ requires }) =>
    requires === undefined ? undefined : resolve(requires),
  );
  const index = required.findIndex((path) => path === undefined || exists(path));
  const choice = command.choices[index];
  if (choice === undefined) throw new StevedoreError('ERR_COMMAND_MISSING', { paths: required.join(', ') });
  return { argv: choice.argv.map(resolve), cwd: resolve(command.cwd ?? '@{sandbox}') };
}

/**
 * The whole environment of the service. A shell stands between executor and service, and shells drop other names.
 * @throws StevedoreError ERR_ENVIRONMENT_NAME, ERR_PLACEHOLDER_UNKNOWN
 */
export function resolveEnvironment(
  environment: Readonly<Record<string, string>>,
  values: PlaceholderValues,
): Record<string, string> {
  for (const name of Object.keys(environment))
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new StevedoreError('ERR_ENVIRONMENT_NAME', { name });
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, resolvePlaceholders(value, values)]),
  );
}

/** @throws StevedoreError ERR_PLACEHOLDER_UNKNOWN */
export function resolveProbe(probe: ProbeSpec, values: PlaceholderValues): ProbeSpec {
  return { ...probe, host: resolvePlaceholders(probe.host, values) };
}
