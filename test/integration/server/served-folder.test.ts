import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactRegister } from '../../../server/register.ts';
import { ServedFolder } from '../../../server/served-folder.ts';

describe('served folder', () => {
  let folder: string;
  let register: ArtifactRegister;
  let served: ServedFolder;
  const failures: string[] = [];
  const names = () => register.listPublic().map(({ fileName }) => fileName);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stevedore-folder-'));
    register = new ArtifactRegister();
    failures.splice(0);
    const observer = {
      hashing: () => () => {},
      added: () => {},
      removed: () => {},
      failed: (_path: string, problem: string) => void failures.push(problem),
    };
    const { signal } = new AbortController();
    served = new ServedFolder({ register, folder, excluded: [join(folder, 'certs')], observer, signal });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds files of every depth, but no link, no hidden file, and nothing of an excluded folder', async () => {
    for (const name of ['below/deep', 'certs', '.git']) await mkdir(join(folder, name), { recursive: true });
    for (const name of ['a.tgz', 'below/b.tgz', 'below/deep/c.tgz', 'certs/key.pem', '.git/config', '.env']) {
      await writeFile(join(folder, name), name);
    }
    await symlink('/etc/passwd', join(folder, 'link'));
    await symlink('/etc', join(folder, 'linked-folder'));
    await served.open();
    assert.deepEqual(names(), ['a.tgz', 'b.tgz', 'c.tgz']);
  });

  it('waits until a file that is being written rests', async () => {
    await served.open();
    const path = join(folder, 'copying.tgz');
    for (let round = 0; round < 3; round += 1) {
      await appendFile(path, 'more');
      await served.rescan();
      assert.deepEqual(names(), [], 'it still grows');
    }
    await served.rescan();
    assert.deepEqual(names(), ['copying.tgz']);
  });

  it('still serves the second of two equal files when the first has gone', async () => {
    await mkdir(join(folder, 'below'));
    for (const name of ['a.tgz', 'below/a.tgz']) await writeFile(join(folder, name), 'same');
    await served.open();
    await rm(join(folder, 'a.tgz'));
    await served.rescan();
    const [entry] = register.listPublic();
    const content = register.find(entry as { sha256: string; fileName: string })?.content;
    assert.equal(content?.kind === 'file' && content.path, join(folder, 'below/a.tgz'));
    await rm(join(folder, 'below/a.tgz'));
    await served.rescan();
    assert.deepEqual(names(), []);
  });

  it('goes on with the others when one file cannot be served', async () => {
    await served.open();
    await writeFile(join(folder, 'with\nnewline'), 'x');
    await writeFile(join(folder, 'good'), 'x');
    await served.rescan();
    await served.rescan();
    assert.deepEqual(names(), ['good']);
    assert.match(failures[0] as string, /cannot be the name of an artifact/);
  });
});
