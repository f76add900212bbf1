import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerArtifacts } from '../../../scheduler/artifacts.ts';
import { type ArtifactServer, createArtifactServer } from '../../../server/artifact-server.ts';

const SECRET = 'planted-5d1c';
const silent = { info: () => {}, warn: () => {}, error: () => {} };

async function readAll(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('');
}

describe('artifacts of a service', () => {
  let directory: string;
  let server: ArtifactServer;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stevedore-artifacts-'));
    server = await createArtifactServer({
      storeDirectory: join(directory, 'store'),
      certificateDirectory: join(directory, 'certs'),
      bindHost: '127.0.0.1',
      tlsPort: 0,
      advertisedHosts: ['127.0.0.1'],
      authorize: () => false,
      now: Date.now,
      log: silent,
    });
  });

  afterEach(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('leaves out of a packed installation what its service excludes', async () => {
    const home = join(directory, 'home');
    await mkdir(join(home, 'conf'), { recursive: true });
    await writeFile(join(home, 'conf', 'alluxio-site.properties'), `s3a.secretKey=${SECRET}\n`);
    await writeFile(join(home, 'server.jar'), 'kept');
    const source = { kind: 'directory', path: home, topFolder: 'alluxio', exclude: ['conf'] } as const;
    await registerArtifacts(server, [{ name: 'alluxio', class: 'public', source }], {
      signal: AbortSignal.timeout(10_000),
      onProgress: () => {},
      log: silent,
    });
    const packed = await readAll(join(directory, 'store'));
    assert.ok(packed.includes('kept'));
    assert.ok(!packed.includes(SECRET));
  });
});
