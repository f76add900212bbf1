/**
 * How a distribution of Alluxio is put together from its Maven packages. No registry has the official archive; the
 * modules that it is made of are all there.
 */
import { createHash } from 'node:crypto';
import { renderAlluxioScript } from './alluxio-script.ts';
import { LOG4J_PROPERTIES, SITE_PROPERTIES_TEMPLATE } from './distribution-conf.ts';

export const ALLUXIO_VERSION = '2.9.6';

/** Maven's plugin that copies jars; pinned, so that its output can be read. */
export const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';

/** Raised when the layout changes in a way that no text below shows. */
const LAYOUT = 1;

const MODULES = [
  'core-server-master',
  'core-server-worker',
  'core-server-proxy',
  'job-server',
  'job-client',
  'shell',
  'underfs-local',
];

/** A second SLF4J binding (Alluxio logs through log4j 1), and build tools of its own that no registry has. */
const EXCLUDED_GROUPS = ['org.apache.logging.log4j', 'com.qmino'];

function renderDependency(module: string, version: string): string {
  const exclusions = EXCLUDED_GROUPS.map(
    (group) => `<exclusion><groupId>${group}</groupId><artifactId>*</artifactId></exclusion>`,
  );
  return [
    `<dependency><groupId>org.alluxio</groupId><artifactId>alluxio-${module}</artifactId>`,
    `<version>${version}</version><exclusions>${exclusions.join('')}</exclusions></dependency>`,
  ].join('');
}

/** A project whose runtime class path is what a distribution holds; versions of all else come from Alluxio's parent. */
export function renderPom(version: string): string {
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>stevedore</groupId><artifactId>alluxio-distribution</artifactId><version>1</version>',
    '<packaging>pom</packaging><dependencyManagement><dependencies><dependency>',
    `<groupId>org.alluxio</groupId><artifactId>alluxio-parent</artifactId><version>${version}</version>`,
    '<type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement><dependencies>',
    ...MODULES.map((module) => renderDependency(module, version)),
    '</dependencies></project>',
    '',
  ].join('\n');
}

/** Where a jar of the class path goes: `lib` for under file systems, `assembly/jars` for others. */
export function placeJar(name: string): 'lib' | 'assembly/jars' {
  return name.startsWith('alluxio-underfs-') ? 'lib' : 'assembly/jars';
}

const NATIVES: Readonly<Record<string, { jars: RegExp; rocksdb: string }>> = {
  x64: { jars: /osx|windows|macos|aarch_64/, rocksdb: 'librocksdbjni-linux64.so' },
  arm64: { jars: /osx|windows|macos|x86_64/, rocksdb: 'librocksdbjni-linux-aarch64.so' },
};

/** True for a jar with native code for machines other than this one. */
export function isForeignJar(name: string, architecture: string): boolean {
  return NATIVES[architecture]?.jars.test(name) ?? false;
}

/** True for an entry of the RocksDB jar (twelve copies of the library, 130 MB) that this machine cannot load. */
export function isForeignRocksdbEntry(name: string, architecture: string): boolean {
  const own = NATIVES[architecture]?.rocksdb;
  return own !== undefined && name.startsWith('librocksdbjni') && name !== own;
}

/** Changes whenever what is made would change. */
export function digestRecipe(version: string, architecture: string): string {
  const parts = [LAYOUT, DEPENDENCY_PLUGIN, architecture, renderPom(version), renderAlluxioScript(version)];
  const natives = NATIVES[architecture];
  const texts = [
    ...parts,
    String(natives?.jars),
    natives?.rocksdb,
    LOG4J_PROPERTIES,
    SITE_PROPERTIES_TEMPLATE,
  ];
  return createHash('sha256').update(texts.join('\0')).digest('hex');
}
