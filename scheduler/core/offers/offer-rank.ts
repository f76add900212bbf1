/** In which order offers are tried: the two strategies. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { totalMilli } from '../../../protocol/resources.ts';
import type { RankOf } from './candidates.ts';

const SCALARS = ['cpus', 'mem'] as const;

/**
 * Least left first. All instances of a component take the same, so the offer with the least now has the least afterwards.
 * Each resource counts by its share of the largest offer.
 */
export function createPackRank(offers: readonly Offer[]): RankOf {
  const most = SCALARS.map((name) =>
    offers.reduce((highest, offer) => Math.max(highest, totalMilli(offer.resources ?? [], name)), 1),
  );
  const shareOf = (offer: Offer, name: string, index: number) =>
    totalMilli(offer.resources ?? [], name) / (most[index] as number);
  return (offer) => SCALARS.reduce((sum, name, index) => sum + shareOf(offer, name, index), 0);
}
