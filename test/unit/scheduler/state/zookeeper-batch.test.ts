import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  groupBySize,
  groupChanges,
  measureAll,
  parseChanges,
  renderChanges,
  toOperations,
} from '../../../../scheduler/state/zookeeper-batch.ts';
import {
  createLayout,
  decodeNodeName,
  encodeNodeName,
  parseCommit,
  parseNode,
  renderCommit,
  renderInline,
  renderReference,
} from '../../../../scheduler/state/zookeeper-layout.ts';

const LAYOUT = createLayout('/stevedore', 'c1');
const text = (value: string) => Buffer.from(value);
const changesOf = fc
  .dictionary(fc.string(), fc.option(fc.uint8Array()))
  .map((entries) => new Map(Object.entries(entries)));

describe('node names', () => {
  it('are those that ZooKeeper allows, and come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const node = encodeNodeName(name);
        assert.equal(decodeNodeName(node), name);
        assert.match(node, /^[\w%.~!*'()-]+$/);
        assert.ok(node !== '.' && node !== '..');
      }),
    );
  });
});

describe('operations of a write', () => {
  it('create, change or delete, by what is there', () => {
    const changes = new Map([
      ['new', text('1')],
      ['old', text('2')],
      ['gone', null],
      ['never', null],
    ]);
    const operations = toOperations(changes, new Set(['old', 'gone']), LAYOUT);
    assert.deepEqual(
      operations.map(({ kind, path }) => `${kind} ${path}`),
      [
        'create /stevedore/c1/state/records/new',
        'set /stevedore/c1/state/records/old',
        'delete /stevedore/c1/state/records/gone',
      ],
    );
  });

  it('fit into requests, in their order and without a loss', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(sizes, (items) => {
        const groups = groupBySize(items, (size) => size, 100);
        assert.deepEqual(groups.flat(), items);
        for (const group of groups) assert.ok(group.reduce((a, b) => a + b) <= 100);
      }),
    );
  });

  it('of a big write are together what it was', () => {
    fc.assert(
      fc.property(changesOf, (changes) => {
        const groups = groupChanges(changes, LAYOUT, 600);
        assert.deepEqual(new Map(groups.flatMap((group) => [...group])), changes);
        for (const group of groups)
          assert.ok(group.size === 1 || measureAll(toOperations(group, changes, LAYOUT)) <= 600);
      }),
    );
  });

  it('come back from the redo log', () => {
    fc.assert(
      fc.property(changesOf, (changes) => {
        const parsed = [...parseChanges(renderChanges(changes))];
        assert.deepEqual(
          parsed.map(([name, data]) => [name, data && [...data]]),
          [...changes].map(([name, data]) => [name, data && [...data]]),
        );
      }),
    );
  });
});

describe('nodes', () => {
  const blob = { id: 'b', parts: 2, sizeBytes: 5, sha256: 'x' };

  it('hold a value or where it is', () => {
    const inline = parseNode('a', renderInline(text('{"id":1}')));
    assert.equal(inline.kind === 'value' && Buffer.from(inline.value).toString(), '{"id":1}');
    assert.deepEqual(parseNode('a', renderReference(blob)), { kind: 'blob', blob });
    assert.deepEqual(parseNode('a', renderInline(text(''))), { kind: 'value', value: Buffer.alloc(0) });
    for (const data of [Buffer.of(), Buffer.of(2), Buffer.of(9, 1)])
      assert.throws(() => parseNode('a', data), { code: 'ERR_STATE_DAMAGED' });
  });

  it('of a commit come back, and one of the future is refused', () => {
    const commit = { format: 2, cluster: 'c1', closed: true, writeId: 'w', redo: blob };
    assert.deepEqual(parseCommit(renderCommit(commit), LAYOUT), commit);
    assert.throws(() => parseCommit(renderCommit({ ...commit, format: 3 }), LAYOUT), {
      code: 'ERR_STATE_VERSION',
      message: /format 3, this one knows 2/,
    });
    assert.throws(() => parseCommit(text('x'), LAYOUT), { code: 'ERR_STATE_DAMAGED' });
  });
});
