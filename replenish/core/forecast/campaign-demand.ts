import type {DemandPmf} from '../probability/pmf.ts';
import {poissonBinomialPmf} from '../probability/poisson-binomial.ts';

/** What is left of a campaign at one depot: machines that have not been served yet, each asking once at most. */
export interface CampaignAhead {
  readonly campaignId: string;
  readonly machines: number;
  /** Pieces that one machine takes. */
  readonly quantity: number;
  /** Of all machines of the campaign, those that will really come. */
  readonly takePpm: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * P(a machine that has not come yet comes within the next hours), for machines that come at any time of the campaign alike:
 *
 *   take · (F(t) − F(now)) / (1 − take · F(now)),  F the share of the campaign that is over
 *
 * Example: take rate 0.8, half of the campaign over, the rest within the hours asked → 0.8 · 0.5 / (1 − 0.4) = 0.667.
 */
export function comesWithin({takePpm, startsAt, endsAt}: CampaignAhead, now: number, hours: number): number {
  const take = takePpm / 1e6;
  const over = (at: number): number => Math.min(1, Math.max(0, (at - startsAt) / (endsAt - startsAt)));
  const before = over(now);
  const left = 1 - take * before;
  return left <= 0 ? 0 : (take * (over(now + hours * 3_600_000) - before)) / left;
}

/** Pieces that a campaign asks for within the next hours: so many machines, each or not at all. */
export function campaignDemand(campaign: CampaignAhead, now: number, hours: number): DemandPmf {
  const {machines, quantity} = campaign;
  const chance = comesWithin(campaign, now, hours);
  const {p, tail} = poissonBinomialPmf(new Float64Array(machines).fill(chance));
  if (quantity === 1) return {p, tail};
  const pieces = new Float64Array((p.length - 1) * quantity + 1);
  p.forEach((probability, served) => (pieces[served * quantity] = probability));
  return {p: pieces, tail};
}
