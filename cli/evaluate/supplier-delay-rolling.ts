import {DAY_MS} from '../../domain/time.ts';
import type {DeliveredLine} from './supplier-delay-file.ts';
import {
  PRODUCT_METHOD,
  forecastDelays,
  scoreDelays,
  type DelayMethod,
  type DelayScore,
} from './supplier-delay-forecast.ts';

/** Days forecast from each origin, as in the usual split of such a history by its last year. */
const AHEAD_DAYS = 365;
const STEP_DAYS = 91;
const ORIGINS_MAX = 13;

/** What anybody has at hand: the whole record of one column. */
const PLAIN = {lookBackDays: Infinity, priorDeliveries: 20, seesOverdue: false};

export const METHODS = {
  ours: PRODUCT_METHOD,
  vendor: {...PLAIN, groups: ({vendor}) => [vendor]},
  route: {...PLAIN, groups: ({route}) => [route]},
} as const satisfies Record<string, DelayMethod>;

/** One year, forecast by each method from what had been delivered before it. */
export interface OriginScore {
  /** First day of the year, ISO. */
  readonly origin: string;
  /** Deliveries before it; how many of them are learnt from, the method says. */
  readonly before: number;
  readonly scores: Readonly<Record<keyof typeof METHODS, DelayScore>>;
}

/**
 * Forecasts the last year of a history from what came before, and so on from up to twelve origins a quarter earlier each, the
 * oldest with a year before it. A year without a late delivery, or with late ones alone, has no score.
 */
export function scoreRolling(history: readonly DeliveredLine[]): OriginScore[] {
  const days = history.map(({deliveredDay}) => deliveredDay);
  const first = days.reduce((least, day) => Math.min(least, day), Infinity);
  const last = days.reduce((most, day) => Math.max(most, day), -Infinity);
  const origins = Array.from({length: ORIGINS_MAX}, (_, i) => last + 1 - AHEAD_DAYS - i * STEP_DAYS)
    .filter((origin) => origin >= first + AHEAD_DAYS)
    .reverse();
  return origins.flatMap((origin) => {
    const before = history.filter(({deliveredDay}) => deliveredDay < origin);
    const ahead = history.filter(
      ({deliveredDay}) => deliveredDay >= origin && deliveredDay < origin + AHEAD_DAYS,
    );
    const of = (method: DelayMethod) => scoreDelays(forecastDelays(before, ahead, method));
    const [ours, vendor, route] = [of(METHODS.ours), of(METHODS.vendor), of(METHODS.route)];
    if (ours === undefined || vendor === undefined || route === undefined) return [];
    return [
      {
        origin: new Date(origin * DAY_MS).toISOString().slice(0, 10),
        before: before.length,
        scores: {ours, vendor, route},
      },
    ];
  });
}
