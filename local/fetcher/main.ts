/** The fetcher process: reads what to fetch from standard input, runs as the task's user, exits with 0 or 1. */
import { text } from 'node:stream/consumers';
import type { FetchInfo } from './fetch-item.ts';
import { createFetchLog } from './fetch-log.ts';
import { fetchAll } from './fetcher.ts';

export async function runFetcher(): Promise<number> {
  const info = JSON.parse(await text(process.stdin)) as FetchInfo;
  const log = createFetchLog((line) => process.stderr.write(line), process.pid);
  return (await fetchAll(info, log)) ? 0 : 1;
}
