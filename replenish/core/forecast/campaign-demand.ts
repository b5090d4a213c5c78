import {invariant} from '../../../domain/invariant.ts';
import {NEGLIGIBLE, type DemandPmf} from '../probability/pmf.ts';
import {poissonBinomialPmf} from '../probability/poisson-binomial.ts';

/** How sure the take rate of a campaign is, which all of its machines share, and what the campaign has seen of it. */
export interface TakeEvidence {
  /** As many machines as the planner's rate is worth: it counts like a campaign that has seen so many decide. */
  readonly strength: number;
  /** Of the whole campaign, at every depot; and those of them that have asked for their pieces. */
  readonly machines: number;
  readonly served: number;
}

/** What is left of a campaign at one depot: machines that have not been served yet, each asking once at most. */
export interface CampaignAhead {
  readonly campaignId: string;
  readonly machines: number;
  /** Pieces that one machine takes. */
  readonly quantity: number;
  /** Of all machines of the campaign, those that will really come, as planned. */
  readonly takePpm: number;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Left out: the rate is certain, and the machines decide each for itself. */
  readonly evidence?: TakeEvidence | undefined;
}

/**
 * What a planner's take rate is worth where nobody says: eight machines. A rate stated as 65 % then lies within 31–92 % with 95 %, which is
 * how little a rate of one recall says of the next; a campaign's own machines outweigh the plan once more than eight of them were to come.
 */
export const TAKE_STRENGTH = 8;

/** Machines at other depots that the rate is learnt from; more of them leave less than a hundredth open, and are counted as so many in their proportion. */
const OTHERS_MAX = 2000;
/** Scenarios below this change no digit of a decision. */
const UNLIKELY = 1e-18;

/**
 * P(a machine that has not come yet comes within the next hours), for machines that come at any time of the campaign alike:
 *
 *   take · (F(t) − F(now)) / (1 − take · F(now)),  F the share of the campaign that is over
 *
 * Example: take rate 0.8, half of the campaign over, the rest within the hours asked → 0.8 · 0.5 / (1 − 0.4) = 0.667.
 */
export function comesWithin({takePpm, startsAt, endsAt}: CampaignAhead, now: number, hours: number): number {
  const take = takePpm / 1e6;
  const before = shareOver({startsAt, endsAt}, now);
  const left = 1 - take * before;
  const until = shareOver({startsAt, endsAt}, now + hours * 3_600_000);
  return left <= 0 ? 0 : (take * (until - before)) / left;
}

function shareOver({startsAt, endsAt}: Pick<CampaignAhead, 'startsAt' | 'endsAt'>, at: number): number {
  return Math.min(1, Math.max(0, (at - startsAt) / (endsAt - startsAt)));
}

/**
 * How many machines of this depot are still to come until the campaign's end, where the take rate θ is uncertain and common to all of
 * them: a recall is pushed through or it is not. θ ~ Beta(a, b) with the planner's rate as its mean and a + b the strength; what the
 * campaign has seen updates it. Of R machines that have not come by now, t come later with
 *
 *   π(t) ∝ C(R, t) · (1 − F)^t · B(a + s + t, b + R − t),  s served, F the share of the campaign that is over,
 *
 * exact for `comesWithin` with θ in place of the rate: a machine that has not come is one of 1 − θ that never will, or of θ · (1 − F) that will later.
 * Those of this depot are any of them alike (hypergeometric). Before the start, with one depot, it is the beta-binomial law. The dependence lies
 * in the mixture alone: no single machine becomes likelier to come.
 *
 * Source: beta-binomial law, Skellam (1948), Journal of the Royal Statistical Society B 10(2); the update is Bayes' rule.
 * Example: 3 machines, rate 0.8, strength 5 → P = (1, 4, 10, 20) / 35, mean 2.4 as with a certain rate, variance 0.64 instead of 0.48.
 * Example: 2 machines, rate 0.5, strength 2, half of the time over and none has come → P = (4, 2, 1) / 7.
 */
export function stillToCome(
  campaign: CampaignAhead & {readonly evidence: TakeEvidence},
  now: number,
): DemandPmf {
  const {machines, takePpm, evidence} = campaign;
  const {strength, served} = evidence;
  invariant(
    strength > 0 && takePpm < 1e6,
    'a rate that is not certain has a strength, and leaves some machines out',
  );
  const elsewhere = Math.max(0, evidence.machines - served - machines);
  const scale = elsewhere > OTHERS_MAX ? OTHERS_MAX / elsewhere : 1;
  const others = Math.round(elsewhere * scale);
  const rest = machines + others;
  const a = (strength * takePpm) / 1e6 + served * scale;
  const b = strength * (1 - takePpm / 1e6);
  const later = 1 - shareOver(campaign, now);
  if (later === 0) return {p: Float64Array.of(1), tail: 0};
  const factorial = logRising(1, rest);
  const choose = (n: number, k: number): number => factorial[n]! - factorial[k]! - factorial[n - k]!;
  const takes = logRising(a, rest);
  const leaves = logRising(b, rest);
  const logs = Float64Array.from(
    {length: rest + 1},
    (_, t) => choose(rest, t) + t * Math.log(later) + takes[t]! + leaves[rest - t]!,
  );
  const most = logs.reduce((high, one) => Math.max(high, one), -Infinity);
  const weights = logs.map((one) => Math.exp(one - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const p = new Float64Array(machines + 1);
  weights.forEach((weight, t) => {
    const scenario = weight / total;
    if (scenario < UNLIKELY) return;
    const [least, greatest] = [Math.max(0, t - others), Math.min(machines, t)];
    const likeliest = Math.min(greatest, Math.max(least, Math.round((t * machines) / rest)));
    // From the likeliest number outwards, as far as it matters; true: it still does.
    const adds = (here: number): boolean => {
      const chance = Math.exp(choose(machines, here) + choose(others, t - here) - choose(rest, t));
      p[here]! += scenario * chance;
      return chance >= UNLIKELY;
    };
    let here = likeliest;
    while (here <= greatest && adds(here)) here += 1;
    here = likeliest - 1;
    while (here >= least && adds(here)) here -= 1;
  });
  return {p, tail: 0};
}

/** ln(x · (x + 1) · … · (x + n − 1)) for n = 0..most. */
function logRising(x: number, most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let n = 1; n <= most; n += 1) logs[n] = logs[n - 1]! + Math.log(x + n - 1);
  return logs;
}

/**
 * Each of the machines still to come comes within the time with probability `share`, independently: P(z) becomes P(1 − share + share · z).
 * Example: 2 machines for certain, share 0.5 → (0.25, 0.5, 0.25).
 */
function thinned({p}: DemandPmf, share: number): DemandPmf {
  const within = new Float64Array(p.length);
  let length = 1;
  let tail = 0;
  for (let i = p.length - 1; i >= 0; i -= 1) {
    // One machine more in front of all that were looked at, as in Horner's scheme.
    const top = within[length - 1]! * share;
    for (let k = length - 1; k > 0; k -= 1) within[k] = within[k]! * (1 - share) + within[k - 1]! * share;
    within[0] = within[0]! * (1 - share) + p[i]!;
    if (top < NEGLIGIBLE) tail += top;
    else within[length++] = top;
  }
  return {p: within.subarray(0, length), tail};
}

/** Pieces that a campaign asks for within so many hours from now: so many machines, each or not at all. */
export function campaignDemand(campaign: CampaignAhead, now: number): (hours: number) => DemandPmf {
  const {machines, quantity, takePpm, evidence} = campaign;
  if (evidence === undefined || takePpm === 1e6)
    return (hours) =>
      inPieces(
        poissonBinomialPmf(new Float64Array(machines).fill(comesWithin(campaign, now, hours))),
        quantity,
      );
  const coming = stillToCome({...campaign, evidence}, now);
  const over = shareOver(campaign, now);
  return (hours) => {
    const until = shareOver(campaign, now + hours * 3_600_000);
    return inPieces(over === 1 ? coming : thinned(coming, (until - over) / (1 - over)), quantity);
  };
}

function inPieces({p, tail}: DemandPmf, quantity: number): DemandPmf {
  if (quantity === 1) return {p, tail};
  const pieces = new Float64Array((p.length - 1) * quantity + 1);
  p.forEach((probability, served) => (pieces[served * quantity] = probability));
  return {p: pieces, tail};
}
