import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createTreeSink } from '../../../../executor/effects/delivery/artifact-sink.ts';
import { unpack } from '../../../../executor/effects/delivery/content-store.ts';
import { removeTree } from '../../../../executor/effects/delivery/tree-removal.ts';
import type { ArtifactFormat, ArtifactRef } from '../../../../protocol/artifact.ts';
import { type RawEntry, renderPaxRecord, renderTar, toSha256 } from './raw-tar.ts';

/** Every archive writes a witness beside the root if it gets its way. */
const HOSTILE: Record<string, { entries: RawEntry[]; reason: RegExp }> = {
  'an absolute path': {
    entries: [{ path: '/tmp/stevedore-witness', content: 'x' }],
    reason: /absolute path/,
  },
  'a path that climbs out': {
    entries: [{ path: 'a/../../witness', content: 'x' }],
    reason: /'\.\.' in its path/,
  },
  'a path that climbs out by a pax header': {
    entries: [
      { path: 'pax', type: 'x', content: renderPaxRecord('path', '../witness') },
      { path: 'innocent', content: 'x' },
    ],
    reason: /'\.\.' in its path/,
  },
  'a path that climbs out by a long name': {
    entries: [
      { path: '././@LongLink', type: 'L', content: `${'a/'.repeat(60)}${'../'.repeat(61)}witness\0` },
      { path: 'innocent', content: 'x' },
    ],
    reason: /'\.\.' in its path/,
  },
  'a symlink to an absolute path': {
    entries: [{ path: 'link', type: '2', link: '/etc' }],
    reason: /absolute path '\/etc'/,
  },
  'a symlink that climbs out': {
    entries: [{ path: 'a/link', type: '2', link: '../../witness' }],
    reason: /out of the archive/,
  },
  'a symlink that climbs out through another one': {
    entries: [
      { path: 'a/b/up', type: '2', link: '../..' },
      { path: 'out', type: '2', link: 'a/b/up/../..' },
    ],
    reason: /'\.\.' after a name/,
  },
  'a file written through a symlink': {
    entries: [
      { path: 'dir/', type: '5' },
      { path: 'link', type: '2', link: 'dir' },
      { path: 'link/file', content: 'x' },
    ],
    reason: /under the symlink 'link'/,
  },
  'a file that replaces a symlink': {
    entries: [
      { path: 'link', type: '2', link: 'dir' },
      { path: 'link', content: 'x' },
    ],
    reason: /comes twice: as symlink and as file/,
  },
  'a symlink that replaces a directory': {
    entries: [
      { path: 'dir/', type: '5' },
      { path: 'dir', type: '2', link: 'other' },
      { path: 'dir/file', content: 'x' },
    ],
    reason: /comes twice/,
  },
  'a directory where a file is': {
    entries: [
      { path: 'file', content: 'x' },
      { path: 'file/below', content: 'x' },
    ],
    reason: /under the file 'file'/,
  },
  'the same file twice': {
    entries: [
      { path: 'a', content: 'x' },
      { path: './a', content: 'y' },
    ],
    reason: /comes twice/,
  },
  'a hard link to a file outside': {
    entries: [{ path: 'passwd', type: '1', link: '/etc/passwd' }],
    reason: /absolute path/,
  },
  'a hard link that climbs out': {
    entries: [{ path: 'passwd', type: '1', link: '../../../etc/passwd' }],
    reason: /no file before it/,
  },
  'a hard link to a symlink': {
    entries: [
      { path: 'link', type: '2', link: 'x' },
      { path: 'hard', type: '1', link: 'link' },
    ],
    reason: /no file before it/,
  },
  'a character device': { entries: [{ path: 'null', type: '3' }], reason: /CharacterDevice/ },
  'a block device': { entries: [{ path: 'sda', type: '4' }], reason: /BlockDevice/ },
  'a fifo': { entries: [{ path: 'fifo', type: '6' }], reason: /FIFO/ },
  'an unknown type': { entries: [{ path: 'sparse', type: 'S', content: 'x' }], reason: /type/ },
  'a file in place of the root': { entries: [{ path: '.', content: 'x' }], reason: /replace the root/ },
  'a path too long': {
    entries: [
      { path: 'pax', type: 'x', content: renderPaxRecord('path', `${'d/'.repeat(800)}f`) },
      { path: 'innocent', content: 'x' },
    ],
    reason: /too long a path/,
  },
  'a path too deep': {
    entries: [
      { path: 'pax', type: 'x', content: renderPaxRecord('path', `${'d/'.repeat(70)}f`) },
      { path: 'innocent', content: 'x' },
    ],
    reason: /too deep/,
  },
};

describe('unpacking', () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'stevedore-hostile-'));
  });
  afterEach(() => removeTree(place));

  async function run(bytes: Buffer, fields: Partial<ArtifactRef> = {}): Promise<string> {
    const artifact: ArtifactRef = {
      name: 'evil',
      sha256: toSha256(bytes),
      sizeBytes: bytes.length,
      fileName: 'evil.tar',
      class: 'public',
      format: 'tar',
      ...fields,
    };
    const root = join(place, 'root');
    await unpack(artifact, root, async (sink) => {
      try {
        await sink.consume(bytes);
        return await sink.finish();
      } catch (error) {
        await sink.abandon();
        throw error;
      }
    });
    return root;
  }

  for (const [what, { entries, reason }] of Object.entries(HOSTILE)) {
    it(`refuses ${what}, names the entry, and leaves nothing`, async () => {
      const good = { path: 'good', content: 'g' };
      await assert.rejects(run(renderTar([good, ...entries])), (error: Error & { code?: string }) => {
        assert.match(error.code ?? '', /^ERR_ARCHIVE_(ENTRY|DAMAGED)$/, error.stack);
        assert.match(error.message, reason);
        assert.match(error.message, /'evil'/);
        return true;
      });
      assert.deepEqual(readdirSync(place), []);
      assert.ok(!existsSync('/tmp/stevedore-witness'));
    });
  }

  for (const [format, pack] of [
    ['tar.gz', gzipSync],
    ['tar.zst', zstdCompressSync],
  ] as const) {
    it(`ends a ${format} bomb before it is written`, async () => {
      const zeros = Buffer.alloc(300_000_000);
      const bytes = pack(renderTar([{ path: 'bomb', content: zeros }]));
      await assert.rejects(run(bytes, { format }), {
        code: 'ERR_ARCHIVE_ENTRY',
        message: /expand to 300000000/,
      });
      assert.deepEqual(readdirSync(place), []);
    });
    it(`says that a ${format} is cut short`, async () => {
      const bytes = pack(renderTar([{ path: 'file', content: 'x'.repeat(100_000) }]));
      await assert.rejects(run(bytes.subarray(0, bytes.length - 20), { format }), {
        code: 'ERR_ARCHIVE_DAMAGED',
      });
    });
    it(`says that a plain tar is no ${format}`, async () => {
      await assert.rejects(run(renderTar([{ path: 'a' }]), { format }), { code: 'ERR_ARCHIVE_DAMAGED' });
    });
  }

  const damaged: Record<string, Buffer> = {
    'no archive at all': Buffer.from('<html>not found</html>'.repeat(100)),
    'an archive that ends within a file': renderTar([{ path: 'a', content: 'x'.repeat(5000) }]).subarray(
      0,
      2000,
    ),
    'a header with a wrong sum': ((tar) => {
      tar.write('b', 1);
      return tar;
    })(renderTar([{ path: 'aa', content: 'x' }])),
    nothing: Buffer.alloc(0),
  };
  for (const [what, bytes] of Object.entries(damaged)) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(run(bytes), { code: 'ERR_ARCHIVE_DAMAGED' });
      assert.deepEqual(readdirSync(place), []);
    });
  }

  it('refuses an archive that is compressed once more', async () => {
    const twice = gzipSync(gzipSync(renderTar([{ path: 'a' }])));
    await assert.rejects(run(twice, { format: 'tar.gz' }), {
      code: 'ERR_ARCHIVE_ENTRY',
      message: /compressed/,
    });
  });

  it('does not read a file behind the end of its claimed size', async () => {
    const root = await run(renderTar([{ path: 'a', content: 'abc' }]));
    assert.equal(readFileSync(join(root, 'a'), 'utf8'), 'abc');
  });

  it('needs no entries for the folders of a file', async () => {
    const root = await run(renderTar([{ path: './a/b/c', content: 'x' }]));
    assert.equal(readFileSync(join(root, 'a/b/c'), 'utf8'), 'x');
  });

  it('abandons a decoder in the middle without an unhandled error', async () => {
    mkdirSync(join(place, 'tree'));
    const bytes = gzipSync(renderTar([{ path: 'file', content: Buffer.alloc(3_000_000, 'x') }]));
    const artifact = {
      name: 'a',
      sha256: '',
      sizeBytes: bytes.length,
      fileName: 'a',
      class: 'public',
    } as const;
    const format: ArtifactFormat = 'tar.gz';
    const sink = createTreeSink({ ...artifact, format }, join(place, 'tree'));
    await sink.consume(bytes.subarray(0, 3000));
    await sink.abandon();
  });
});
