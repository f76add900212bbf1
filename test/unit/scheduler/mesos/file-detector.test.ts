import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMasterDetector } from '../../../../scheduler/mesos/master-detector.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { signal } = new AbortController();

function create(master: string) {
  const connectZooKeeper = () => {
    throw new Error('not wanted here');
  };
  return createMasterDetector(master, { protocol: 'http:', connectZooKeeper, log: quiet });
}

describe('masters by list and by file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stevedore-master-'));
  const file = join(directory, 'master');
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps to one of a list while it answers, then takes the next, and begins again', async () => {
    const detector = create('a:1,b:2');
    const detect = async () => (await detector.detect(signal)).port;
    assert.deepEqual([await detect(), await detect()], [1, 1]);
    detector.moveOn();
    assert.equal(await detect(), 2);
    detector.moveOn();
    assert.equal(await detect(), 1);
  });

  it('reads the file at each detection, and keeps its turn while it says the same', async () => {
    writeFileSync(file, ' a:1,b:2\n');
    const detector = create(`file://${file}`);
    const detect = async () => (await detector.detect(signal)).port;
    assert.equal(await detect(), 1);
    detector.moveOn();
    assert.equal(await detect(), 2);
    writeFileSync(file, 'c:3');
    assert.equal(await detect(), 3);
  });

  it('says what is wrong with the file', async () => {
    const fails = async (content: string, code: string) => {
      writeFileSync(file, content);
      await assert.rejects(create(`file://${file}`).detect(signal), { code });
    };
    await fails('\n', 'ERR_MASTER_FILE');
    await fails('file:///other', 'ERR_MASTER_FILE');
    await fails('mesos', 'ERR_MASTER_SYNTAX');
    await assert.rejects(create(`file://${directory}/none`).detect(signal), { code: 'ERR_MASTER_FILE' });
  });
});
