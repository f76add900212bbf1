/** The operations of a client, each one request to the session. */
import { StevedoreError } from '../../protocol/errors.ts';
import { toMulti } from './multi.ts';
import {
  type Operation,
  toCreate,
  toDelete,
  toExists,
  toGetChildren,
  toGetData,
  toSetData,
} from './operations.ts';
import { NO_NODE, OK } from './reply-code.ts';
import type { SessionDriver } from './session-driver.ts';
import type { WatchKind } from './watches.ts';
import type {
  Acl,
  CreateRequest,
  MultiOperation,
  SessionState,
  Watcher,
  ZooKeeperClient,
} from './zookeeper-client.ts';

const ALL_PERMISSIONS = 31;
const OPEN_TO_ALL: readonly Acl[] = [{ scheme: 'world', id: 'anyone', permissions: ALL_PERMISSIONS }];
/** The server puts in whom it has authenticated. */
const CREATOR_ONLY: readonly Acl[] = [{ scheme: 'auth', id: '', permissions: ALL_PERMISSIONS }];

export class SessionClient implements ZooKeeperClient {
  readonly #driver: SessionDriver;
  readonly #defaultAcl: readonly Acl[];

  constructor(driver: SessionDriver, hasCredentials: boolean) {
    this.#driver = driver;
    this.#defaultAcl = hasCredentials ? CREATOR_ONLY : OPEN_TO_ALL;
  }

  get state(): SessionState {
    return this.#driver.state;
  }

  get sessionId(): bigint {
    return this.#driver.sessionId;
  }

  onState(listener: (state: SessionState) => void): () => void {
    return this.#driver.observers.onState(listener);
  }

  async getData(path: string, watcher?: Watcher) {
    return await this.#read(toGetData(path, watcher !== undefined), 'data', watcher);
  }

  async getChildren(path: string, watcher?: Watcher) {
    return await this.#read(toGetChildren(path, watcher !== undefined), 'children', watcher);
  }

  async exists(path: string, watcher?: Watcher) {
    return await this.#driver.call(toExists(path, watcher !== undefined), (code) => {
      if (watcher === undefined) return;
      if (code === OK) this.#driver.observers.watches.add('data', path, watcher);
      if (code === NO_NODE) this.#driver.observers.watches.add('absent', path, watcher);
    });
  }

  async create(request: CreateRequest): Promise<string> {
    return await this.#call(toCreate(this.#permit(request)));
  }

  async createPath(path: string): Promise<void> {
    if ((await this.exists(path)) !== undefined) return;
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '') await this.createPath(parent);
    const request: CreateRequest = { path, data: new Uint8Array(), mode: 'persistent' };
    await this.create(request).catch((error: unknown) => {
      if (!(error instanceof StevedoreError && error.code === 'ERR_ZOOKEEPER_NODE_EXISTS')) throw error;
    });
  }

  async setData(path: string, data: Uint8Array, version: number) {
    return await this.#call(toSetData(path, data, version));
  }

  async delete(path: string, version: number): Promise<void> {
    await this.#call(toDelete(path, version));
  }

  async multi(operations: readonly MultiOperation[]): Promise<void> {
    const permitted = operations.map((operation) =>
      operation.kind === 'create' ? this.#permit(operation) : operation,
    );
    await this.#call(toMulti(permitted));
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  #call<Result>(operation: Operation<Result>): Promise<Result> {
    return this.#driver.call(operation, () => {});
  }

  #permit<Request extends CreateRequest>(request: Request): Request & { acl: readonly Acl[] } {
    return { ...request, acl: request.acl ?? this.#defaultAcl };
  }

  /** ZooKeeper's own reads do not watch an absent node; here the watcher hears of its creation. */
  async #read<Result>(
    operation: Operation<Result | undefined>,
    kind: WatchKind,
    watcher: Watcher | undefined,
  ): Promise<Result | undefined> {
    if (watcher === undefined) return await this.#call(operation);
    const { path } = operation;
    const { watches } = this.#driver.observers;
    for (;;) {
      const watch = (code: number) => void (code === OK && watches.add(kind, path, watcher));
      const found = await this.#driver.call(operation, watch);
      if (found !== undefined) return found;
      const watchAbsent = (code: number) => void (code === NO_NODE && watches.add('absent', path, watcher));
      if ((await this.#driver.call(toExists(path, true), watchAbsent)) === undefined) return undefined;
    }
  }
}
