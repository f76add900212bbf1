/** What the error codes of ZooKeeper's replies mean (KeeperException.Code). */
import { type ErrorCode, StevedoreError } from '../../protocol/errors.ts';

export const OK = 0;
export const NO_NODE = -101;
const AUTH_FAILED = -115;
export const SESSION_EXPIRED = -112;
/** Another server serves the session now. */
export const SESSION_MOVED = -118;
/** What a multi says of its parts that were not the reason for its failure. */
export const RUNTIME_INCONSISTENCY = -2;

const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [NO_NODE, 'ERR_ZOOKEEPER_NO_NODE'],
  [-102, 'ERR_ZOOKEEPER_AUTH'],
  [-103, 'ERR_ZOOKEEPER_BAD_VERSION'],
  [-110, 'ERR_ZOOKEEPER_NODE_EXISTS'],
  [-111, 'ERR_ZOOKEEPER_NOT_EMPTY'],
  [AUTH_FAILED, 'ERR_ZOOKEEPER_AUTH'],
  [SESSION_EXPIRED, 'ERR_ZOOKEEPER_SESSION_EXPIRED'],
]);

const REASONS: ReadonlyMap<number, string> = new Map([
  [-1, 'it has an error of its own'],
  [RUNTIME_INCONSISTENCY, 'another part of the same multi failed'],
  [-5, 'it cannot read the request'],
  [-6, 'it does not know the operation'],
  [-7, 'it took too long'],
  [-8, 'the arguments are wrong'],
  [-108, 'an ephemeral node has no children'],
  [-114, 'the permission list is not valid'],
  [-119, 'the server is read-only'],
  [-125, 'a quota is exceeded'],
  [-127, 'the server is overloaded'],
]);

export interface Refused {
  /** As a person says it: `create`. */
  readonly operation: string;
  readonly path: string;
}

export function toReplyError(code: number, refused: Refused): StevedoreError {
  const known = CODES.get(code);
  const fields = { operation: refused.operation, path: refused.path };
  if (known !== undefined) return new StevedoreError(known, fields);
  const reason = REASONS.get(code) ?? `error ${code}`;
  return new StevedoreError('ERR_ZOOKEEPER_REFUSED', { ...fields, reason });
}
