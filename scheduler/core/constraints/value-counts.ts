/** How many instances each value of a field has; the least used is known at any time without a search. */
export class ValueCounts {
  readonly #counts = new Map<string, number>();
  /** How many values have this many instances. */
  readonly #spread = new Map<number, number>();
  #least = 0;
  #instances = 0;

  /** An instance on a host with these values; none: the host lacks the field. */
  add(values: readonly string[]): void {
    if (values.length > 0) this.#instances += 1;
    for (const value of values) this.#increase(value, this.of(value));
  }

  #increase(value: string, before: number): void {
    this.#counts.set(value, before + 1);
    this.#spread.set(before + 1, (this.#spread.get(before + 1) ?? 0) + 1);
    if (before > 0) this.#spread.set(before, (this.#spread.get(before) ?? 0) - 1);
    if (before === 0) this.#least = 1;
    else if (this.#least === before && this.#spread.get(before) === 0) this.#least = before + 1;
  }

  of(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  /** Instances of the value that has the fewest of those that have any. */
  get least(): number {
    return this.#least;
  }

  /** Values that have an instance. */
  get values(): readonly string[] {
    return [...this.#counts.keys()];
  }

  get groups(): number {
    return this.#counts.size;
  }

  /** Instances on hosts that have the field. */
  get instances(): number {
    return this.#instances;
  }
}
