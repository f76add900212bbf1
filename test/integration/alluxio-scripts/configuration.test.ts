import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StevedoreErrors } from '../../../protocol/errors.ts';
import { readAlluxioSettings } from '../../../scheduler/alluxio-configuration.ts';

const STEVEDORE = join(import.meta.dirname, '../../../scripts/stevedore.ts');

describe('configuration of an Alluxio installation', () => {
  let home = '';

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'stevedore-conf-'));
    mkdirSync(join(home, 'conf'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const write = (content: string | Uint8Array) =>
    writeFileSync(join(home, 'conf/alluxio-site.properties'), content);
  const read = (environment: Record<string, string> = {}) =>
    readAlluxioSettings({ ALLUXIO_HOME: home, ...environment }, []);

  it('is read from conf of ALLUXIO_HOME, or from ALLUXIO_CONF_DIR', async () => {
    write('a=1\n');
    assert.equal((await read()).property('a'), '1');
    const other = join(home, 'other');
    mkdirSync(other);
    assert.equal((await read({ ALLUXIO_CONF_DIR: other })).property('a'), undefined);
  });

  it('is read as UTF-8, and as ISO-8859-1 when it is none', async () => {
    write('a=é\n');
    assert.equal((await read()).property('a'), 'é');
    write(Uint8Array.from(Buffer.from('a=é\n', 'latin1')));
    assert.equal((await read()).property('a'), 'é');
  });

  it('tells the problems of the file and of its values at once, each with its line', async () => {
    write('a=\\u12\nalluxio.worker.ramdisk.size=much\n');
    await assert.rejects(read(), (error: unknown) => {
      assert.ok(error instanceof StevedoreErrors);
      assert.deepEqual(
        error.problems.map(({ code }) => code),
        ['ERR_PROPERTIES_ESCAPE', 'ERR_OPTION_INVALID'],
      );
      assert.match(error.message, /alluxio-site\.properties:2\): 'much'/);
      return true;
    });
  });

  it('is printed by `stevedore alluxio config` with origins and without secrets', () => {
    write('alluxio.integration.mesos.secret=hunter2\nalluxio.master.port=31398\n');
    const { status, stdout, stderr } = spawnSync(process.execPath, [STEVEDORE, 'alluxio', 'config'], {
      encoding: 'utf8',
      env: { ...process.env, ALLUXIO_HOME: home, ALLUXIO_CONF_DIR: '' },
    });
    assert.equal(status, 0);
    assert.match(stdout, /^alluxio\.master\.rpc\.port = "31398" {2}# .*alluxio-site\.properties:2$/m);
    assert.match(stderr, /warning: alluxio\.master\.port .* is an old name/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  it('is refused with every problem at once: of values with their place, of options that do not go together', () => {
    const config = (content: string) => {
      write(content);
      const { status, stdout, stderr } = spawnSync(process.execPath, [STEVEDORE, 'alluxio', 'config'], {
        encoding: 'utf8',
        env: { ...process.env, ALLUXIO_HOME: home, ALLUXIO_CONF_DIR: '' },
      });
      assert.deepEqual([status, stdout], [1, '']);
      return stderr;
    };
    const values = config(
      'a=1\nalluxio.integration.mesos.worker.constraints=hostname:UNIQUE,rack:LIK:a.*\nalluxio.integration.mesos.api.prot=1\n',
    );
    assert.match(
      values,
      /worker\.constraints \(\/.*\/alluxio-site\.properties:2\): Character 22, at '.*': 'LIK' is no operator/,
    );
    assert.match(
      values,
      /api\.prot \(.*:3\) is no key of ours. Did you mean alluxio\.integration\.mesos\.api\.port\?/,
    );
    const combined = config(
      'alluxio.integration.mesos.api.key=/k\nalluxio.master.journal.folder=relative\nalluxio.integration.mesos.masters=zk://me:hunter2@z\n',
    );
    assert.match(combined, /api\.key \(.*:1\) has no meaning without alluxio\.integration\.mesos\.api\.port/);
    assert.match(combined, /alluxio\.master\.journal\.folder = 'relative'/);
    assert.match(combined, /masters \(.*:3\): .*path/);
    assert.doesNotMatch(combined, /hunter2/);
  });
});
