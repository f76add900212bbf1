/** Lines as glog writes them: `I20261121 02:59:59.864506 22448 fetcher.cpp:562] text`. People look for these words. */

export interface FetchLog {
  info(line: number, text: string): void;
  warn(line: number, text: string): void;
  fail(line: number, text: string): void;
}

function renderStamp(now: Date): string {
  const iso = now.toISOString();
  return `${iso.slice(0, 10).replaceAll('-', '')} ${iso.slice(11, 23)}000`;
}

export function createFetchLog(write: (text: string) => void, pid: number): FetchLog {
  const log =
    (level: string) =>
    (line: number, text: string): void =>
      write(`${level}${renderStamp(new Date())} ${pid} fetcher.cpp:${line}] ${text}\n`);
  return { info: log('I'), warn: log('W'), fail: log('E') };
}
