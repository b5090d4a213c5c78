import {invariant} from '../../../domain/invariant.ts';

/** What the books say of a repairable part at a depot, in pieces. */
export interface RepairHistory {
  /** Given to customers from this shelf. */
  readonly used: number;
  /** Of what customers had, back on this shelf unserviceable. */
  readonly returned: number;
  /** Sent back serviceable by a workshop. */
  readonly repaired: number;
  /** Unserviceable pieces that left the shelf for good, by a count. */
  readonly condemned: number;
}

export const NO_REPAIRS: RepairHistory = {used: 0, returned: 0, repaired: 0, condemned: 0};

/** A place where broken pieces are made serviceable, as a plan sees it. */
export interface RepairLoop {
  /** Of the pieces used, those that come back and can be repaired, 0 to 1; the others are bought. */
  readonly repairedShare: number;
  /** From a broken piece on the shelf to a serviceable one. */
  readonly turnaroundDays: number;
}

/**
 * Share of the used pieces that the workshop gives back serviceable: the share that returns times the yield. One condemned piece is
 * counted that nobody has seen, so a part without a repair on record is planned as bought, and the first repairs are not believed fully.
 *
 *   share = min(1, returned / used) · repaired / (repaired + condemned + 1)
 *
 * Source: the yield is the posterior mean of a binomial share under a Beta(0, 1) prior (Gelman et al. 2013, Bayesian Data Analysis, ch. 2).
 * Example: 20 used, 15 returned, 8 repaired, 1 condemned → 0.75 · 0.8 = 0.6.
 */
export function repairedShare(history: RepairHistory): number {
  const {used, returned, repaired, condemned} = history;
  invariant(Math.min(used, returned, repaired, condemned) >= 0, 'pieces on record are not negative');
  return used === 0 ? 0 : Math.min(1, returned / used) * repairYield(history);
}

/** Of the broken pieces that lie here, the share that a workshop gives back: 8 repaired and 1 condemned → 8 / 10. */
export function repairYield({repaired, condemned}: RepairHistory): number {
  return repaired / (repaired + condemned + 1);
}

/** The histories of several shelves that one workshop serves. */
export function pooledHistory(histories: readonly RepairHistory[]): RepairHistory {
  return histories.reduce(
    (sum, one) => ({
      used: sum.used + one.used,
      returned: sum.returned + one.returned,
      repaired: sum.repaired + one.repaired,
      condemned: sum.condemned + one.condemned,
    }),
    NO_REPAIRS,
  );
}

/**
 * Mean days until a used piece is replaced at a centre: repaired pieces by turnaround and the way back, condemned ones by the supplier.
 *
 *   T = share · (turnaround + way back) + (1 − share) · lead time
 *
 * The pieces under way are Poisson with mean rate · T whatever the mix (Palm's theorem), so a repair loop changes this time alone.
 *
 * Source: Sherbrooke (1968), METRIC, Operations Research 16(1); Muckstadt (2005), Analysis and Algorithms for Service Parts Supply
 * Chains, ch. 3. Example: 60 % repaired in 10 days and 2 days on the way back, else bought in 60 → 0.6 · 12 + 0.4 · 60 = 31.2.
 */
export function resupplyDays(
  {repairedShare: share, turnaroundDays}: RepairLoop,
  {wayBackDays, leadTimeDays}: {readonly wayBackDays: number; readonly leadTimeDays: number},
): number {
  return share * (turnaroundDays + wayBackDays) + (1 - share) * leadTimeDays;
}
