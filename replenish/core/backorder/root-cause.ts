/** Why a need found no piece on the shelf; the order breaks ties. */
export const BACKORDER_CAUSES = [
  /** A supplier missed its promise, or put it off. */
  'supplier-late',
  /** A piece of our own was refused, called off or stuck on its way between two depots. */
  'transfer-blocked',
  /** Lead time, maximum, source or count in the books was wrong. */
  'parameter-error',
  /** The forecast had been too low for a long time. */
  'forecast-error',
  /** Demand rose above what the shelf was planned for, and had not before. */
  'demand-spike',
  /** A monitored component failed that its model had called healthy. */
  'prediction-missed',
  /** The part is not made any more. */
  'end-of-life',
  /** No evidence of any other: so often the shelf was planned to be empty. */
  'planned-risk',
] as const;
export type BackorderCause = (typeof BACKORDER_CAUSES)[number];

/** What was recorded, and how many of the missing pieces it would have brought had it gone right. */
export interface Evidence {
  readonly cause: BackorderCause;
  readonly pieces: number;
  /** Where it is recorded. */
  readonly kind: 'order' | 'decision' | 'movement' | 'component' | 'part' | 'demand';
  readonly ref: string;
  readonly detail: Readonly<Record<string, number | string | boolean | null>>;
}

export interface CauseShare {
  readonly cause: BackorderCause;
  /** Whole per cent; those of one backorder sum to 100. */
  readonly percent: number;
  readonly evidence: readonly Evidence[];
}

/**
 * Shares the blame for a backorder among its causes, by the pieces that each would have brought; none counts for more pieces than are
 * missing. Without evidence it was the planned risk.
 *
 * Example: 2 missing; a late order of 3 and one piece of demand above plan → supplier-late 67 %, demand-spike 33 %.
 *
 * @returns the largest share first.
 */
export function rootCauses(missing: number, evidence: readonly Evidence[]): CauseShare[] {
  const weighed = BACKORDER_CAUSES.map((cause) => {
    const own = evidence.filter((one) => one.cause === cause && one.pieces > 0);
    const pieces = own.reduce((sum, one) => sum + one.pieces, 0);
    return {cause, evidence: own, weight: Math.min(missing, pieces)};
  }).filter(({weight}) => weight > 0);
  if (weighed.length === 0) return [{cause: 'planned-risk', percent: 100, evidence: []}];
  const percents = percentages(weighed.map(({weight}) => weight));
  return weighed
    .map(({cause, evidence: own}, i) => ({cause, percent: percents[i]!, evidence: own}))
    .sort((a, b) => b.percent - a.percent);
}

/**
 * Whole per cents that sum to exactly 100: each weight's share rounded down, and what is left to the largest remainders, the first of
 * equals first (Hamilton's method).
 *
 * Example: 1, 1, 1 → 34, 33, 33.
 */
export function percentages(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (100 * weight) / total);
  const whole = exact.map(Math.floor);
  const left = 100 - whole.reduce((sum, percent) => sum + percent, 0);
  const byRemainder = exact
    .map((share, i) => ({i, rest: share - whole[i]!}))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const {i} of byRemainder.slice(0, left)) whole[i]! += 1;
  return whole;
}
