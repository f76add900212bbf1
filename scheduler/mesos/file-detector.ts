/** A file that names the master, as `file:///path`: it keeps a password of ZooKeeper off command lines, and may change. */
import { readFileSync } from 'node:fs';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { MasterAddress, MasterProtocol } from './master-address.ts';
import type { MasterDetector } from './master-detector.ts';
import { type MasterSpec, parseMasterSpec } from './master-spec.ts';

/** @throws StevedoreError ERR_MASTER_FILE, and what its text is refused with. */
export function readMasterFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new StevedoreError('ERR_MASTER_FILE', { path, problem: messageOf(error) }, { cause: error });
  }
  if (text !== '' && !/^file:/i.test(text)) return text;
  const problem = text === '' ? 'it is empty' : 'it names another file';
  throw new StevedoreError('ERR_MASTER_FILE', { path, problem });
}

export class FileDetector implements MasterDetector {
  readonly #path: string;
  readonly #protocol: MasterProtocol;
  readonly #create: (spec: MasterSpec) => MasterDetector;
  readonly #listeners = new Set<(leader: MasterAddress) => void>();
  #text = '';
  #inner: MasterDetector | undefined;

  constructor(path: string, protocol: MasterProtocol, create: (spec: MasterSpec) => MasterDetector) {
    this.#path = path;
    this.#protocol = protocol;
    this.#create = create;
  }

  async detect(signal: AbortSignal): Promise<MasterAddress> {
    const inner = await this.#read();
    return await inner.detect(signal);
  }

  moveOn(): void {
    this.#inner?.moveOn();
  }

  watch(onLeader: (leader: MasterAddress) => void): () => void {
    this.#listeners.add(onLeader);
    return () => void this.#listeners.delete(onLeader);
  }

  async close(): Promise<void> {
    await this.#inner?.close();
  }

  /** Another content is another detector; the same one is kept with its session and its turn. */
  async #read(): Promise<MasterDetector> {
    const text = readMasterFile(this.#path);
    if (this.#inner !== undefined && text === this.#text) return this.#inner;
    const spec = parseMasterSpec(text, this.#protocol);
    await this.#inner?.close();
    this.#text = text;
    this.#inner = this.#create(spec);
    this.#inner.watch((leader) => {
      for (const listener of this.#listeners) listener(leader);
    });
    return this.#inner;
  }
}
