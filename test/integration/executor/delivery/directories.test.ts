import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Provisioned, provision } from '../../../../executor/effects/delivery/provision.ts';
import type { DirectorySpec, LaunchSpec } from '../../../../protocol/launch-spec.ts';
import { DeliveryPlace, toSpec } from './fixture.ts';
import { AS_NOBODY, inMountNamespace, NOBODY, ProvisionChild } from './provision-child.ts';

describe('directories of a task', () => {
  let place: DeliveryPlace;
  let taken = 0;
  const held: { release: () => Promise<void> }[] = [];

  beforeEach(() => {
    place = new DeliveryPlace();
  });
  afterEach(async () => {
    for (const provisioned of held.splice(0)) await provisioned.release();
    await place.remove();
  });

  async function run(fields: Partial<LaunchSpec>): Promise<Provisioned> {
    taken += 1;
    const provisioned = await provision(
      toSpec({ taskId: `task.${taken}`, ...fields }),
      place.toContext(`${taken}`),
    );
    held.push(provisioned);
    return provisioned;
  }
  const journal = (formatted?: boolean, path?: string): DirectorySpec[] => [
    {
      name: 'journal',
      kind: 'state',
      ...(formatted === undefined ? {} : { formatted }),
      ...(path && { path }),
    },
  ];

  it('keeps state by cluster and instance, for its user alone, and removes scratch', async () => {
    const directories: DirectorySpec[] = [...journal(), { name: 'tmp', kind: 'scratch' }];
    const first = await run({ directories });
    const state = first.placeholders['directory.journal'] as string;
    const scratch = first.placeholders['directory.tmp'] as string;
    assert.equal(state, join(place.own, 'state', `test-${process.pid}`, 'master-0', 'journal'));
    assert.equal(statSync(state).mode & 0o777, 0o700);
    for (const path of [state, scratch]) writeFileSync(join(path, 'file'), 'x');
    await first.release();
    assert.ok(!existsSync(scratch));
    const second = await run({ directories });
    assert.deepEqual(readdirSync(second.placeholders['directory.journal'] as string), ['file']);
    assert.deepEqual(readdirSync(second.placeholders['directory.tmp'] as string), []);
  });

  it('formats what is empty once, and again only when the first time was interrupted', async () => {
    const first = await run({ directories: journal(false) });
    assert.deepEqual(first.unformatted, ['journal']);
    const path = first.placeholders['directory.journal'] as string;
    await first.formatting('journal');
    mkdirSync(join(path, 'half'));
    await first.release();

    const second = await run({ directories: journal(false) });
    assert.deepEqual([second.unformatted, readdirSync(path)], [['journal'], []]);
    await second.formatting('journal');
    writeFileSync(join(path, 'version'), '1');
    await second.formatted('journal');
    await second.release();

    const third = await run({ directories: journal(false) });
    assert.deepEqual([third.unformatted, readdirSync(path)], [[], ['version']]);
  });

  it('adopts what is there already and leaves it untouched', async () => {
    const path = join(place.path, 'operator/journal');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'edits'), 'x');
    const { unformatted, placeholders } = await run({ directories: journal(false, path) });
    assert.deepEqual(
      [unformatted, placeholders['directory.journal'], readdirSync(path)],
      [[], path, ['edits']],
    );
  });

  it('fails when state that was formatted is gone, says where, and makes nothing there', async () => {
    const path = join(place.path, 'lost/journal');
    await assert.rejects(run({ directories: journal(true, path) }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ERR_STATE_LOST');
      for (const part of ['journal', 'master-0', path]) assert.ok(error.message.includes(part), part);
      return true;
    });
    assert.ok(!existsSync(path));
  });

  it('fails the same when only what a file system itself makes is there', async () => {
    const path = join(place.path, 'disk');
    mkdirSync(join(path, 'lost+found'), { recursive: true });
    await assert.rejects(run({ directories: journal(true, path) }), { code: 'ERR_STATE_LOST' });
  });

  it('drops a stale mark of state that our store knows to be formatted', async () => {
    const first = await run({ directories: journal(false) });
    await first.formatting('journal');
    writeFileSync(join(first.placeholders['directory.journal'] as string, 'version'), '1');
    await first.release();
    await (await run({ directories: journal(true) })).release();
    const third = await run({ directories: journal(false) });
    assert.deepEqual(third.unformatted, []);
  });

  it('lets no second executor near the state of an instance that still runs', async () => {
    const first = await run({ directories: journal() });
    const order: string[] = [];
    const second = run({ directories: journal() }).then(() => order.push('second'));
    await run({ directories: journal(), instance: 'master-1' });
    await sleep(250);
    order.push('first ends');
    await first.release();
    await second;
    assert.deepEqual(order, ['first ends', 'second']);
    assert.deepEqual(place.lines, ['waits for the former executor of master-0 to end']);
  });

  it("uses a subdirectory of an operator's scratch disk, so that nothing else on it is touched", async () => {
    const path = join(place.path, 'ssd');
    mkdirSync(path);
    writeFileSync(join(path, 'precious'), 'x');
    const provisioned = await run({ directories: [{ name: 'tier', kind: 'scratch', path }] });
    assert.ok(provisioned.placeholders['directory.tier']?.startsWith(`${path}/`));
    await provisioned.release();
    assert.equal(readFileSync(join(path, 'precious'), 'utf8'), 'x');
  });

  it('writes configuration outside the sandbox, and a redacted copy inside it', async () => {
    const { placeholders, release } = await run({
      files: [
        { path: 'alluxio-site.properties', format: 'properties', set: { 'a.dir': '@{directory.journal}' } },
        { path: 'sub/log4j.properties', format: 'text', text: 'log=@{sandbox}', mode: '0640' },
      ],
      directories: journal(),
    });
    const { config, sandbox } = placeholders as { config: string; sandbox: string };
    assert.ok(!config.startsWith(sandbox));
    assert.equal(statSync(dirname(config)).mode & 0o777, 0o700);
    const site = join(config, 'alluxio-site.properties');
    assert.equal(readFileSync(site, 'utf8'), `a.dir=${placeholders['directory.journal']}\n`);
    assert.equal(statSync(site).mode & 0o777, 0o600);
    assert.equal(statSync(join(config, 'sub/log4j.properties')).mode & 0o777, 0o640);
    assert.equal(readFileSync(join(sandbox, 'conf/sub/log4j.properties'), 'utf8'), `log=${sandbox}`);
    await release();
    assert.ok(!existsSync(config));
  });

  it('removes at the next start what an executor left that was killed', async () => {
    const directories: DirectorySpec[] = [{ name: 'tmp', kind: 'scratch' }];
    const spec = toSpec({ directories, files: [{ path: 'a', format: 'text', text: 'x' }], taskId: 'killed' });
    const child = await ProvisionChild.start(spec, place.toContext('killed').sandbox);
    const left = ['config', 'directory.tmp'].map((name) => child.told.placeholders[name] as string);
    await child.kill();
    for (const path of left) assert.ok(existsSync(path), path);
    await run({ directories });
    for (const path of left) assert.ok(!existsSync(path), path);
  });

  it('leaves what belongs to an executor that lives', async () => {
    const spec = toSpec({ files: [{ path: 'a', format: 'text', text: 'x' }], taskId: 'living' });
    const child = await ProvisionChild.start(spec, place.toContext('living').sandbox);
    try {
      await run({});
      assert.ok(existsSync(join(child.told.placeholders.config as string, 'a')));
    } finally {
      await child.end();
    }
    assert.ok(!existsSync(child.told.placeholders.config as string));
  });

  it('refuses an agent root that others may write to', async () => {
    mkdirSync(place.agentRoot);
    chmodSync(place.agentRoot, 0o777);
    await assert.rejects(run({}), { code: 'ERR_AGENT_ROOT', message: /writable by others/ });
  });

  it('refuses an agent root that a stranger owns', async function () {
    if (process.getuid?.() !== 0) this.skip();
    mkdirSync(place.agentRoot);
    chownSync(place.agentRoot, NOBODY, NOBODY);
    await assert.rejects(run({}), { code: 'ERR_AGENT_ROOT', message: /belongs to user 65534/ });
  });

  it('refuses an agent root from which nothing can be executed', async function () {
    if (process.getuid?.() !== 0) this.skip();
    mkdirSync(place.agentRoot);
    const mounted = inMountNamespace(`mount -t tmpfs -o noexec,mode=755 x ${place.agentRoot}`);
    const child = await ProvisionChild.start(toSpec({}), place.toContext('a').sandbox, mounted);
    await child.end();
    assert.equal(child.told.code, 'ERR_AGENT_ROOT');
    assert.match(child.told.message, /mounted noexec/);
  });

  describe('without privileges', () => {
    before(function () {
      if (process.getuid?.() !== 0) this.skip();
    });

    it('marks a format in the agent root where the parent of the directory is not to be written', async () => {
      chmodSync(place.path, 0o755);
      mkdirSync(place.agentRoot);
      chownSync(place.agentRoot, NOBODY, NOBODY);
      const path = join(place.path, 'operator');
      mkdirSync(path);
      chownSync(path, NOBODY, NOBODY);
      const { sandbox } = place.toContext('nobody');
      chownSync(sandbox, NOBODY, NOBODY);
      const spec = toSpec({ directories: journal(false, path) });
      const child = await ProvisionChild.start(spec, sandbox, AS_NOBODY);
      await child.end();
      const own = join(place.agentRoot, `u${NOBODY}`);
      assert.equal(child.told.labels['stevedore.store'], own, child.told.message);
      const mark = join(own, 'state', spec.cluster, 'master-0', 'journal.formatting');
      assert.ok(existsSync(mark));
      writeFileSync(join(path, 'half'), 'x');
      const again = await ProvisionChild.start(spec, sandbox, AS_NOBODY);
      await again.end();
      assert.deepEqual([again.told.unformatted, readdirSync(path)], [['journal'], []]);
    });

    it('takes a directory of its user under /var/tmp where /var/lib is not to be written', async () => {
      chmodSync(place.path, 0o755);
      const { sandbox } = place.toContext('nobody');
      chownSync(sandbox, NOBODY, NOBODY);
      const root = `/var/tmp/stevedore-u${NOBODY}`;
      try {
        const prefix = ['env', '-u', 'STEVEDORE_AGENT_ROOT', ...AS_NOBODY];
        const child = await ProvisionChild.start(toSpec({ directories: journal() }), sandbox, prefix);
        await child.end();
        assert.equal(child.told.labels['stevedore.store'], root, child.told.message);
        assert.match(child.told.lines.join('\n'), /not used as agent root: \/var\/lib\/stevedore/);
        assert.equal(statSync(root).mode & 0o777, 0o700);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });

    it('says which directory is not writable', async () => {
      chmodSync(place.path, 0o755);
      mkdirSync(place.agentRoot);
      chownSync(place.agentRoot, NOBODY, NOBODY);
      const path = join(place.path, 'of-root');
      mkdirSync(path);
      const { sandbox } = place.toContext('nobody');
      chownSync(sandbox, NOBODY, NOBODY);
      const child = await ProvisionChild.start(
        toSpec({ directories: journal(false, path) }),
        sandbox,
        AS_NOBODY,
      );
      await child.end();
      assert.equal(child.told.code, 'ERR_DIRECTORY_UNUSABLE');
      assert.ok(child.told.message.includes(path));
    });
  });
});
