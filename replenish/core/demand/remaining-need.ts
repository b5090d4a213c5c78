import {invariant} from '../../../domain/invariant.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import {convolve, type DemandPmf} from '../probability/pmf.ts';
import {poissonPmf} from '../probability/poisson.ts';

/** What is still asked for of a part until its last machine is no longer served. Times in days from today. */
export interface RemainingLife {
  /** Pieces asked for today. */
  readonly ratePerDay: number;
  /** Variance to mean of the demand, at least 1. */
  readonly vmr: number;
  /** Squared coefficient of variation of the rate: how little is known of it. */
  readonly rateCv2: number;
  /** Parts of the demand and until when each is served; the shares add up to 1. */
  readonly fleet: readonly {readonly share: number; readonly untilDay: number}[];
  /** Machines that are given up early, as a continuous rate a day; 0: none. */
  readonly declinePerDay: number;
  /** Of the pieces used, those that a workshop makes serviceable again. */
  readonly repairedShare: number;
  readonly turnaroundDays: number;
  /** Beside that: what campaigns ask for until a day. */
  readonly dated?: (day: number) => DemandPmf;
}

/**
 * Pieces asked for from today until a day.
 *
 *   M(t) = λ · Σ share_i · (1 − e^(−δ · min(t, end_i))) / δ,  without decline λ · Σ share_i · min(t, end_i)
 *
 * Source: the integral of a rate that falls with the installed base; Fortuin (1980), The all-time requirement of spare parts for service
 * after sales, International Journal of Operations & Production Management 1(1), with exponential decline.
 * Example: 0.1 a day, half until day 100, half until day 300 → 20 pieces.
 */
export function meanAskedFor({ratePerDay, fleet, declinePerDay}: RemainingLife, day: number): number {
  const served = fleet.reduce((sum, {share, untilDay}) => {
    const days = Math.min(day, untilDay);
    return sum + share * (declinePerDay === 0 ? days : -Math.expm1(-declinePerDay * days) / declinePerDay);
  }, 0);
  return ratePerDay * served;
}

/**
 * Pieces used up for good until a day, and those that are in the workshop at one time:
 *
 *   condemned ~ negative binomial with mean k·M and variance k·M + k²·(M·(vmr − 1) + cv²·M²),  k = 1 − repaired share
 *   in repair ~ Poisson with mean λ · repaired share · turnaround, at today's rate
 *
 * Thinning: each piece asked for is condemned with probability k, independently. The workshop's pieces are counted in full at every day,
 * though the last of them come back: a little too many rather than too few.
 *
 * Source: thinning of a mixed Poisson law; Palm's theorem for the pieces in repair.
 * Example: 0.1 a day for 200 days, Poisson, nothing repaired → Poisson 20; 60 % repaired in 10 days → Poisson 8 and Poisson 0.6.
 */
export function remainingNeed(life: RemainingLife, day: number): DemandPmf {
  const {ratePerDay, vmr, rateCv2, repairedShare, turnaroundDays} = life;
  invariant(vmr >= 1 && rateCv2 >= 0, 'demand varies at least as much as Poisson');
  invariant(repairedShare >= 0 && repairedShare <= 1, 'a share is within 0..1');
  const asked = meanAskedFor(life, day);
  const kept = 1 - repairedShare;
  const mean = kept * asked;
  const condemned = negativeBinomialPmf(
    mean,
    mean + kept * kept * (asked * (vmr - 1) + rateCv2 * asked * asked),
  );
  const used = life.dated === undefined ? condemned : convolve(condemned, life.dated(day));
  return repairedShare === 0 ? used : convolve(used, poissonPmf(ratePerDay * repairedShare * turnaroundDays));
}
