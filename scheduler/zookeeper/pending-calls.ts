/** Those who wait for answers of ZooKeeper. */
import { type ErrorCode, StevedoreError } from '../../protocol/errors.ts';
import { JuteWriter } from './jute.ts';
import { OPERATION_TYPES, type Operation } from './operations.ts';

interface PendingCall {
  readonly operation: Operation<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onReply: (code: number) => void;
}

export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  #lastId = 0;

  /** @param onReply called before anything that the server sends after the answer is looked at. */
  add<Result>(
    operation: Operation<Result>,
    onReply: (code: number) => void,
  ): { readonly id: number; readonly promise: Promise<Result> } {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#lastId += 1;
    const settle = resolve as (result: unknown) => void;
    this.#calls.set(this.#lastId, { operation, resolve: settle, reject, onReply });
    return { id: this.#lastId, promise };
  }

  /** The message to send. */
  render(id: number, xid: number): Buffer {
    const { operation } = this.#get(id);
    const head = new JuteWriter().int(xid).int(OPERATION_TYPES[operation.name]).finish();
    return Buffer.concat([head, operation.body]);
  }

  complete(id: number, code: number, body: Buffer): void {
    const { operation, resolve, reject, onReply } = this.#take(id);
    try {
      const result = operation.parse(code, body);
      onReply(code);
      resolve(result);
    } catch (error) {
      reject(error);
    }
  }

  fail(id: number, code: ErrorCode, problem: string): void {
    const { operation, reject } = this.#take(id);
    const { name, path, body } = operation;
    reject(new StevedoreError(code, { operation: name, path, bytes: body.length, problem }));
  }

  #get(id: number): PendingCall {
    const call = this.#calls.get(id);
    if (call === undefined) throw new Error(`nobody waits for answer ${id}`);
    return call;
  }

  #take(id: number): PendingCall {
    const call = this.#get(id);
    this.#calls.delete(id);
    return call;
  }
}
