import {z} from 'zod';

const minor = z.int().min(0);
const hours = z.number().min(0);

/** Percent of the fee. */
const share = z.number().min(0).max(100);

/** What one late case costs, by how late it is: whole minor units of one currency, hours on the clause's clock. */
export const PenaltyFormula = z.object({
  /** Once, as soon as it is late. */
  perEventMinor: minor.default(0),
  /** What the shares are of: the fee that is paid for the service, as agreed. */
  feeMinor: minor.optional(),
  /** Of the fee, beside the sum of the event. */
  pctOfFee: share.optional(),
  /** Each hour, parts of an hour in proportion. */
  perHourMinor: minor.default(0),
  /** So many hours late cost nothing, then or later. */
  graceH: hours.default(0),
  /** Beyond `afterH` chargeable hours the rate is the tier's, and its sum and share of the fee are added once; in rising order. */
  tiers: z
    .array(
      z.strictObject({
        afterH: hours,
        perHourMinor: minor.default(0),
        perEventMinor: minor.default(0),
        pctOfFee: share.optional(),
      }),
    )
    .default([]),
  /** One case that is charged costs this at least; left out: no such bound. */
  floorMinor: minor.optional(),
  /** One case costs this at most, whatever the floor. */
  capMinor: minor.nullable().default(null),
});
export type PenaltyFormula = z.infer<typeof PenaltyFormula>;

/**
 * The penalty of one case, in whole minor units: the settlement's line, and what the decision expects of waiting.
 *
 *   h = max(0, late − grace);  p = min(cap, max(floor, event + Σ rate(segment) · hours(segment) + Σ sums of the tiers that h has passed))
 *
 * Example: 100.00 an hour, 200.00 an hour beyond 24 h, 30 h late → 24 · 100 + 6 · 200 = 3,600.00. 10 % of a fee of 5,000.00, and 15 % more
 * beyond 24 h, 25 h late → 1,250.00. 100.00 an hour, 250.00 at least, 1 h late → 250.00.
 */
export function penaltyMinor(formula: PenaltyFormula, lateH: number): number {
  const chargeable = lateH - formula.graceH;
  if (chargeable <= 0) return 0;
  const sum = Math.max(unboundedMinor(formula, chargeable), formula.floorMinor ?? 0);
  return Math.round(Math.min(sum, formula.capMinor ?? Infinity));
}

/** By the hours that are charged alone: neither floor nor cap. */
function unboundedMinor(formula: PenaltyFormula, chargeableH: number): number {
  let sum = eventMinor(formula, formula);
  let from = 0;
  let rate = formula.perHourMinor;
  for (const tier of formula.tiers) {
    if (chargeableH <= tier.afterH) break;
    sum += (tier.afterH - from) * rate + eventMinor(formula, tier);
    from = tier.afterH;
    rate = tier.perHourMinor;
  }
  return sum + (chargeableH - from) * rate;
}

/** What is charged once: a sum, and a share of the fee in whole minor units. */
function eventMinor(
  {feeMinor = 0}: PenaltyFormula,
  {perEventMinor, pctOfFee = 0}: Pick<PenaltyFormula, 'perEventMinor' | 'pctOfFee'>,
): number {
  return perEventMinor + Math.round((feeMinor * pctOfFee) / 100);
}

/**
 * What each further hour costs once so many are late already: penalty(late + h) − penalty(late), as a formula of h. Nothing, where a floor
 * was charged, until the hours have caught up with it.
 *
 * Example: 50.00 once and 100.00 an hour, 300.00 at most; 2 h late already → 100.00 an hour, 50.00 at most.
 */
export function formulaBeyond(formula: PenaltyFormula, lateH: number): PenaltyFormula {
  const {graceH, capMinor, floorMinor = 0} = formula;
  if (lateH <= graceH) return {...formula, graceH: graceH - Math.max(0, lateH)};
  const chargeable = lateH - graceH;
  const passed = formula.tiers.findLast(({afterH}) => afterH < chargeable);
  const left = formula.tiers.filter(({afterH}) => afterH >= chargeable);
  const further: PenaltyFormula = {
    perEventMinor: 0,
    perHourMinor: (passed ?? formula).perHourMinor,
    graceH: 0,
    tiers: left.map((tier) => ({...tier, afterH: tier.afterH - chargeable})),
    capMinor: capMinor === null ? null : capMinor - penaltyMinor(formula, lateH),
    ...(formula.feeMinor === undefined ? {} : {feeMinor: formula.feeMinor}),
  };
  const paidAhead = floorMinor - unboundedMinor(formula, chargeable);
  return paidAhead > 0 ? caughtUp(further, paidAhead) : further;
}

/** The formula from where it has come to what was paid ahead. Example: 100.00 an hour, 150.00 ahead → 100.00 an hour after 1.5 h. */
function caughtUp(formula: PenaltyFormula, aheadMinor: number): PenaltyFormula {
  let left = aheadMinor;
  let from = 0;
  let rate = formula.perHourMinor;
  for (const [i, tier] of formula.tiers.entries()) {
    const gained = (tier.afterH - from) * rate;
    if (gained >= left) break;
    left -= gained;
    from = tier.afterH;
    rate = tier.perHourMinor;
    const once = eventMinor(formula, tier);
    if (once >= left)
      return startingAt(formula, {from, rate, perEventMinor: Math.round(once - left), tiers: formula.tiers.slice(i + 1)}); // prettier-ignore
    left -= once;
  }
  if (rate === 0) return PenaltyFormula.parse({});
  const tiers = formula.tiers.filter(({afterH}) => afterH > from);
  return startingAt(formula, {from: from + left / rate, rate, perEventMinor: 0, tiers});
}

function startingAt(
  formula: PenaltyFormula,
  {
    from,
    rate,
    ...start
  }: {readonly from: number; readonly rate: number} & Pick<PenaltyFormula, 'perEventMinor' | 'tiers'>,
): PenaltyFormula {
  const tiers = start.tiers.map((tier) => ({...tier, afterH: tier.afterH - from}));
  return {...formula, ...start, tiers, perHourMinor: rate, graceH: from};
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
