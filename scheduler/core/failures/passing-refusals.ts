/**
 * Offers that fit but for something that will pass: a wave, a host that is avoided, drained or maintained. Mesos holds an
 * offer back for as long as it was refused, so these must not be refused for long.
 */
import type { Evaluation } from '../offers/offer-evaluator.ts';

/** When it is worth a look again. */
const SECONDS: Readonly<Record<string, number>> = {
  wave: 5,
  'agent-backoff': 60,
  drained: 60,
  maintenance: 60,
};

/** Seconds by offer id. */
export function listPassing(refused: Iterable<Evaluation>): Map<string, number> {
  const passing = new Map<string, number>();
  for (const { offerId, outcomes } of refused) {
    const seconds = outcomes.filter(({ passes }) => !passes).map(({ stage }) => SECONDS[stage]);
    if (seconds.every((one) => one !== undefined)) passing.set(offerId, Math.max(...seconds));
  }
  return passing;
}
