/** `/files/browse|read|download`: sandboxes as Mesos shows them to anybody, and nothing else of the machine. */
import {
  createReadStream,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  closeSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { answerJson, answerText, startAnswer } from '../http/answer.ts';
import type { Exchange } from '../http/server.ts';
import { readIds } from './passwd.ts';

const CHUNK_BYTES = 1024 * 1024;
const PERMISSIONS = 'rwxrwxrwx';

function renderMode(stats: Stats): string {
  const type = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  return (
    type +
    PERMISSIONS.split('')
      .map((letter, index) => (stats.mode & (1 << (8 - index)) ? letter : '-'))
      .join('')
  );
}

function renderEntry(file: string): object {
  const stats = lstatSync(file);
  const { users, groups } = readIds();
  return {
    gid: groups.get(stats.gid) ?? String(stats.gid),
    mode: renderMode(stats),
    mtime: Math.floor(stats.mtimeMs / 1000),
    nlink: stats.nlink,
    path: file,
    size: stats.size,
    uid: users.get(stats.uid) ?? String(stats.uid),
  };
}

/** The file's real place, if it is one of a sandbox under the root. */
function resolveInside(root: string, wanted: string): string | undefined {
  try {
    const real = realpathSync(wanted);
    return real.startsWith(`${realpathSync(root)}${path.sep}`) ? real : undefined;
  } catch {
    return undefined;
  }
}

function browse(exchange: Exchange, file: string): void {
  if (!statSync(file).isDirectory()) return answerText(exchange.response, 404, '404 Not Found.');
  const entries = readdirSync(file)
    .sort()
    .map((name) => renderEntry(path.join(file, name)));
  answerJson(exchange.response, JSON.stringify(entries));
}

function readPart(file: string, offset: number, length: number): string {
  const buffer = Buffer.alloc(Math.min(length, CHUNK_BYTES));
  const handle = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(handle);
  }
}

/** Offset -1 asks for the size alone; a missing length means as much as one answer holds. */
function read(exchange: Exchange, file: string): void {
  const query = exchange.url.searchParams;
  const [offset, length] = [Number(query.get('offset') ?? -1), Number(query.get('length') ?? -1)];
  if (!Number.isInteger(offset) || offset < -1)
    return answerText(exchange.response, 400, `Negative offset provided: ${query.get('offset')}.\n`);
  const { size } = statSync(file);
  if (offset === -1) return answerJson(exchange.response, JSON.stringify({ data: '', offset: size }));
  const wanted = length < 0 ? Math.max(0, size - offset) : length;
  answerJson(exchange.response, JSON.stringify({ data: readPart(file, offset, wanted), offset }));
}

function download(exchange: Exchange, file: string): void {
  startAnswer(exchange.response, 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${path.basename(file)}"`,
    'Content-Length': String(statSync(file).size),
  });
  createReadStream(file).pipe(exchange.response);
}

export function handleFilesRequest(root: string, exchange: Exchange): void {
  const wanted = exchange.url.searchParams.get('path');
  if (wanted === null || wanted === '')
    return answerText(exchange.response, 400, "Expecting 'path=value' in query.\n");
  const file = resolveInside(root, wanted);
  if (file === undefined) return answerText(exchange.response, 404, '404 Not Found.');
  const action = exchange.url.pathname.split('/').at(-1);
  if (action === 'browse') return browse(exchange, file);
  if (statSync(file).isDirectory()) return answerText(exchange.response, 400, 'Cannot read a directory.\n');
  if (action === 'read') return read(exchange, file);
  return download(exchange, file);
}
