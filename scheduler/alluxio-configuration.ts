/** Reads Alluxio's configuration as its own scripts do: ALLUXIO_HOME, ALLUXIO_CONF_DIR, conf/alluxio-site.properties. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Setting } from '../config/option-table.ts';
import { parseProperties } from '../config/properties.ts';
import { messageOf, StevedoreError, StevedoreErrors } from '../protocol/errors.ts';
import { type AlluxioSettings, resolveAlluxioSettings } from './alluxio/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** UTF-8, or the ISO-8859-1 that Java's properties had at first. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** A file that does not exist is an empty one. @throws StevedoreError ERR_ALLUXIO_SITE_FILE */
async function readText(path: string): Promise<string> {
  try {
    return decodeText(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new StevedoreError('ERR_ALLUXIO_SITE_FILE', { path, problem: messageOf(error) }, { cause: error });
  }
}

interface SiteFile {
  readonly settings: readonly Setting[];
  readonly problems: readonly StevedoreError[];
}

async function readSiteFile(environment: Environment): Promise<SiteFile> {
  const home = environment['ALLUXIO_HOME'] ?? '';
  const folder = environment['ALLUXIO_CONF_DIR'] || (home === '' ? '' : join(home, 'conf'));
  if (folder === '') return { settings: [], problems: [] };
  const path = join(folder, 'alluxio-site.properties');
  const { entries, problems } = parseProperties(await readText(path), path);
  const settings = entries.map(({ key, value, line }) => ({ key, value, origin: `${path}:${line}` }));
  return { settings, problems };
}

interface Resolved {
  readonly settings?: AlluxioSettings;
  readonly problems: readonly StevedoreError[];
}

function collectProblems(resolve: () => AlluxioSettings): Resolved {
  try {
    return { settings: resolve(), problems: [] };
  } catch (error) {
    if (error instanceof StevedoreErrors) return { problems: error.problems };
    throw error;
  }
}

/** @throws StevedoreErrors with every problem of the file and of the settings; StevedoreError ERR_ALLUXIO_SITE_FILE */
export async function readAlluxioSettings(
  environment: Environment,
  flags: readonly Setting[],
): Promise<AlluxioSettings> {
  const file = await readSiteFile(environment);
  const installation = environment['ALLUXIO_HOME'] ?? '';
  const configuration = {
    file: file.settings,
    environment,
    flags,
    ...(installation !== '' && { installation }),
  };
  const resolved = collectProblems(() => resolveAlluxioSettings(configuration));
  const problems = [...file.problems, ...resolved.problems];
  if (problems.length > 0 || resolved.settings === undefined) throw new StevedoreErrors(problems);
  return resolved.settings;
}
