import assert from 'node:assert/strict';
import type { BundleManifest } from '../../../protocol/bundle.ts';
import { BUNDLE_FOLDER, renderBundleCommand } from '../../../protocol/bundle.ts';
import {
  parseTaskAuthorization,
  renderArtifactPath,
  renderTaskAuthorization,
} from '../../../protocol/artifact.ts';
import { type LaunchSpec, parseLaunchSpec, renderLaunchSpec } from '../../../protocol/launch-spec.ts';
import { resolvePlaceholders } from '../../../protocol/placeholders.ts';

const spec: LaunchSpec = {
  version: 1,
  cluster: 'demo',
  service: 'alluxio',
  component: 'worker',
  instance: 'worker-1',
  taskId: 'demo.worker-1.x',
  servers: ['https://127.0.0.1:1'],
  trust: ['-----BEGIN CERTIFICATE-----'],
  artifacts: [
    {
      name: 'alluxio',
      sha256: 'a'.repeat(64),
      sizeBytes: 1,
      fileName: 'a.tgz',
      class: 'public',
      format: 'tar.gz',
    },
  ],
  files: [
    { path: 'alluxio-site.properties', format: 'properties', from: 'site', set: { 'a.b': '@{ramdisk}' } },
  ],
  directories: [{ name: 'journal', kind: 'state', formatted: false }],
  ramdisk: { sizeBytes: 1024, sharing: 'private' },
  ports: { rpc: 29999 },
  addresses: { host: '127.0.0.2' },
  environment: { PATH: '/bin' },
  prepare: [],
  command: { choices: [{ argv: ['/bin/true'] }] },
  readiness: {
    kind: 'tcp',
    host: '127.0.0.2',
    port: 29999,
    intervalMs: 100,
    timeoutMs: 1000,
    deadlineMs: 60_000,
  },
  killGraceMs: 1000,
};

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

describe('launch spec', () => {
  it('is read as it was written', () => {
    assert.deepEqual(parseLaunchSpec(renderLaunchSpec(spec)), spec);
  });

  it('names the field that is wrong', () => {
    const broken = { ...spec, artifacts: [{ ...spec.artifacts[0], sha256: 'short' }] };
    assert.throws(() => parseLaunchSpec(encode(broken)), {
      code: 'ERR_LAUNCH_SPEC_INVALID',
      message: /artifacts\.0\.sha256/,
    });
  });

  it('refuses another version and what is no JSON', () => {
    assert.throws(() => parseLaunchSpec(encode({ ...spec, version: 2 })), {
      code: 'ERR_LAUNCH_SPEC_INVALID',
    });
    assert.throws(() => parseLaunchSpec('e'), { code: 'ERR_LAUNCH_SPEC_INVALID' });
    assert.throws(() => parseLaunchSpec(undefined), { code: 'ERR_LAUNCH_SPEC_INVALID' });
  });
});

describe('placeholders', () => {
  it('are replaced, and leave Alluxio’s own ${…} alone', () => {
    assert.equal(
      resolvePlaceholders('@{ramdisk}/x:${alluxio.home}', { ramdisk: '/r' }),
      '/r/x:${alluxio.home}',
    );
  });
  it('name what is unknown and what is known', () => {
    assert.throws(() => resolvePlaceholders('@{tree.jdk}/bin', { sandbox: '/s' }), {
      code: 'ERR_PLACEHOLDER_UNKNOWN',
      message: /@\{tree\.jdk\}.*Known are: sandbox/,
    });
  });
});

describe('artifacts', () => {
  it('have a path that holds their digest and an escaped name', () => {
    assert.equal(renderArtifactPath({ sha256: 'ab', fileName: 'a b.tgz' }), '/artifacts/ab/a%20b.tgz');
  });
  it('are fetched under a header that names the task', () => {
    const header = renderTaskAuthorization('demo.worker-1.ü', 'to-ken_1');
    assert.deepEqual(parseTaskAuthorization(header), { taskId: 'demo.worker-1.ü', token: 'to-ken_1' });
  });
  for (const header of [undefined, '', 'Basic abc', 'Bearer ', 'Bearer a.', 'Bearer a.b.c', 'bearer a.b']) {
    it(`are not fetched under ${JSON.stringify(header)}`, () =>
      assert.equal(parseTaskAuthorization(header), undefined));
  }
});

describe('executor bundle', () => {
  const manifest: BundleManifest = {
    fileName: 'b.tar.gz',
    sizeBytes: 1,
    sha256: 'c'.repeat(64),
    sumsSha256: 'd'.repeat(64),
  };
  it('is checked before anything of it runs, and is then the process itself', () => {
    const command = renderBundleCommand(manifest, 'http://h/b.tar.gz');
    assert.match(
      command.value ?? '',
      new RegExp(`^cd ${BUNDLE_FOLDER} && .*${manifest.sumsSha256}.* && exec ./run$`),
    );
    assert.deepEqual(command.uris, [
      { value: 'http://h/b.tar.gz', extract: true, executable: false, cache: true },
    ]);
  });
});
