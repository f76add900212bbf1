/** The engine's waiting times, from the options. */
import type { Timing } from '../core/timing.ts';
import { TIMING_NAMES } from '../options/timing-options.ts';
import type { ConfiguredOptions } from './configured-options.ts';

/** Each first pause and the longest one that it grows to. */
const PAIRS = [
  ['backoffBaseMs', 'backoffMaxMs'],
  ['dropBackoffBaseMs', 'dropBackoffMaxMs'],
  ['reconcileBaseMs', 'reconcileMaxMs'],
  ['agentBackoffBaseMs', 'agentBackoffMaxMs'],
] as const;

/** Whoever orders a teardown waits three minutes for its end, volumes included. */
const MOST_TEARDOWN_GRACE_MS = 120_000;

export function describeTiming(options: ConfiguredOptions): Timing {
  const { values } = options;
  for (const [base, most] of PAIRS)
    if (values[base] > values[most])
      options.refuse(
        options.isSet(base) ? base : most,
        `${options.keyOf(base)} is longer than ${options.keyOf(most)}.`,
      );
  if (values.teardownGraceMs > MOST_TEARDOWN_GRACE_MS)
    options.refuse('teardownGraceMs', 'It is longer than 2min, and whoever orders a teardown waits for it.');
  return Object.fromEntries(TIMING_NAMES.map((name) => [name, values[name]])) as unknown as Timing;
}
