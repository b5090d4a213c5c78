import {z} from 'zod';

const minor = z.int().min(0);
const hours = z.number().min(0);

/** What one late case costs, by how late it is: whole minor units of one currency, hours on the clause's clock. */
export const PenaltyFormula = z.object({
  /** Once, as soon as it is late. */
  perEventMinor: minor.default(0),
  /** Each hour, parts of an hour in proportion. */
  perHourMinor: minor.default(0),
  /** So many hours late cost nothing, then or later. */
  graceH: hours.default(0),
  /** Beyond `afterH` chargeable hours the rate is the tier's, and its sum is added once; in rising order. */
  tiers: z
    .array(z.strictObject({afterH: hours, perHourMinor: minor.default(0), perEventMinor: minor.default(0)}))
    .default([]),
  /** One case costs this at most. */
  capMinor: minor.nullable().default(null),
});
export type PenaltyFormula = z.infer<typeof PenaltyFormula>;

/**
 * The penalty of one case, in whole minor units: the settlement's line, and what the decision expects of waiting.
 *
 *   h = max(0, late − grace);  p = min(cap, event + Σ rate(segment) · hours(segment) + Σ sums of the tiers that h has passed)
 *
 * Example: 100.00 an hour, 200.00 an hour beyond 24 h, 30 h late → 24 · 100 + 6 · 200 = 3,600.00.
 */
export function penaltyMinor(formula: PenaltyFormula, lateH: number): number {
  const chargeable = lateH - formula.graceH;
  if (chargeable <= 0) return 0;
  let sum = formula.perEventMinor;
  let from = 0;
  let rate = formula.perHourMinor;
  for (const tier of formula.tiers) {
    if (chargeable <= tier.afterH) break;
    sum += (tier.afterH - from) * rate + tier.perEventMinor;
    from = tier.afterH;
    rate = tier.perHourMinor;
  }
  sum += (chargeable - from) * rate;
  return Math.round(Math.min(sum, formula.capMinor ?? Infinity));
}

/**
 * What each further hour costs once so many are late already: penalty(late + h) − penalty(late), as a formula of h.
 *
 * Example: 50.00 once and 100.00 an hour, 300.00 at most; 2 h late already → 100.00 an hour, 50.00 at most.
 */
export function formulaBeyond(formula: PenaltyFormula, lateH: number): PenaltyFormula {
  const {graceH, capMinor} = formula;
  if (lateH <= graceH) return {...formula, graceH: graceH - Math.max(0, lateH)};
  const chargeable = lateH - graceH;
  const passed = formula.tiers.findLast(({afterH}) => afterH < chargeable);
  const left = formula.tiers.filter(({afterH}) => afterH >= chargeable);
  return {
    perEventMinor: 0,
    perHourMinor: (passed ?? formula).perHourMinor,
    graceH: 0,
    tiers: left.map((tier) => ({...tier, afterH: tier.afterH - chargeable})),
    capMinor: capMinor === null ? null : capMinor - penaltyMinor(formula, lateH),
  };
}

/** How long something may still take, with its probability. */
export interface WaitPoint {
  readonly hours: number;
  readonly weight: number;
}

/**
 * What an hour of waiting is expected to cost in penalty: the coefficient of the decision.
 *
 *   (E p(late at the end of the wait) − p(late now)) / E wait
 *
 * A case whose cap is reached costs nothing more; one that is about to be late costs its event sum within the wait.
 *
 * @param clockedH  Hours that the clause's clock has run already.
 * @param limitH  Hours that the clause allows.
 * @param clockShare  Share of the coming hours in which the clock runs.
 * Example: 100.00 an hour after 8 h, nothing clocked, a wait of 24 h → 16 · 100 / 24 = 66.67 an hour.
 */
export function marginalPenaltyMinorPerH(
  formula: PenaltyFormula,
  {
    clockedH,
    limitH,
    clockShare,
    wait,
  }: {
    readonly clockedH: number;
    readonly limitH: number;
    readonly clockShare: number;
    readonly wait: readonly WaitPoint[];
  },
): number {
  const now = penaltyMinor(formula, clockedH - limitH);
  let expected = 0;
  let hours = 0;
  for (const point of wait) {
    expected += point.weight * (penaltyMinor(formula, clockedH + clockShare * point.hours - limitH) - now);
    hours += point.weight * point.hours;
  }
  return hours > 0 ? expected / hours : 0;
}

/**
 * Penalties of one window under its cap, in the order given: each has what the ones before have left.
 *
 * Example: 300, 500 and 400 under a cap of 900 → 300, 500, 100.
 */
export function underWindowCap(amounts: readonly number[], capMinor: number | null): number[] {
  let left = capMinor ?? Infinity;
  return amounts.map((amount) => {
    const due = Math.min(amount, left);
    left -= due;
    return due;
  });
}
