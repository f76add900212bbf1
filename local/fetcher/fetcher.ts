/** The fetcher: brings the URIs of one container into its sandbox, one by one, and logs as Mesos' fetcher does. */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../protocol/errors.ts';
import type { CommandUri } from '../../protocol/mesos/task.ts';
import { download } from './download.ts';
import { extract } from './extract.ts';
import { type FetchInfo, type FetchItem, renderBaseName } from './fetch-item.ts';
import type { FetchLog } from './fetch-log.ts';

interface Fetching {
  readonly info: FetchInfo;
  readonly log: FetchLog;
}

const NO_HOME =
  'A relative path was passed for the resource but the Mesos framework home was not specified. Please either provide this config option or avoid using a relative path';
const NO_HADOOP = 'Failed to create HDFS client: Hadoop client is not available, exit status: 32512';

/** Gets the bytes of a URI into a file, by whatever its scheme needs. */
async function obtain({ info, log }: Fetching, uri: string, file: string): Promise<void> {
  const scheme = /^([a-z][\w+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  const network = ['http', 'https', 'ftp', 'ftps'].includes(scheme ?? '');
  if (scheme === 'file') return copyFileSync(uri.slice('file://'.length), file);
  if (scheme !== undefined && !network) throw new Error(NO_HADOOP);
  if (!network && !uri.startsWith('/')) throw new Error(NO_HOME);
  if (!network) return copyFileSync(uri, file);
  log.info(175, `Downloading resource from '${uri}' to '${file}'`);
  await download(uri, file, info.stall_timeout.nanoseconds / 1e6);
}

function warnNoArchive(log: FetchLog, line: number, uri: CommandUri): void {
  const text = 'Copying instead of extracting resource from URI with';
  log.warn(line, `${text} 'extract' flag, because it does not seem to be an archive: ${uri.value}`);
}

function sandboxPath(info: FetchInfo, uri: CommandUri): string {
  const file = path.join(info.sandbox_directory, uri.output_file ?? '');
  if (uri.output_file === undefined) return `${info.sandbox_directory}/${renderBaseName(uri.value)}`;
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

async function fetchDirectly(fetching: Fetching, uri: CommandUri): Promise<string> {
  const { info, log } = fetching;
  const file = sandboxPath(info, uri);
  log.info(290, `Fetching '${uri.value}' directly into the sandbox directory`);
  await obtain(fetching, uri.value, file);
  if (uri.executable === true) chmodSync(file, 0o755);
  else if (uri.extract !== false) {
    if (!(await extract(file, info.sandbox_directory))) warnNoArchive(log, 332, uri);
    else if (file.endsWith('.gz') && !/\.t(ar\.)?gz$/.test(file))
      log.info(132, `Extracted '${file}' into '${info.sandbox_directory}'`);
  }
  return file;
}

/** From the cache only the unpacked tree gets into the sandbox, not the archive. */
async function fetchFromCache({ info, log }: Fetching, item: FetchItem): Promise<string> {
  const { uri } = item;
  const cached = path.join(info.cache_directory, item.cache_filename ?? '');
  log.info(349, `Fetching URI '${uri.value}' from cache`);
  const extracts = uri.executable !== true && uri.extract !== false;
  if (extracts && (await extract(cached, info.sandbox_directory))) return info.sandbox_directory;
  if (extracts) warnNoArchive(log, 394, uri);
  const file = sandboxPath(info, uri);
  copyFileSync(cached, file);
  if (uri.executable === true) chmodSync(file, 0o755);
  return file;
}

async function fetchItem(fetching: Fetching, item: FetchItem): Promise<string> {
  fetching.log.info(459, `Fetching URI '${item.uri.value}'`);
  if (item.action === 'BYPASS_CACHE') return fetchDirectly(fetching, item.uri);
  const cached = path.join(fetching.info.cache_directory, item.cache_filename ?? '');
  if (item.action === 'DOWNLOAD_AND_CACHE') await obtain(fetching, item.uri.value, cached);
  return fetchFromCache(fetching, item);
}

/** Fetches all; false, with the reason in the log, as soon as one cannot be had. */
export async function fetchAll(info: FetchInfo, log: FetchLog): Promise<boolean> {
  log.info(562, `Fetcher Info: ${JSON.stringify(info)}`);
  for (const item of info.items) {
    const { value } = item.uri;
    try {
      log.info(618, `Fetched '${value}' to '${await fetchItem({ info, log }, item)}'`);
    } catch (error) {
      log.fail(615, `EXIT with status 1: Failed to fetch '${value}': ${messageOf(error)}`);
      return false;
    }
  }
  log.info(623, `Successfully fetched all URIs into '${info.sandbox_directory}'`);
  return true;
}
