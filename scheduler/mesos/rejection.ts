/** What an answer other than 200 to SUBSCRIBE means. */
import { type MasterAddress, isSameMaster, parseRedirect } from './master-address.ts';
import type { Rejection } from './scheduler-call.ts';

export type Verdict =
  | { readonly kind: 'moved'; readonly to: MasterAddress }
  /** A redirect that is not followed. */
  | { readonly kind: 'misdirected'; readonly problem: string }
  | { readonly kind: 'unauthenticated' }
  /** No leader yet, still recovering, routes not installed, overloaded: it passes. */
  | { readonly kind: 'not-ready' }
  /** Only a person can change it. */
  | { readonly kind: 'refused' };

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 307, 308]);
const PASSING = new Set([404, 408, 429, 500, 502, 503, 504]);

function judgeRedirect(location: string, chain: readonly MasterAddress[]): Verdict {
  const from = chain.at(-1) as MasterAddress;
  const to = parseRedirect(location, from);
  if (to === undefined) return { kind: 'misdirected', problem: 'its target is no address' };
  // What is sent there would be readable by all, a credential with it.
  if (from.protocol === 'https:' && to.protocol === 'http:')
    return { kind: 'misdirected', problem: 'it leads from https to plain http' };
  if (chain.some((master) => isSameMaster(master, to)))
    return { kind: 'misdirected', problem: 'it leads in a circle' };
  if (chain.length > MAX_REDIRECTS) return { kind: 'misdirected', problem: 'too many follow each other' };
  return { kind: 'moved', to };
}

/** @param chain the masters of this attempt, that which answered last. */
export function judgeRejection(
  { status, location }: Pick<Rejection, 'status' | 'location'>,
  chain: readonly MasterAddress[],
): Verdict {
  if (REDIRECTS.has(status) && location !== undefined) return judgeRedirect(location, chain);
  if (status === 401) return { kind: 'unauthenticated' };
  return { kind: PASSING.has(status) ? 'not-ready' : 'refused' };
}
