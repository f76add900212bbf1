/** The class path of a real ZooKeeper server, got once by Maven into the cache of this checkout. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectoryOnce } from '../../scripts/assemble/directory-cache.ts';
import { selectMavenProblem } from '../../scripts/assemble/maven-output.ts';
import { DEPENDENCY_PLUGIN } from '../../scripts/assemble/recipe.ts';
import { readProgram } from '../../scripts/child-process.ts';

const VERSION = '3.9.3';
const CACHE = join(import.meta.dirname, '../../.cache');

/** What the server needs beside its declared dependencies: its metrics and snapshots, and a log that can be read. */
const DEPENDENCIES = [
  ['org.apache.zookeeper', 'zookeeper', VERSION],
  ['io.dropwizard.metrics', 'metrics-core', '4.1.12.1'],
  ['org.xerial.snappy', 'snappy-java', '1.1.10.5'],
  ['org.slf4j', 'slf4j-simple', '1.7.30'],
];

function renderPom(): string {
  const dependencies = DEPENDENCIES.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>stevedore</groupId><artifactId>zookeeper-server</artifactId><version>1</version>',
    `<packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>`,
  ].join('\n');
}

async function fetchJars(directory: string): Promise<void> {
  const pom = join(directory, 'pom.xml');
  await writeFile(pom, renderPom());
  const output = `-DoutputDirectory=${join(directory, 'jars')}`;
  const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`;
  const args = ['-B', '-f', pom, goal, '-DincludeScope=runtime', output];
  const { status, lines } = await readProgram('mvn', args, AbortSignal.timeout(300_000));
  if (status !== 0) throw new Error(`Maven could not get ZooKeeper ${VERSION}: ${selectMavenProblem(lines)}`);
}

/** Every jar, as Java's -cp takes them. */
export async function provideZooKeeperClassPath(): Promise<string> {
  const path = join(CACHE, `zookeeper-server-${VERSION}`);
  await mkdir(CACHE, { recursive: true });
  await makeDirectoryOnce({ path, key: renderPom().replaceAll('\n', ''), make: fetchJars });
  const names = await readdir(join(path, 'jars'));
  return names.map((name) => join(path, 'jars', name)).join(':');
}

/** Undefined when Java and Maven are here; else what is missing. */
export async function findMissingProgram(): Promise<string | undefined> {
  const signal = AbortSignal.timeout(30_000);
  for (const [program, flag] of [
    ['java', '-version'],
    ['mvn', '--version'],
  ] as const) {
    const { status } = await readProgram(program, [flag], signal);
    if (status !== 0) return program;
  }
  return undefined;
}
