/**
 * Values by name, of which a changed copy is cheap however many there are: every step of the engine gives a new state, and
 * most of them change one instance of thousands. Tables that were copied from each other share one index of names, so
 * that a copy copies one array, and what differs between two of them is found by looking along both.
 */

/** A table that was handed out: nobody changes it any more. */
export interface ReadonlyTable<Value> {
  readonly size: number;
  /** The same object for tables with the same names in the same order; for what is found out about names once. */
  readonly naming: object;
  get(name: string): Value | undefined;
  has(name: string): boolean;
  names(): string[];
  /** The same array until something is changed. */
  list(): readonly Value[];
  entries(): [name: string, value: Value][];
  /** Names that have another value, compared by identity, or none on one side. */
  listChanged(before: ReadonlyTable<Value>): string[];
  /** For one who changes it before it is handed out. */
  copy(): Table<Value>;
}

/** It only grows, so that it is right for older tables as well: they have no value in the slots of names that came later. */
class NameIndex {
  readonly names: string[] = [];
  readonly #slots = new Map<string, number>();

  find(name: string): number | undefined {
    return this.#slots.get(name);
  }

  claim(name: string): number {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    this.#slots.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** Names that are no more keep their slot; with more of them than this the next copy gets an index of its own. */
const MOST_EMPTY = 64;

export class Table<Value> implements ReadonlyTable<Value> {
  readonly #index: NameIndex;
  readonly #values: (Value | undefined)[];
  #size: number;
  #naming: object;
  #list: readonly Value[] | undefined;

  private constructor(index: NameIndex, values: (Value | undefined)[] = [], former?: Table<Value>) {
    this.#index = index;
    this.#values = values;
    this.#size = former?.size ?? 0;
    this.#naming = former?.naming ?? {};
  }

  static of<Value>(entries: Iterable<readonly [name: string, value: Value]> = []): Table<Value> {
    const table = new Table<Value>(new NameIndex());
    for (const [name, value] of entries) table.set(name, value);
    return table;
  }

  get size(): number {
    return this.#size;
  }

  get naming(): object {
    return this.#naming;
  }

  get(name: string): Value | undefined {
    const slot = this.#index.find(name);
    return slot === undefined ? undefined : this.#values[slot];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  names(): string[] {
    return this.#index.names.filter((_name, slot) => this.#values[slot] !== undefined);
  }

  list(): readonly Value[] {
    this.#list ??= this.#values.filter((value) => value !== undefined);
    return this.#list;
  }

  entries(): [name: string, value: Value][] {
    return this.#values.flatMap((value, slot) =>
      value === undefined ? [] : [[this.#index.names[slot] as string, value] as [string, Value]],
    );
  }

  listChanged(before: ReadonlyTable<Value>): string[] {
    if (before === this) return [];
    if (before instanceof Table && before.#index === this.#index) return this.#compare(before.#values);
    const names = new Set([...before.entries(), ...this.entries()].map(([name]) => name));
    return [...names].filter((name) => before.get(name) !== this.get(name));
  }

  #compare(before: readonly (Value | undefined)[]): string[] {
    const changed: string[] = [];
    const slots = Math.max(before.length, this.#values.length);
    for (let slot = 0; slot < slots; slot += 1)
      if (before[slot] !== this.#values[slot]) changed.push(this.#index.names[slot] as string);
    return changed;
  }

  copy(): Table<Value> {
    if (this.#values.length - this.#size > Math.max(MOST_EMPTY, this.#size)) return Table.of(this.entries());
    return new Table(this.#index, this.#values.slice(), this);
  }

  set(name: string, value: Value): void {
    const slot = this.#index.claim(name);
    // Names that came to other tables in the meantime: an array without holes is a fast one.
    while (this.#values.length <= slot) this.#values.push(undefined);
    if (this.#values[slot] === undefined) this.#renumber(this.#size + 1);
    this.#values[slot] = value;
    this.#list = undefined;
  }

  delete(name: string): void {
    const slot = this.#index.find(name);
    if (slot === undefined || this.#values[slot] === undefined) return;
    this.#values[slot] = undefined;
    this.#renumber(this.#size - 1);
    this.#list = undefined;
  }

  #renumber(size: number): void {
    this.#size = size;
    this.#naming = {};
  }
}
