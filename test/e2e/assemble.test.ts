/** A real distribution from Maven packages: needs Java, Maven and its repository. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Distribution, assembleAlluxio } from '../../scripts/assemble/assemble-alluxio.ts';
import { ALLUXIO_VERSION } from '../../scripts/assemble/recipe.ts';
import { readProgram } from '../../scripts/child-process.ts';
import { findJava } from '../../scripts/java/find-java.ts';

describe('an assembled Alluxio', function () {
  this.timeout(300_000);
  const { signal } = new AbortController();
  let cacheDirectory: string;
  let distribution: Distribution;
  const reports: string[] = [];

  async function assemble(): Promise<Distribution> {
    const report = (text: string) => void reports.push(text);
    const java = await findJava({ environment: process.env, cacheDirectory, signal, report });
    const version = ALLUXIO_VERSION;
    return await assembleAlluxio({ cacheDirectory, version, javaHome: java.home, signal, report });
  }

  before(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'stevedore-assemble-'));
    distribution = await assemble();
  });

  after(async () => await rm(cacheDirectory, { recursive: true, force: true }));

  it('tells its progress without naming a registry', () => {
    assert.ok(reports.some((text) => /jars/.test(text)));
    assert.deepEqual(
      reports.filter((text) => text.includes('://')),
      [],
    );
  });

  it('has the jars of its version and nothing half-made beside it', async () => {
    const jars = await readdir(join(distribution.path, 'assembly/jars'));
    assert.ok(jars.includes(`alluxio-core-server-master-${ALLUXIO_VERSION}.jar`));
    assert.ok(jars.length > 200, `${jars.length} jars`);
    assert.deepEqual((await readdir(cacheDirectory)).sort(), [`alluxio-${ALLUXIO_VERSION}`, 'maven.log']);
  });

  it('runs its client, with Java options anywhere on the line and spaces kept', async () => {
    const program = join(distribution.path, 'bin/alluxio');
    assert.deepEqual((await readProgram(program, ['version'], signal)).lines, [ALLUXIO_VERSION]);
    const words = ['getConf', 'alluxio.master.hostname', '-Dalluxio.master.hostname=a b'];
    assert.equal((await readProgram(program, words, signal)).lines.at(-1), 'a b');
  });

  it('is not assembled again', async () => {
    assert.equal(distribution.assembled, true);
    assert.deepEqual(await assemble(), { path: distribution.path, assembled: false });
  });
});
