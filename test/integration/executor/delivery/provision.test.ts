import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ArtifactConnection } from '../../../../executor/effects/delivery/artifact-connection.ts';
import { fetchArtifact } from '../../../../executor/effects/delivery/fetch-artifact.ts';
import { type Provisioned, provision } from '../../../../executor/effects/delivery/provision.ts';
import type { ArtifactFormat } from '../../../../protocol/artifact.ts';
import type { LaunchSpec } from '../../../../protocol/launch-spec.ts';
import { ArtifactHost, type Authority, createAuthority, cutAfter } from './artifact-host.ts';
import { DeliveryPlace, toSpec } from './fixture.ts';
import { spawnProvision } from './provision-child.ts';
import { type RawEntry, renderTar } from './raw-tar.ts';

/** Sizes around the block, the small-file limit and the piece, so that every seam of the pipeline lies in some file. */
const SIZES = [
  0,
  1,
  511,
  512,
  513,
  32 * 1024,
  32 * 1024 + 1,
  256 * 1024 - 512,
  256 * 1024,
  700_001,
  3_000_000,
];
const ENTRIES: RawEntry[] = [
  { path: 'flink-1.20.5/', type: '5', mode: 0o755 },
  ...SIZES.map((size, index) => ({ path: `flink-1.20.5/lib/${index}.jar`, content: randomBytes(size) })),
  ...Array.from({ length: 400 }, (_, index) => ({
    path: `flink-1.20.5/many/${index}`,
    content: `${index}`.repeat(index),
  })),
  { path: 'flink-1.20.5/bin/flink', content: '#!/bin/sh\n', mode: 0o4755 },
  { path: 'flink-1.20.5/bin/link', type: '2', link: '../lib/3.jar' },
  { path: 'flink-1.20.5/lib/hard.jar', type: '1', link: 'flink-1.20.5/lib/4.jar' },
];
const PACK: Record<Exclude<ArtifactFormat, 'none'>, (bytes: Buffer) => Buffer> = {
  tar: (bytes) => bytes,
  'tar.gz': (bytes) => gzipSync(bytes, { level: 1 }),
  'tar.zst': (bytes) => zstdCompressSync(bytes),
};

describe('provision', () => {
  const archive = renderTar(ENTRIES);
  let authority: Authority;
  let host: ArtifactHost;
  let place: DeliveryPlace;
  const held: Provisioned[] = [];

  before(async () => {
    authority = await createAuthority('test authority');
  });
  beforeEach(async () => {
    host = await ArtifactHost.start(authority);
    place = new DeliveryPlace();
  });
  afterEach(async () => {
    for (const provisioned of held.splice(0)) await provisioned.release();
    await host.stop();
    await place.remove();
  });

  async function run(fields: Partial<LaunchSpec>, name = 'a'): Promise<Provisioned> {
    const spec = toSpec({ servers: [host.url], trust: [authority.cert], taskId: `task.${name}`, ...fields });
    const provisioned = await provision(spec, place.toContext(name));
    held.push(provisioned);
    return provisioned;
  }

  function assertTree(root: string): void {
    for (const entry of ENTRIES) {
      const path = join(root, '..', entry.path);
      if (entry.type === undefined)
        assert.ok(readFileSync(path).equals(Buffer.from((entry.content ?? '') as Buffer)), entry.path);
    }
  }

  for (const format of ['tar', 'tar.gz', 'tar.zst'] as const) {
    it(`unpacks a ${format} byte by byte, read-only, and names its one top folder`, async () => {
      const flink = host.add('flink', PACK[format](archive), { format });
      const { placeholders } = await run({ artifacts: [flink] });
      const root = placeholders['tree.flink'] as string;
      assert.equal(root, join(place.own, 'store', flink.sha256, 'tree', 'flink-1.20.5'));
      assertTree(root);
      assert.equal(statSync(join(root, 'bin/flink')).mode & 0o7777, 0o555);
      assert.equal(statSync(join(root, 'lib')).mode & 0o777, 0o555);
      assert.equal(statSync(join(root, 'bin/link')).size, 513 - 1);
      assert.equal(statSync(join(root, 'lib/hard.jar')).ino, statSync(join(root, 'lib/4.jar')).ino);
    });
    it(`resumes a ${format} that is cut in the middle, by a range`, async () => {
      const flink = host.add('flink', PACK[format](archive), { format });
      host.fault = cutAfter(1_234_567);
      const { placeholders } = await run({ artifacts: [flink] });
      assertTree(placeholders['tree.flink'] as string);
      // How much of what was written before the cut arrives is up to the kernel.
      const [first, second] = host.seen.map(({ range }) => range);
      const from = Number(/^bytes=(\d+)-$/.exec(second ?? '')?.[1]);
      assert.ok(first === undefined && from > 0 && from <= 1_234_567, second);
      assert.equal(host.seen.length, 2);
    });
  }

  it('fetches once for two tasks at a time, and not at all for a third', async () => {
    const flink = host.add('flink', archive);
    const [first, second] = await Promise.all([
      run({ artifacts: [flink] }),
      run({ artifacts: [flink], instance: 'master-1' }, 'b'),
    ]);
    const third = await run({ artifacts: [flink] }, 'c');
    assert.equal(host.seen.length, 1);
    for (const { placeholders } of [second, third])
      assert.equal(placeholders['tree.flink'], first.placeholders['tree.flink']);
    assert.deepEqual(place.steps.slice(-4), ['directories', 'ramdisk', 'fetch.flink', 'files']);
  });

  it('unpacks again what a crash left half-made', async () => {
    const flink = host.add('flink', archive);
    const first = await run({ artifacts: [flink] });
    await first.release();
    const stored = join(place.own, 'store', flink.sha256);
    rmSync(join(stored, 'ok'));
    chmodSync(join(stored, 'tree/flink-1.20.5/lib'), 0o755);
    writeFileSync(join(stored, 'tree/flink-1.20.5/lib/rubbish'), '');
    const second = await run({ artifacts: [flink] }, 'b');
    assertTree(second.placeholders['tree.flink'] as string);
    assert.ok(!existsSync(join(stored, 'tree/flink-1.20.5/lib/rubbish')));
    assert.equal(host.seen.length, 2);
  });

  it('takes over from an executor that is killed in the middle of unpacking', async () => {
    const flink = host.add('flink', archive);
    const halfway = new Promise<void>((resolve) => {
      host.fault = (_seen, response, bytes) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 2_000_000), () => resolve());
        return true;
      };
    });
    const spec = toSpec({
      servers: [host.url],
      trust: [authority.cert],
      artifacts: [flink],
      taskId: 'killed',
    });
    const child = spawnProvision(spec, place.toContext('killed').sandbox);
    await halfway;
    const part = join(place.own, 'store', flink.sha256, 'part');
    while (!existsSync(join(part, 'flink-1.20.5/lib/8.jar'))) await sleep(20);
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
    assert.ok(existsSync(part));
    host.fault = () => false;
    assertTree((await run({ artifacts: [flink] })).placeholders['tree.flink'] as string);
    assert.ok(!existsSync(part));
  });

  it('trusts an unpersisted tree only until the machine was restarted', async () => {
    const flink = host.add('flink', archive);
    await (await run({ artifacts: [flink] })).release();
    const ok = join(place.own, 'store', flink.sha256, 'ok');
    const completion = JSON.parse(readFileSync(ok, 'utf8')) as object;
    writeFileSync(ok, JSON.stringify({ ...completion, boot: 'another', persisted: false }));
    await run({ artifacts: [flink] }, 'b');
    assert.equal(host.seen.length, 2);
  });

  it('sends the token for secret artifacts only, keeps them out of store and sandbox, and removes them', async () => {
    const jar = host.add('udf', Buffer.from('jar'), { format: 'none' });
    const site = host.add('site', Buffer.from('a.key=planted-secret\n'), { format: 'none', class: 'secret' });
    const overlay = host.add('hadoop', renderTar([{ path: 'core-site.xml', content: 'planted-secret' }]), {
      class: 'secret',
    });
    const provisioned = await run({ artifacts: [jar, site, overlay] });
    const { placeholders } = provisioned;
    assert.equal(readFileSync(placeholders['file.udf'] as string, 'utf8'), 'jar');
    assert.match(placeholders['file.udf'] as string, /udf\.bin$/);
    assert.equal(
      readFileSync(join(placeholders['tree.hadoop'] as string, 'core-site.xml'), 'utf8'),
      'planted-secret',
    );
    const expected = (token: string) => `Bearer ${Buffer.from('task.a').toString('base64url')}.${token}`;
    assert.deepEqual(
      host.seen.map(({ authorization }) => authorization),
      [undefined, expected('token-of-site'), expected('token-of-hadoop')],
    );
    assert.ok(!place.lines.join('\n').includes('token-of'));
    assert.ok(!readdirSync(join(place.own, 'store')).some((name) => name.startsWith(site.sha256)));
    await provisioned.release();
    assert.ok(!existsSync(placeholders['file.site'] as string));
    await provisioned.release();
  });

  it('unpacks a large secret tree on disk outside store and sandbox, and removes it', async () => {
    const content = randomBytes(9_000_000);
    const big = host.add('dist', renderTar([{ path: 'dist/jar', content }]), { class: 'secret' });
    const provisioned = await run({ artifacts: [big] });
    const tree = provisioned.placeholders['tree.dist'] as string;
    assert.ok(tree.startsWith(join(place.own, 'private')), tree);
    assert.ok(readFileSync(join(tree, 'jar')).equals(content));
    await provisioned.release();
    assert.ok(!existsSync(tree));
  });

  it('refuses wrong bytes, naming artifact, server and both digests, and keeps nothing', async () => {
    const flink = host.add('flink', archive);
    const changed = Buffer.from(archive);
    changed[600] = (changed[600] as number) ^ 1;
    host.fault = (_seen, response) => {
      response.writeHead(200, { 'content-length': changed.length }).end(changed);
      return true;
    };
    await assert.rejects(run({ artifacts: [flink] }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ERR_ARTIFACT_DIGEST');
      for (const part of ['flink', host.url, flink.sha256]) assert.ok(error.message.includes(part), part);
      return true;
    });
    assert.deepEqual(readdirSync(join(place.own, 'store', flink.sha256)), ['lock']);
  });

  it('goes on with the next server when the first is away, cut or refuses', async () => {
    const other = await ArtifactHost.start(authority);
    try {
      const flink = other.add('flink', archive);
      const { placeholders } = await run({
        artifacts: [flink],
        servers: ['https://127.0.0.1:1', host.url, other.url],
      });
      assertTree(placeholders['tree.flink'] as string);
      assert.equal(host.seen.length, 1);
    } finally {
      await other.stop();
    }
  });

  it('takes the rest of a 200 from a server that knows no ranges', async () => {
    const flink = host.add('flink', archive);
    const cut = cutAfter(1_000_000);
    host.fault = (seen, response, bytes) => {
      if (cut(seen, response, bytes)) return true;
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return true;
    };
    assertTree((await run({ artifacts: [flink] })).placeholders['tree.flink'] as string);
  });

  it('trusts nobody but the authority of the launch spec', async () => {
    const flink = host.add('flink', archive);
    const other = await createAuthority('another authority');
    await assert.rejects(run({ artifacts: [flink], trust: [other.cert] }), {
      code: 'ERR_ARTIFACT_UNTRUSTED',
    });
    assert.equal(host.seen.length, 0);
  });

  it('checks that the certificate is for the address', async () => {
    const other = await ArtifactHost.start(authority, '127.0.0.2');
    try {
      const flink = other.add('flink', archive);
      await assert.rejects(run({ artifacts: [flink], servers: [other.url] }), {
        code: 'ERR_ARTIFACT_UNTRUSTED',
        message: /127\.0\.0\.1/,
      });
    } finally {
      await other.stop();
    }
  });

  it('says what every server answered when none of them has the artifact', async () => {
    const flink = { ...host.add('flink', archive), sha256: '0'.repeat(64) };
    await assert.rejects(run({ artifacts: [flink] }), {
      code: 'ERR_ARTIFACT_REFUSED',
      message: /answered 404/,
    });
  });

  it('gives up when no server is heard of for too long, and names them all with the last problem', async () => {
    const flink = host.add('flink', archive);
    const servers = ['https://127.0.0.1:1', 'https://127.0.0.1:2'];
    const connection = new ArtifactConnection([authority.cert], 'task');
    let abandoned = 0;
    const sink = {
      consume: async () => {},
      finish: async () => ({ top: undefined, entries: 0, bytes: 0 }),
      abandon: async () => void (abandoned += 1),
    };
    const fetching = fetchArtifact(flink, sink, {
      connection,
      servers,
      signal: new AbortController().signal,
      clock: () => performance.now(),
      chance: () => 0,
      log: (line) => void place.lines.push(line),
      patience: { overallMs: 60_000, silentMs: 200, refusals: 3 },
    });
    await assert.rejects(fetching, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ERR_ARTIFACT_UNREACHABLE');
      for (const part of [...servers, 'ECONNREFUSED', `0 of ${archive.length}`])
        assert.ok(error.message.includes(part), error.message);
      return true;
    });
    assert.equal(abandoned, 1);
    connection.close();
  });

  it('sends no token to a server without TLS', async () => {
    const site = host.add('site', Buffer.from('a=b'), { format: 'none', class: 'secret' });
    await assert.rejects(run({ artifacts: [site], servers: ['http://127.0.0.1:1'] }), {
      code: 'ERR_ARTIFACT_UNAUTHORIZED',
    });
  });

  it('refuses at once when no server is named, or none that is an address', async () => {
    const flink = host.add('flink', archive);
    for (const servers of [[], ['not an address']])
      await assert.rejects(run({ artifacts: [flink], servers }), { code: 'ERR_ARTIFACT_REFUSED' });
  });

  it('ends at once when it is aborted in the middle of a body, and leaves no part', async () => {
    const flink = host.add('flink', archive);
    const ending = new AbortController();
    host.fault = (_seen, response, bytes) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000), () => setTimeout(() => ending.abort(), 50));
      return true;
    };
    const spec = toSpec({ servers: [host.url], trust: [authority.cert], artifacts: [flink] });
    await assert.rejects(provision(spec, place.toContext('a', ending.signal)), { name: 'AbortError' });
    assert.deepEqual(readdirSync(join(place.own, 'store', flink.sha256)), ['lock']);
  });
});
