import assert from 'node:assert/strict';
import { posix } from 'node:path';
import fc from 'fast-check';
import {
  type ArchiveEntry,
  EntryPolicy,
  type EntryVerdict,
  toEntryLimits,
} from '../../../../executor/core/delivery/entry-policy.ts';

const entry = (
  path: string,
  type = 'File',
  fields: { linkPath?: string; sizeBytes?: number; mode?: number } = {},
) => ({
  path,
  type,
  sizeBytes: 0,
  mode: undefined,
  linkPath: undefined,
  ...fields,
});
const policy = (archiveBytes = 1000) => new EntryPolicy('site', toEntryLimits(archiveBytes));

/** Segments from which every trick with paths can be built. */
const segment = fc.constantFrom('a', 'b', '.', '..', '', 'c.d', '...', 'x y');
const anyPath = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => segments.join('/'));
const anyEntry = fc.record({
  path: anyPath,
  type: fc.constantFrom('File', 'Directory', 'SymbolicLink', 'Link'),
  linkPath: anyPath,
});

interface Node {
  kind: string;
  target?: string;
}

/** Resolves as a kernel does, link by link, and no more than 40 of them; undefined when it leaves the root. */
function walk(tree: Map<string, Node>, path: string, hops = { left: 40 }): string | undefined {
  let at: string[] = [];
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    if (part === '..') {
      if (at.length === 0) return undefined;
      at = at.slice(0, -1);
      continue;
    }
    const node = tree.get([...at, part].join('/'));
    if (node?.kind !== 'symlink') {
      at.push(part);
      continue;
    }
    hops.left -= 1;
    if (hops.left < 0) return '';
    const next = walk(tree, [...at, node.target ?? ''].join('/'), hops);
    if (next === undefined) return undefined;
    at = next === '' ? [] : next.split('/');
  }
  return at.join('/');
}

/** A refusal is as good as the entry that is the root; any other failure is none. */
function judgeOrRefuse(judge: EntryPolicy, judged: ArchiveEntry): EntryVerdict | undefined {
  try {
    return judge.judge(judged);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_ARCHIVE_ENTRY') throw error;
    return undefined;
  }
}

describe('entry policy', () => {
  it('never lets a path or the end of any chain of links leave the root, whatever the archive holds', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), (entries) => {
        const judge = policy();
        const tree = new Map<string, Node>();
        for (const { path, type, linkPath } of entries) {
          const verdict = judgeOrRefuse(judge, entry(path, type, { linkPath }));
          if (verdict === undefined) continue;
          assert.ok(verdict.path.split('/').every((part) => part !== '..' && part !== '.' && part !== ''));
          for (const parent of verdict.parents) assert.ok(!tree.has(parent));
          for (const parent of verdict.parents) tree.set(parent, { kind: 'directory' });
          assert.equal(
            walk(tree, posix.join(verdict.path, '..')),
            verdict.path.split('/').slice(0, -1).join('/'),
          );
          tree.set(
            verdict.path,
            'target' in verdict ? { kind: verdict.kind, target: verdict.target } : verdict,
          );
        }
        for (const path of tree.keys()) assert.notEqual(walk(tree, path), undefined, path);
      }),
      { numRuns: 3000 },
    );
  });

  it('drops setuid, setgid, sticky and write bits, and keeps files readable', () => {
    const judge = policy();
    const modes = { a: 0o4755, b: 0o2777, c: 0o1644, d: 0o000, e: 0o600 };
    const seen = Object.entries(modes).map(([path, mode]) => {
      const verdict = judge.judge(entry(path, 'File', { mode }));
      return verdict !== undefined && 'mode' in verdict ? verdict.mode.toString(8) : '';
    });
    assert.deepEqual(seen, ['555', '555', '444', '400', '400']);
  });

  it('names the directories that no entry named, outermost first, and each once', () => {
    const judge = policy();
    assert.deepEqual(judge.judge(entry('a/b/c'))?.parents, ['a', 'a/b']);
    assert.deepEqual(judge.judge(entry('a/b/d'))?.parents, []);
    assert.equal(judge.judge(entry('a/', 'Directory'))?.kind, 'directory');
  });

  const tops: Record<string, { entries: [string, string][]; top: string | undefined }> = {
    'one directory': { entries: [['./flink-1.20.5/bin/flink', 'File']], top: 'flink-1.20.5' },
    'two directories': {
      entries: [
        ['a/x', 'File'],
        ['b/y', 'File'],
      ],
      top: undefined,
    },
    'a file beside it': {
      entries: [
        ['a/x', 'File'],
        ['README', 'File'],
      ],
      top: undefined,
    },
    'one file': { entries: [['jar', 'File']], top: undefined },
    nothing: { entries: [['./', 'Directory']], top: undefined },
  };
  for (const [what, { entries, top }] of Object.entries(tops)) {
    it(`takes ${top ?? 'no directory'} as the top folder of ${what}`, () => {
      const judge = policy();
      for (const [path, type] of entries) judge.judge(entry(path, type));
      assert.equal(judge.topFolder, top);
    });
  }

  it('counts entries and claimed bytes, and refuses impossible sizes', () => {
    const small = new EntryPolicy('site', { entries: 2, bytes: 100, pathBytes: 100, depth: 3 });
    small.judge(entry('a', 'File', { sizeBytes: 60 }));
    assert.throws(() => small.judge(entry('b', 'File', { sizeBytes: 41 })), {
      message: /expand to 101 bytes/,
    });
    assert.throws(() => small.judge(entry('c')), { message: /more than 2/ });
    for (const sizeBytes of [-1, Number.NaN, 1.5, 2 ** 60])
      assert.throws(() => policy().judge(entry('a', 'File', { sizeBytes })), { message: /impossible size/ });
  });

  it('allows text its twentieth, and refuses what shrinks to a thousandth', () => {
    const archiveBytes = 10_000_000;
    policy(archiveBytes).judge(entry('log', 'File', { sizeBytes: archiveBytes * 100 }));
    const bomb = entry('bomb', 'File', { sizeBytes: archiveBytes * 1000 });
    assert.throws(() => policy(archiveBytes).judge(bomb), { code: 'ERR_ARCHIVE_ENTRY' });
  });
});
