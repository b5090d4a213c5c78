/**
 * What the items of one population (a depot's parts, a data set) have in common. A single item has seen too few demands to
 * know its own spread, its drift or how far its quantiles can be trusted; the population lends it that.
 */
export interface DemandPopulation {
  /** A period counts this many times the one after it in the recent view of an item. */
  readonly recentDiscount: number;
  /** Probability that the recent view holds, rather than that of the whole history. */
  readonly recentWeight: number;
  /** Usual variance over mean of a period's demand, at a mean of m pieces: exp(intercept + slope · ln m), at least 1. */
  readonly usualSpread: {readonly intercept: number; readonly slope: number};
  /** The usual spread weighs as much as this many periods with demand of the item itself. */
  readonly spreadDemands: number;
  /** Squared coefficient of variation of the level from the history to the periods ahead: what no sample size removes. */
  readonly levelDrift: number;
  /** Demand of one period of an item that has never had any; the variance is in pieces². */
  readonly silent: {readonly mean: number; readonly variance: number};
  /** None where the past could not teach it. */
  readonly calibration: readonly Calibration[];
}

/** How stated probabilities stand to what came, for items about as busy as each other and forecasts about as long. */
export interface Calibration {
  readonly periods: number;
  /** Items with at most this many periods with demand in their history, and more than the class before. */
  readonly demandsMax: number;
  /** Ascending in both: a stated probability of `level` was met by the uncalibrated one of `raw`. */
  readonly knots: readonly CalibrationKnot[];
}

export interface CalibrationKnot {
  readonly raw: number;
  readonly level: number;
}
