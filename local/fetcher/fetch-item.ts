/** What the fetcher process is told, and how it names what it fetches. */
import type { CommandUri } from '../../protocol/mesos/task.ts';

export interface FetchItem {
  readonly action: 'BYPASS_CACHE' | 'DOWNLOAD_AND_CACHE' | 'RETRIEVE_FROM_CACHE';
  readonly cache_filename?: string;
  readonly uri: CommandUri;
}

/** One container's fetching, as the fetcher reads it from its standard input. */
export interface FetchInfo {
  readonly cache_directory: string;
  readonly items: readonly FetchItem[];
  readonly sandbox_directory: string;
  readonly stall_timeout: { readonly nanoseconds: number };
  readonly user: string;
}

/** Text after the last slash, query and fragment included. */
export function renderBaseName(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

const ARCHIVES = ['.tar', '.tgz', '.tar.gz', '.tbz2', '.tar.bz2', '.txz', '.tar.xz', '.zip'];

/** How a file of this name is unpacked; by its name alone. */
export function archiveKind(name: string): 'tar' | 'zip' | 'gzip' | undefined {
  if (name.endsWith('.zip')) return 'zip';
  if (ARCHIVES.some((suffix) => name.endsWith(suffix))) return 'tar';
  return name.endsWith('.gz') ? 'gzip' : undefined;
}

/** What makes the agent refuse a URI before any fetcher starts, in Mesos' words. */
export function findUriProblem(uri: CommandUri): string | undefined {
  // oxlint-disable-next-line no-control-regex -- NUL is what is looked for
  if (/[\\'\0]/.test(uri.value)) return `Illegal characters in URI`;
  if (uri.output_file?.startsWith('/')) return 'URI output file must be within the sandbox directory';
  return undefined;
}
