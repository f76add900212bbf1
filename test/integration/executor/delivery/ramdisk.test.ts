import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchSpec } from '../../../../protocol/launch-spec.ts';
import { ArtifactHost, createAuthority } from './artifact-host.ts';
import { DeliveryPlace, toSpec } from './fixture.ts';
import { AS_NOBODY, inMountNamespace, NOBODY, ProvisionChild } from './provision-child.ts';
import { renderTar } from './raw-tar.ts';

const TMPFS = 0x01021994;
const SIZE = 32 * 1024 * 1024;
const TASK = 'worker-0.1';

describe('ramdisk of a task', () => {
  let place: DeliveryPlace;
  const children: ProvisionChild[] = [];

  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  beforeEach(() => {
    place = new DeliveryPlace();
    chmodSync(place.path, 0o755);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.end();
    await place.remove();
  });

  after(() => rmSync(`/dev/shm/stevedore-u${NOBODY}`, { recursive: true, force: true }));

  async function start(fields: Partial<LaunchSpec>, prefix: readonly string[] = []): Promise<ProvisionChild> {
    const { sandbox } = place.toContext('a');
    const spec = toSpec({ instance: 'worker-0', taskId: TASK, ...fields });
    const child = await ProvisionChild.start(spec, sandbox, prefix);
    children.push(child);
    return child;
  }
  const asked = (sharing: 'private' | 'host', fields: { sizeBytes?: number; path?: string } = {}) => ({
    ramdisk: { sizeBytes: SIZE, sharing, ...fields },
  });
  function giveToNobody(): void {
    mkdirSync(place.agentRoot);
    for (const path of [place.agentRoot, place.toContext('a').sandbox]) chownSync(path, NOBODY, NOBODY);
  }

  it('is a tmpfs of its size in a mount namespace of the service, which the host never sees', async () => {
    const child = await start(asked('private'));
    const { told } = child;
    const path = told.placeholders.ramdisk as string;
    assert.equal(told.labels['stevedore.ramdisk'], 'private-tmpfs');
    const [command, ...rest] = told.enter as [string, ...string[]];
    const run = (script: string, cwd = '/') =>
      execFileSync(command, [...rest, '/bin/sh', '-c', script], { cwd, encoding: 'utf8' }).trim();
    assert.equal(run(`stat -f -c '%T %b %S' ${path}`), `tmpfs ${SIZE / 4096} 4096`);
    assert.equal(run(`stat -c %a ${path}`), '700');
    assert.equal(run('pwd', place.path), place.path);
    run(`echo block > ${path}/block`);
    assert.ok(!existsSync(join(path, 'block')));
    assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(path));
    await child.end();
    assert.ok(!existsSync(path));
  });

  it('keeps the pid of what enters it', async () => {
    const { told } = await start(asked('private'));
    const [command, ...rest] = told.enter as [string, ...string[]];
    const out = execFileSync('/bin/sh', [
      '-c',
      'echo $$; exec "$@"',
      'sh',
      command,
      ...rest,
      '/bin/sh',
      '-c',
      'echo $$',
    ]);
    const [before, after] = out.toString().trim().split('\n');
    assert.equal(before, after);
  });

  it('adds nothing to the environment of what enters it', async () => {
    const { told } = await start(asked('private'));
    const [command, ...rest] = told.enter as [string, ...string[]];
    const environment = { PATH: '/usr/bin:/bin', ONLY: 'this' };
    const out = execFileSync(command, [...rest, '/usr/bin/env'], { env: environment, cwd: '/tmp' });
    assert.deepEqual(out.toString().trim().split('\n').toSorted(), ['ONLY=this', 'PATH=/usr/bin:/bin']);
  });

  it('ends with its executor, however that ends', async () => {
    const child = await start(asked('private'));
    const holder = child.told.enter.at(-1) as string;
    assert.ok(existsSync(`/proc/${holder}`));
    await child.kill();
    for (let waits = 0; existsSync(`/proc/${holder}`) && waits < 100; waits += 1) await sleep(20);
    assert.ok(!existsSync(`/proc/${holder}`));
  });

  it('is the /dev/shm of the container where that has the size asked for', async () => {
    const mounted = inMountNamespace(`mount -t tmpfs -o size=${SIZE} shm /dev/shm`);
    const { told } = await start(asked('private'), mounted);
    assert.equal(told.labels['stevedore.ramdisk'], 'private-shm', told.message);
    assert.match(told.placeholders.ramdisk as string, /^\/dev\/shm\//);
    assert.deepEqual(told.enter, []);
  });

  it('is a directory on the shared /dev/shm for a user without privileges, for him alone', async () => {
    giveToNobody();
    const child = await start(asked('private'), AS_NOBODY);
    const path = child.told.placeholders.ramdisk as string;
    assert.equal(child.told.labels['stevedore.ramdisk'], 'shared-shm', child.told.message);
    assert.equal(statfsSync(path).type, TMPFS);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(path).uid], [0o700, NOBODY]);
    await child.end();
    assert.ok(!existsSync(path));
  });

  it('is refused with every reason when no way has the room', async () => {
    giveToNobody();
    const { told } = await start(asked('private', { sizeBytes: 2 ** 50 }), AS_NOBODY);
    assert.equal(told.code, 'ERR_RAMDISK_REFUSED');
    for (const part of [/1\.0 PiB/, /not private/, /mount namespace/, /free/, /namespaces\/ipc/])
      assert.match(told.message, part);
  });

  it("is a kept directory on the operator's tmpfs when clients of the host share it", async () => {
    const path = join(place.path, 'ramdisk');
    mkdirSync(path);
    const mounted = inMountNamespace(`mount -t tmpfs -o size=${SIZE} operator ${path}`);
    const { told } = await start(asked('host', { path }), mounted);
    assert.equal(told.labels['stevedore.ramdisk'], 'host', told.message);
    assert.equal(told.placeholders.ramdisk, join(path, `stevedore-test-${process.pid}-worker-0`));
  });

  it('is refused where the path of the operator is no tmpfs, or too small', async () => {
    const path = join(place.path, 'ramdisk');
    mkdirSync(path);
    const plain = await start(asked('host', { path }));
    assert.match(plain.told.message, /neither tmpfs nor ramfs/);
    const mounted = inMountNamespace(`mount -t tmpfs -o size=1m operator ${path}`);
    const small = await start(asked('host', { path }), mounted);
    assert.equal(small.told.code, 'ERR_RAMDISK_HOST');
    assert.match(small.told.message, /1\.0 MiB only/);
  });

  it('says which path is full when the store has no room', async () => {
    mkdirSync(place.agentRoot);
    const authority = await createAuthority('test authority');
    const host = await ArtifactHost.start(authority);
    try {
      const content = randomBytes(3_000_000);
      const big = host.add('big', renderTar([0, 1, 2].map((index) => ({ path: `top/${index}`, content }))));
      const mounted = inMountNamespace(`mount -t tmpfs -o size=4m,mode=755 small ${place.agentRoot}`);
      const { told } = await start(
        { artifacts: [big], servers: [host.url], trust: [authority.cert] },
        mounted,
      );
      assert.equal(told.code, 'ERR_DISK_FULL', told.message);
      assert.ok(told.message.includes(join(place.own, 'store', big.sha256)));
      assert.match(told.message, /free/);
    } finally {
      await host.stop();
    }
  });
});
