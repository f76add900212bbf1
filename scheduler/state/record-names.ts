/** Names of records that more than one part of the program knows. */

/** Under it lie keys: closed to others by the store, and encrypted when there is a key file. */
export const KEYS = 'keys/';
/** Under it lie other secrets of operators, protected in the same way. */
export const PROTECTED = 'protected/';
export const CLUSTER_RECORD = 'cluster';
export const CLUSTER_KEY_RECORD = `${KEYS}cluster`;
export const FRAMEWORK_ID_RECORD = 'framework-id';
export const SERVED_PORTS_RECORD = 'served-ports';
/** When the service was last torn down. */
export const TORN_DOWN_RECORD = 'torn-down';
export const INSTANCES = 'instances/';

export function isProtected(name: string): boolean {
  return name.startsWith(KEYS) || name.startsWith(PROTECTED);
}
