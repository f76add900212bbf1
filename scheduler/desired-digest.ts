/** Tells two configurations apart: a digest of everything a service says of itself that is data. */
import { createHash } from 'node:crypto';
import type { ServiceSpec } from './core/service-spec.ts';

/** Secret bytes go in as their digest; functions do not count. */
export function toDesiredDigest(spec: ServiceSpec): string {
  const text = JSON.stringify(spec, (_key, value: unknown) =>
    value instanceof Uint8Array ? createHash('sha256').update(value).digest('hex') : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
