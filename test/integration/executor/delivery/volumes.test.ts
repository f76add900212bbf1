import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Provisioned, provision } from '../../../../executor/effects/delivery/provision.ts';
import type { DirectorySpec } from '../../../../protocol/launch-spec.ts';
import { DeliveryPlace, toSpec } from './fixture.ts';
import { inMountNamespace, ProvisionChild } from './provision-child.ts';

describe('directories of a task in a persistent volume', () => {
  let place: DeliveryPlace;
  let volume: string;
  let taken = 0;
  const held: { release: () => Promise<void> }[] = [];

  beforeEach(() => {
    place = new DeliveryPlace();
    volume = join(place.path, 'volumes/roles/r/c1.master-0.journal.s.u');
    mkdirSync(volume, { recursive: true });
  });
  afterEach(async () => {
    for (const provisioned of held.splice(0)) await provisioned.release();
    await place.remove();
  });

  function toJournal(formatted?: boolean): DirectorySpec {
    const path = '@{sandbox}/journal/data';
    return { name: 'journal', kind: 'state', path, ...(formatted !== undefined && { formatted }) };
  }

  /** Each task has a sandbox of its own, with a link to the volume as the isolator filesystem/posix makes it. */
  async function run(directory: DirectorySpec, link: string | undefined = volume): Promise<Provisioned> {
    taken += 1;
    const context = place.toContext(`${taken}`);
    if (link !== undefined) symlinkSync(link, join(context.sandbox, 'journal'));
    const provisioned = await provision(
      toSpec({ taskId: `task.${taken}`, directories: [directory] }),
      context,
    );
    held.push(provisioned);
    return provisioned;
  }

  it('lie where the volume really is, so that the next task finds them under its own link', async () => {
    const first = await run(toJournal());
    const path = first.placeholders['directory.journal'] as string;
    assert.equal(path, join(volume, 'data'));
    writeFileSync(join(path, 'edits'), 'x');
    await first.release();
    const second = await run(toJournal());
    assert.deepEqual(readdirSync(second.placeholders['directory.journal'] as string), ['edits']);
  });

  it('keep the mark of an interrupted format in the volume, beside the state', async () => {
    const first = await run(toJournal(false));
    assert.deepEqual(first.unformatted, ['journal']);
    await first.formatting('journal');
    writeFileSync(join(volume, 'data/half'), 'x');
    assert.deepEqual(readdirSync(volume).sort(), ['data', 'data.formatting']);
    await first.release();
    const second = await run(toJournal(false));
    assert.deepEqual([second.unformatted, readdirSync(join(volume, 'data'))], [['journal'], []]);
  });

  it('lie in a volume that the agent mounts, too', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    const { sandbox } = place.toContext('mounted');
    mkdirSync(join(sandbox, 'journal'));
    const mounted = inMountNamespace(`mount --bind ${volume} ${sandbox}/journal`);
    const child = await ProvisionChild.start(toSpec({ directories: [toJournal()] }), sandbox, mounted);
    await child.end();
    assert.equal(child.told.placeholders['directory.journal'], join(sandbox, 'journal/data'));
    assert.deepEqual(readdirSync(volume), ['data']);
  });

  it('are no new ones in a volume that is empty but was formatted', async () => {
    mkdirSync(join(volume, 'lost+found'));
    await assert.rejects(run(toJournal(true)), { code: 'ERR_STATE_LOST' });
  });

  it('are refused when the agent shows no volume', async () => {
    await assert.rejects(run(toJournal(), join(place.path, 'nowhere')), { code: 'ERR_VOLUME_MISSING' });
    taken += 1;
    const context = place.toContext(`${taken}`);
    mkdirSync(join(context.sandbox, 'journal'), { recursive: true });
    const spec = toSpec({ taskId: `task.${taken}`, directories: [toJournal()] });
    await assert.rejects(provision(spec, context), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'ERR_VOLUME_MISSING');
      assert.match(error.message, /goes with the task/);
      return true;
    });
  });

  it('are refused behind a link in the volume', async () => {
    const elsewhere = join(place.path, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(volume, 'data'));
    await assert.rejects(run(toJournal()), { code: 'ERR_DIRECTORY_UNUSABLE' });
    rmSync(join(volume, 'data'));
  });

  it('are refused outside of it', async () => {
    for (const path of ['@{sandbox}/journal/../x', '@{sandbox}/../x/data', '@{sandbox}/journal'])
      await assert.rejects(run({ ...toJournal(), path }), { code: 'ERR_VOLUME_MISSING' }, path);
  });
});
