/** A distribution of Alluxio in a directory, assembled once from its Maven packages. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { renderAlluxioScript } from './alluxio-script.ts';
import { makeDirectoryOnce } from './directory-cache.ts';
import { LOG4J_PROPERTIES, SITE_PROPERTIES_TEMPLATE } from './distribution-conf.ts';
import { renderManifestJar } from './jar-manifest.ts';
import { type Report, fetchJars, moveInto } from './maven.ts';
import { digestRecipe, isForeignJar, isForeignRocksdbEntry, placeJar } from './recipe.ts';
import { parseZip, renderZip } from './zip.ts';

export interface AssemblyOrder {
  /** Gets `alluxio-VERSION/`, and `maven.log` while it is made. */
  readonly cacheDirectory: string;
  readonly version: string;
  readonly javaHome: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface Distribution {
  readonly path: string;
  /** False when it was in the cache. */
  readonly assembled: boolean;
}

async function stripRocksdb(path: string): Promise<void> {
  const entries = parseZip(path, await readFile(path));
  const kept = entries.filter(({ name }) => !isForeignRocksdbEntry(name, process.arch));
  await writeFile(path, renderZip(kept));
}

async function placeJars(jars: readonly string[], root: string): Promise<string[]> {
  const placed: string[] = [];
  for (const jar of jars) {
    const name = basename(jar);
    if (isForeignJar(name, process.arch)) continue;
    if (name.startsWith('rocksdbjni-')) await stripRocksdb(jar);
    const folder = placeJar(name);
    await moveInto(jar, join(root, folder), name);
    if (folder === 'assembly/jars') placed.push(`jars/${name}`);
  }
  return placed;
}

async function writeOwnFiles(root: string, version: string, classPath: readonly string[]): Promise<void> {
  for (const folder of ['bin', 'conf', 'logs']) await mkdir(join(root, folder), { recursive: true });
  const manifestJar = renderManifestJar(classPath);
  for (const side of ['server', 'client']) {
    await writeFile(join(root, `assembly/alluxio-${side}-${version}.jar`), manifestJar);
  }
  await writeFile(join(root, 'conf/log4j.properties'), LOG4J_PROPERTIES);
  await writeFile(join(root, 'conf/alluxio-site.properties.template'), SITE_PROPERTIES_TEMPLATE);
  await writeFile(join(root, 'bin/alluxio'), renderAlluxioScript(version));
  await chmod(join(root, 'bin/alluxio'), 0o755);
}

async function assembleInto(root: string, order: AssemblyOrder): Promise<void> {
  const work = join(root, '.maven');
  await mkdir(work);
  const logPath = join(order.cacheDirectory, 'maven.log');
  const jars = await fetchJars({ ...order, directory: work, logPath });
  order.report(`${jars.length} jars: writing the layout`);
  const classPath = await placeJars(jars, root);
  await writeOwnFiles(root, order.version, classPath);
  await rm(work, { recursive: true });
}

/**
 * Makes `alluxio-VERSION/` with bin/alluxio, assembly/, lib/ and conf/, unless the cache has it by this recipe.
 * @throws StevedoreError ERR_PROGRAM_MISSING, ERR_MAVEN_FAILED, ERR_ZIP_INVALID
 */
export async function assembleAlluxio(order: AssemblyOrder): Promise<Distribution> {
  const path = join(order.cacheDirectory, `alluxio-${order.version}`);
  const assembled = await makeDirectoryOnce({
    path,
    key: digestRecipe(order.version, process.arch),
    make: async (directory) => await assembleInto(directory, order),
  });
  return { path, assembled };
}
