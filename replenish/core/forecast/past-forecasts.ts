import {invariant} from '../../../domain/invariant.ts';
import {demandMoments} from './demand-moments.ts';

/** A forecast that could have been made: what was known then, and what came. */
export interface PastForecast {
  readonly history: readonly number[];
  /** Total demand of the periods that followed, by the horizon at the same place. */
  readonly totals: readonly number[];
  /** Pieces a period of the history; 0 when nothing had been asked for. */
  readonly mean: number;
  /** Standard deviation of a period of the history, in pieces: the scale on which items are compared. */
  readonly deviation: number;
}

/** Periods from one origin to the one before it. */
const ORIGIN_STEP = 3;
const ORIGINS_MAX = 8;

/**
 * The forecasts that could have been made within histories of equal length, from the latest origin that saw all horizons
 * backwards; each knew at least half of the periods. At most `casesMax`, evenly thinned.
 *
 * Example: 12 periods with horizons up to 6 → one origin, after 6 periods.
 */
export function pastForecasts(
  histories: readonly (readonly number[])[],
  horizons: readonly number[],
  casesMax: number,
): readonly PastForecast[] {
  const length = histories[0]?.length ?? 0;
  invariant(
    histories.every((each) => each.length === length),
    'histories of a population are equally long',
  );
  const origins: number[] = [];
  for (let at = length - Math.max(...horizons); at >= length / 2; at -= ORIGIN_STEP) origins.push(at);
  const used = origins.slice(0, ORIGINS_MAX);
  const stride = Math.max(1, (histories.length * used.length) / casesMax);
  const cases: PastForecast[] = [];
  for (let place = 0; place < histories.length * used.length; place += stride) {
    const whole = Math.floor(place);
    const origin = used[Math.floor(whole / histories.length)]!;
    cases.push(pastForecast(histories[whole % histories.length]!, origin, horizons));
  }
  return cases;
}

/** The forecast of one history at one origin. */
export function pastForecast(
  history: readonly number[],
  origin: number,
  horizons: readonly number[],
): PastForecast {
  const known = history.slice(0, origin);
  const {mean, variance} = demandMoments(known, 1);
  return {
    history: known,
    totals: horizons.map((periods) => total(history.slice(origin, origin + periods))),
    mean,
    deviation: Math.sqrt(Math.max(mean, variance)),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
