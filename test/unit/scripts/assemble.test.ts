import assert from 'node:assert/strict';
import {
  NO_MAVEN_PROGRESS,
  advanceMavenProgress,
  selectMavenProblem,
} from '../../../scripts/assemble/maven-output.ts';
import {
  digestRecipe,
  isForeignJar,
  isForeignRocksdbEntry,
  placeJar,
  renderPom,
} from '../../../scripts/assemble/recipe.ts';
import { isSupportedJava, parseJavaVersion } from '../../../scripts/java/java-version.ts';

describe('the recipe of a distribution', () => {
  it('asks for every module, and their parent, in the version', () => {
    const pom = renderPom('2.9.6');
    assert.equal(pom.split('<version>2.9.6</version>').length - 1, 8);
    assert.match(pom, /<artifactId>alluxio-core-server-worker<\/artifactId>/);
  });

  it('has a digest of its own for each version and machine', () => {
    const digests = [
      digestRecipe('2.9.6', 'x64'),
      digestRecipe('2.9.6', 'arm64'),
      digestRecipe('2.9.5', 'x64'),
    ];
    assert.equal(new Set(digests).size, 3);
    assert.equal(digestRecipe('2.9.6', 'x64'), digests[0]);
  });

  it('drops what only other machines can load', () => {
    assert.ok(isForeignJar('netty-tcnative-boringssl-static-2.0.56.Final-osx-x86_64.jar', 'x64'));
    assert.ok(isForeignJar('netty-transport-native-epoll-4.1.87.Final-linux-aarch_64.jar', 'x64'));
    assert.ok(!isForeignJar('netty-transport-native-epoll-4.1.87.Final-linux-x86_64.jar', 'x64'));
    assert.ok(!isForeignJar('netty-transport-native-epoll-4.1.87.Final-linux-aarch_64.jar', 'arm64'));
    assert.ok(isForeignRocksdbEntry('librocksdbjni-win64.dll', 'x64'));
    assert.ok(!isForeignRocksdbEntry('librocksdbjni-linux64.so', 'x64'));
    assert.ok(!isForeignRocksdbEntry('org/rocksdb/RocksDB.class', 'x64'));
    assert.ok(!isForeignRocksdbEntry('librocksdbjni-linux64.so', 's390x'));
  });

  it('keeps under file systems apart, where Alluxio looks for them', () => {
    assert.equal(placeJar('alluxio-underfs-local-2.9.6.jar'), 'lib');
    assert.equal(placeJar('alluxio-shell-2.9.6.jar'), 'assembly/jars');
  });
});

describe('the output of Maven', () => {
  it('is read as files, bytes and jars', () => {
    const lines = [
      '[INFO] Downloading from x: proto://registry/a/b/b-1.pom',
      '[INFO] Downloaded from x: proto://registry/a/b/b-1.pom (2.5 kB at 9 kB/s)',
      '[INFO] Downloaded from x: proto://registry/a/b/b-1.jar (1.5 MB at 9.3 MB/s)',
      '[INFO] Copying b-1.jar to /x/jars/b-1.jar',
    ];
    const progress = lines.reduce(advanceMavenProgress, NO_MAVEN_PROGRESS);
    assert.deepEqual(progress, {
      downloadedFiles: 2,
      downloadedBytes: 1_502_500,
      copiedJars: 1,
      current: 'b-1.jar',
    });
  });

  it('gives its first error without the address of a registry', () => {
    const problem = selectMavenProblem([
      '[INFO] ok',
      '[ERROR] Could not transfer x from proto://registry/a: timed out',
    ]);
    assert.equal(problem, 'Could not transfer x from (its registry) timed out');
    assert.equal(selectMavenProblem([]), 'it said nothing');
  });
});

describe('the version of Java', () => {
  it('is read in the old and the new form', () => {
    assert.equal(parseJavaVersion('openjdk version "1.8.0_392"'), 8);
    assert.equal(parseJavaVersion('openjdk version "17.0.15" 2025-04-15'), 17);
    assert.equal(parseJavaVersion('no such thing'), undefined);
  });

  it('must be one that Alluxio runs on', () => {
    assert.deepEqual([8, 11, 17, 25, undefined].map(isSupportedJava), [true, true, true, false, false]);
  });
});
