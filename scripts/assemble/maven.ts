/** Gets the jars of a recipe by Maven, which knows the user's own mirrors, proxies and local repository. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { renderByteSize } from '../../protocol/byte-size.ts';
import { StevedoreError } from '../../protocol/errors.ts';
import { runProgram } from '../child-process.ts';
import {
  type MavenProgress,
  NO_MAVEN_PROGRESS,
  advanceMavenProgress,
  selectMavenProblem,
} from './maven-output.ts';
import { DEPENDENCY_PLUGIN, renderPom } from './recipe.ts';

/** A short text for people: what is being done, how far it is. */
export type Report = (text: string) => void;

export interface JarOrder {
  readonly version: string;
  /** Empty; gets pom.xml and, in `jars`, the jars. */
  readonly directory: string;
  readonly javaHome: string;
  /** Gets Maven's whole output. */
  readonly logPath: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

function renderMavenProgress(progress: MavenProgress): string {
  if (progress.copiedJars > 0) return `${progress.copiedJars} jars copied`;
  const size = renderByteSize(progress.downloadedBytes);
  return `${progress.downloadedFiles} files, ${size} downloaded: ${progress.current}`;
}

async function runMaven(order: JarOrder, onLine: (line: string) => void): Promise<number | undefined> {
  const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`;
  const flags = ['-DincludeScope=runtime', `-DoutputDirectory=${join(order.directory, 'jars')}`];
  return await runProgram({
    command: 'mvn',
    args: ['-B', '-f', join(order.directory, 'pom.xml'), goal, ...flags],
    environment: { ...process.env, JAVA_HOME: order.javaHome },
    signal: order.signal,
    onLine,
  });
}

async function followMaven(order: JarOrder): Promise<{ status: number | undefined; lines: string[] }> {
  const log = createWriteStream(order.logPath);
  const lines: string[] = [];
  let progress = NO_MAVEN_PROGRESS;
  try {
    const status = await runMaven(order, (line) => {
      log.write(`${line}\n`);
      lines.push(line);
      const next = advanceMavenProgress(progress, line);
      if (next !== progress) order.report(renderMavenProgress(next));
      progress = next;
    });
    return { status, lines };
  } finally {
    log.end();
    await finished(log);
  }
}

/**
 * @returns the paths of the jars.
 * @throws StevedoreError ERR_PROGRAM_MISSING, ERR_MAVEN_FAILED
 */
export async function fetchJars(order: JarOrder): Promise<string[]> {
  await writeFile(join(order.directory, 'pom.xml'), renderPom(order.version));
  order.report('asking Maven');
  const { status, lines } = await followMaven(order);
  if (status === undefined) {
    const purpose = `getting the jars of Alluxio ${order.version}`;
    throw new StevedoreError('ERR_PROGRAM_MISSING', { program: 'mvn', purpose, packages: 'Debian: maven' });
  }
  if (status !== 0) {
    const problem = selectMavenProblem(lines);
    const log = order.logPath;
    throw new StevedoreError('ERR_MAVEN_FAILED', { version: order.version, status, problem, log });
  }
  const names = await readdir(join(order.directory, 'jars'));
  return names.sort().map((name) => join(order.directory, 'jars', name));
}

/** Moves a file within one file system. */
export async function moveInto(path: string, directory: string, name: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await rename(path, join(directory, name));
}
