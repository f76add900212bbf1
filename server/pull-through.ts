/** Fetches what configuration names by URL: once, for all who ask at the same time and for all later starts. */
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import type { Logger } from './logger.ts';
import type { WorkOptions } from './progress.ts';
import { SingleFlight } from './single-flight.ts';
import { fetchUpstream } from './upstream-fetch.ts';
import type { Upstream } from './upstream-url.ts';

/** No byte for this long, also before the first: the upstream is given up. */
const STALL_TIMEOUT_MS = 60_000;

export class PullThrough {
  readonly #flights = new SingleFlight<StoredArtifact>();
  readonly #store: ArtifactStore;
  readonly #log: Logger;
  readonly #stallTimeoutMs: number;

  constructor(store: ArtifactStore, log: Logger, stallTimeoutMs = STALL_TIMEOUT_MS) {
    this.#stallTimeoutMs = stallTimeoutMs;
    this.#store = store;
    this.#log = log;
  }

  /** @throws StevedoreError ERR_UPSTREAM_*; the signal's reason */
  pull(upstream: Upstream, work: WorkOptions): Promise<StoredArtifact> {
    const key = JSON.stringify([upstream.url, upstream.sha256]);
    return this.#flights.run(key, work, (shared) => this.#pull(upstream, shared));
  }

  close(): void {
    this.#flights.abort(new Error('the artifact server is closing'));
  }

  async #pull(upstream: Upstream, work: WorkOptions): Promise<StoredArtifact> {
    const source = JSON.stringify(['url', upstream.url]);
    const present = await this.#findPresent(source, upstream.sha256);
    if (present !== undefined) return present;
    this.#log.info({ url: upstream.shown }, 'upstream asked');
    const stallTimeoutMs = this.#stallTimeoutMs;
    const fetched = await this.#store.write((sink) =>
      fetchUpstream(upstream, sink, { ...work, stallTimeoutMs }),
    );
    await this.#store.writeRecord(source, { sha256: fetched.sha256 });
    this.#log.info({ url: upstream.shown, sha256: fetched.sha256 }, 'upstream fetched');
    return fetched;
  }

  /** A pinned artifact is known by its digest, whichever URL it once came from. */
  async #findPresent(source: string, pin: string | undefined): Promise<StoredArtifact | undefined> {
    const record = await this.#store.readRecord(source);
    const sha256 = pin ?? record?.sha256;
    const present = sha256 === undefined ? undefined : await this.#store.find(sha256);
    if (present !== undefined && record?.sha256 !== present.sha256) {
      await this.#store.writeRecord(source, { sha256: present.sha256 });
    }
    return present;
  }
}
