import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installFiles, uninstallFiles } from '../../../scripts/install/installation.ts';

const PATH = 'integration/mesos/bin/start.sh';

describe('installation of the start scripts', () => {
  let home = '';

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'stevedore-install-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const read = () => readFileSync(join(home, PATH), 'utf8');
  const write = (text: string) => {
    mkdirSync(dirname(join(home, PATH)), { recursive: true });
    writeFileSync(join(home, PATH), text);
  };
  const install = (text: string) => installFiles(home, new Map([[PATH, text]]));

  it('writes executable files, and doing it again changes nothing', async () => {
    await install('ours');
    await install('ours');
    assert.equal(read(), 'ours');
    assert.equal(statSync(join(home, PATH)).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(dirname(join(home, PATH))), ['start.sh']);
  });

  it('leaves nothing behind when it is taken away', async () => {
    await install('ours');
    assert.equal(await uninstallFiles(home), 1);
    assert.deepEqual(readdirSync(home), []);
    assert.equal(await uninstallFiles(home), 0);
  });

  it('brings back what was there before, also after a second version', async () => {
    write('theirs');
    await install('ours');
    await install('ours, newer');
    assert.equal(read(), 'ours, newer');
    await uninstallFiles(home);
    assert.equal(read(), 'theirs');
    assert.deepEqual(readdirSync(dirname(join(home, PATH))), ['start.sh']);
  });

  it('touches nothing that was changed since', async () => {
    await install('ours');
    write('ours, edited');
    await assert.rejects(install('ours, newer'), { code: 'ERR_ALLUXIO_INSTALL_CHANGED' });
    await assert.rejects(uninstallFiles(home), { code: 'ERR_ALLUXIO_INSTALL_CHANGED' });
    assert.equal(read(), 'ours, edited');
  });
});
