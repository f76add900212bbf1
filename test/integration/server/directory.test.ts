import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ArtifactManifestEntry, renderArtifactPath } from '../../../protocol/artifact.ts';
import { ask } from './http-client.ts';
import { TestServer } from './test-server.ts';

const run = promisify(execFile);
const LONG = `${'long-name-'.repeat(15)}.jar`;

async function makeTree(root: string): Promise<void> {
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'empty'));
  await mkdir(join(root, 'logs'));
  await mkdir(join(root, 'lib', 'deep'.repeat(40)), { recursive: true });
  await writeFile(join(root, 'bin/start.sh'), '#!/bin/sh\n');
  await chmod(join(root, 'bin/start.sh'), 0o700);
  await writeFile(join(root, 'lib', 'deep'.repeat(40), LONG), 'x'.repeat(512));
  await writeFile(join(root, 'lib/schnee ☃.jar'), Buffer.alloc(1_500_000, 1));
  await writeFile(join(root, 'lib/none'), '');
  await writeFile(join(root, 'logs/master.log'), 'secret');
  await symlink('start.sh', join(root, 'bin/alias'));
}

describe('packed directory', () => {
  let test: TestServer;
  let root: string;
  beforeEach(async () => {
    test = await TestServer.start();
    root = test.path('home');
    await makeTree(root);
  });
  afterEach(() => test.stop());
  const pack = (exclude?: string[]) =>
    test.server.addDirectory(root, { topFolder: 'alluxio-2.9.6', ...(exclude ? { exclude } : {}) });

  async function unpack(entry: ArtifactManifestEntry): Promise<string> {
    const answer = await ask(`${test.server.plainUrl}${renderArtifactPath(entry)}`);
    await writeFile(test.path('got.tar'), answer.body);
    await mkdir(test.path('out'));
    await run('tar', ['xf', test.path('got.tar'), '-C', test.path('out')]);
    return test.path('out', 'alluxio-2.9.6');
  }

  it('is a tar that unpacks to the same tree under its top folder', async () => {
    const entry = await pack();
    assert.equal(entry.fileName, 'alluxio-2.9.6.tar');
    assert.equal(entry.format, 'tar');
    const { stdout } = await run('diff', ['-r', '--no-dereference', root, await unpack(entry)]);
    assert.equal(stdout, '');
    const script = await stat(test.path('out/alluxio-2.9.6/bin/start.sh'));
    assert.equal(script.mode & 0o777, 0o755);
    assert.equal(script.mtimeMs, 0, 'times of packing or of this host are not in it');
  });

  it('leaves out what is excluded, with all below', async () => {
    const out = await unpack(await pack(['logs', 'lib/none']));
    assert.deepEqual((await readdir(out)).sort(), ['bin', 'empty', 'lib']);
    assert.ok(!(await readdir(join(out, 'lib'))).includes('none'));
  });

  it('is packed once, also across restarts, and again after a change', async () => {
    const progress: number[] = [];
    const first = await test.server.addDirectory(root, {
      topFolder: 't',
      progress: (done) => progress.push(done),
    });
    assert.ok((progress.at(-1) as number) > 1_500_000);
    await test.server.close(0);
    test = await TestServer.start({ directory: test.directory });
    progress.splice(0);
    const options = { topFolder: 't', progress: (done: number) => void progress.push(done) };
    assert.deepEqual(await test.server.addDirectory(root, options), first);
    assert.deepEqual(progress, [], 'nothing was packed');
    await appendFile(join(root, 'lib/none'), 'now something');
    const changed = await test.server.addDirectory(root, options);
    assert.notEqual(changed.sha256, first.sha256);
  });

  it('has the same digest for the same names, contents and modes, whenever and wherever', async () => {
    const first = await pack();
    const other = test.path('elsewhere');
    await run('cp', ['-r', root, other]);
    await utimes(join(other, 'lib/none'), 1, 1);
    const second = await test.server.addDirectory(other, { topFolder: 'alluxio-2.9.6' });
    assert.equal(second.sha256, first.sha256);
  });

  for (const target of ['/etc/passwd', '../../outside', '..']) {
    it(`is refused with a link to ${target}`, async () => {
      await symlink(target, join(root, 'escape'));
      await assert.rejects(pack(), { code: 'ERR_DIRECTORY_LINK', message: new RegExp(`escape.*${target}`) });
      assert.deepEqual(await readdir(test.path('store', 'unfinished')), []);
      assert.equal((await pack(['escape'])).format, 'tar');
    });
  }

  it('leaves out sockets and FIFOs, and says so', async () => {
    await run('mkfifo', [join(root, 'pipe')]);
    await pack();
    const line = test.log.lines.find(({ text }) => text === 'special files are not packed');
    assert.deepEqual(line?.fields.skipped, ['pipe']);
  });

  it('is refused while something writes into it', async () => {
    const growing = setInterval(() => void appendFile(join(root, 'lib/none'), 'x'), 1);
    try {
      await assert.rejects(pack(), { code: 'ERR_DIRECTORY_CHANGING' });
    } finally {
      clearInterval(growing);
    }
    assert.deepEqual(await readdir(test.path('store', 'artifacts')), []);
  });

  it('is refused when it is a file or not there', async () => {
    for (const path of [join(root, 'lib/none'), join(root, 'nowhere')]) {
      await assert.rejects(test.server.addDirectory(path, { topFolder: 't' }), {
        code: 'ERR_DIRECTORY_UNREADABLE',
        message: new RegExp(path),
      });
    }
  });

  it('says that the store cannot be written, not that the directory is wrong', async () => {
    const directory = test.path('file');
    await writeFile(directory, '');
    await assert.rejects(TestServer.start({ directory }), {
      code: 'ERR_STORE_WRITE',
      message: /it, or a part of its path, is no directory/,
    });
  });

  it('loses what it was before its last change an hour after, at a start', async () => {
    const first = await pack();
    await appendFile(join(root, 'lib/none'), 'x');
    const second = await pack();
    const stored = (sha256: string) => test.path('store', 'artifacts', sha256);
    for (const { sha256 } of [first, second]) await utimes(stored(sha256), 1, 1);
    await test.server.close(0);
    test = await TestServer.start({ directory: test.directory });
    assert.deepEqual(await readdir(test.path('store', 'artifacts')), [second.sha256]);
    assert.equal((await pack()).sha256, second.sha256);
  });
});
