/** Offers in order of a number each, lowest first; one can be taken out or moved without sorting again. */
export class RankedOffers {
  /** Ascending; every one has a bucket. */
  readonly #keys: number[] = [];
  readonly #buckets = new Map<number, Set<string>>();
  readonly #keyOf = new Map<string, number>();

  get keys(): readonly number[] {
    return this.#keys;
  }

  /** Offers of one number, in the order in which they got it. */
  at(key: number): Iterable<string> {
    return this.#buckets.get(key) ?? [];
  }

  add(offerId: string, key: number): void {
    const bucket = this.#buckets.get(key) ?? new Set();
    if (bucket.size === 0) this.#open(key, bucket);
    bucket.add(offerId);
    this.#keyOf.set(offerId, key);
  }

  #open(key: number, bucket: Set<string>): void {
    this.#buckets.set(key, bucket);
    this.#keys.splice(this.#find(key), 0, key);
  }

  /** False when it is not here. */
  remove(offerId: string): boolean {
    const key = this.#keyOf.get(offerId);
    if (key === undefined) return false;
    this.#keyOf.delete(offerId);
    const bucket = this.#buckets.get(key);
    bucket?.delete(offerId);
    if (bucket?.size === 0) this.#close(key);
    return true;
  }

  #close(key: number): void {
    this.#buckets.delete(key);
    this.#keys.splice(this.#find(key), 1);
  }

  /** Index of the first key that is not below. */
  #find(key: number): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
