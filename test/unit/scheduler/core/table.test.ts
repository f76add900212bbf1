import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ReadonlyTable, Table } from '../../../../scheduler/core/table.ts';

/** A change of one of the tables that there are: each gives one more table. */
interface Change {
  readonly of: number;
  readonly name: string;
  readonly value: number | undefined;
}

const changes = fc.array(
  fc.record<Change>({
    of: fc.nat(),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    value: fc.option(fc.nat(3), { nil: undefined }),
  }),
  { maxLength: 40 },
);

function changeCopy(table: ReadonlyTable<number>, { name, value }: Change): Table<number> {
  const copy = table.copy();
  if (value === undefined) copy.delete(name);
  else copy.set(name, value);
  return copy;
}

function changeModel(model: ReadonlyMap<string, number>, { name, value }: Change): Map<string, number> {
  const others = [...model].filter(([other]) => other !== name);
  return new Map(value === undefined ? others : [...others, [name, value]]);
}

const sorted = (entries: Iterable<readonly [string, number]>) =>
  [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));

function assertSame(table: ReadonlyTable<number>, model: ReadonlyMap<string, number>): void {
  assert.deepEqual(sorted(table.entries()), sorted(model));
  assert.deepEqual(
    table.names(),
    table.entries().map(([name]) => name),
  );
  assert.deepEqual(
    table.list(),
    table.entries().map(([, value]) => value),
  );
  assert.equal(table.size, model.size);
  for (const name of ['a', 'f', 'none']) {
    assert.equal(table.get(name), model.get(name));
    assert.equal(table.has(name), model.has(name));
  }
}

describe('table', () => {
  it('stays as it was whatever becomes of its copies', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const tables = [Table.of<number>()];
        const models: ReadonlyMap<string, number>[] = [new Map()];
        for (const change of all) {
          const at = change.of % tables.length;
          tables.push(changeCopy(tables[at] as Table<number>, change));
          models.push(changeModel(models[at] as ReadonlyMap<string, number>, change));
        }
        for (const [at, table] of tables.entries()) assertSame(table, models[at] as Map<string, number>);
      }),
    );
  });

  it('knows which names differ from another one, related or not', () => {
    const before = Table.of([
      ['a', 1],
      ['b', 2],
    ]);
    const after = changeCopy(changeCopy(before, { of: 0, name: 'c', value: 3 }), {
      of: 0,
      name: 'a',
      value: undefined,
    });
    assert.deepEqual(after.listChanged(before), ['a', 'c']);
    assert.deepEqual(before.listChanged(after), ['a', 'c']);
    assert.deepEqual(after.listChanged(Table.of([['b', 2]])), ['c']);
    assert.deepEqual(after.listChanged(after), []);
  });

  it('gives the same list until something is changed', () => {
    const table = Table.of([['a', 1]]);
    const list = table.list();
    assert.equal(table.list(), list);
    table.set('b', 2);
    assert.deepEqual([list, table.list()], [[1], [1, 2]]);
    table.delete('a');
    assert.deepEqual(table.list(), [2]);
  });

  it('has the same naming while its names are the same', () => {
    const table = Table.of([['a', 1]]);
    const other = changeCopy(table, { of: 0, name: 'a', value: 2 });
    assert.equal(other.naming, table.naming);
    assert.notEqual(changeCopy(table, { of: 0, name: 'b', value: 2 }).naming, table.naming);
    assert.notEqual(changeCopy(table, { of: 0, name: 'a', value: undefined }).naming, table.naming);
  });

  it('is the same after many names came and went', () => {
    let table = Table.of([['kept', 0]]);
    for (let index = 0; index < 1000; index += 1) {
      table = changeCopy(table, { of: 0, name: `passing-${index}`, value: index });
      table = changeCopy(table, { of: 0, name: `passing-${index}`, value: undefined });
    }
    assert.deepEqual(table.entries(), [['kept', 0]]);
    assert.equal(table.get('kept'), 0);
  });
});
