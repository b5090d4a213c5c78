import {rocAuc} from '../../predict/core/alert-metrics.ts';
import {
  DelayScorecard,
  LOOK_BACK_DAYS,
  PRIOR_DELIVERIES,
  atLeast,
  delayQuantile,
  lateProbability,
  type DelayLaw,
  type DelayRecord,
} from '../../replenish/core/lead-time/delay-law.ts';
import {pinballLoss} from '../../replenish/core/forecast/pinball.ts';
import {isDelivered, type DeliveredLine, type DeliveryLine} from './supplier-delay-file.ts';

export const LEVELS = [0.5, 0.9, 0.95];

export interface DelayForecast {
  readonly line: DeliveryLine;
  /** P(delivered after the scheduled day). */
  readonly late: number;
  /** Days after the scheduled one, negative before it, at each of `LEVELS`. */
  readonly quantiles: readonly number[];
}

/** How the scorecard of the product is asked. */
export interface DelayMethod {
  /** From the widest to the narrowest. */
  readonly groups: (line: DeliveryLine) => readonly string[];
  /** Before the last delivery; older ones are left out. */
  readonly lookBackDays: number;
  readonly priorDeliveries: number;
  /** Whether a line that is due and not here is known to be late, and taken for a sign about others. */
  readonly seesOverdue: boolean;
}

/** As lead times are learnt every night; there the groups are the source, its lane and the part. */
export const PRODUCT_METHOD: DelayMethod = {
  groups: ({route, vendor, country, programme}) => [
    route,
    vendor,
    `${vendor} · ${country}`,
    ...(programme === undefined ? [] : [`${vendor} · ${programme}`]),
  ],
  lookBackDays: LOOK_BACK_DAYS,
  priorDeliveries: PRIOR_DELIVERIES,
  seesOverdue: true,
};

/**
 * Forecasts lines as on the day of the last delivery learnt from. What was due before it and is not among them is open: at least so
 * late itself, and as such one more record of its groups, as an order still open is when lead times are learnt.
 */
export function forecastDelays(
  learnt: readonly DeliveredLine[],
  lines: readonly DeliveryLine[],
  {groups, lookBackDays, priorDeliveries, seesOverdue}: DelayMethod = PRODUCT_METHOD,
): DelayForecast[] {
  const today = learnt.reduce((last, {deliveredDay}) => Math.max(last, deliveredDay), -Infinity);
  const recent = learnt.filter(({deliveredDay}) => deliveredDay > today - lookBackDays);
  const overdue = seesOverdue ? lines.filter(({scheduledDay}) => scheduledDay < today) : [];
  const record = (line: DeliveryLine, day: number, open: boolean): DelayRecord => ({
    groups: groups(line),
    days: day - line.scheduledDay,
    open,
  });
  const scorecard = new DelayScorecard(
    [
      ...recent.map((line) => record(line, line.deliveredDay, false)),
      ...overdue.map((line) => record(line, today, true)),
    ],
    priorDeliveries,
  );
  const laws = new Map<string, DelayLaw>();
  return lines.map((line) => {
    const of = groups(line);
    const key = JSON.stringify(of);
    const known = laws.get(key) ?? scorecard.law(of);
    laws.set(key, known);
    const law = seesOverdue ? atLeast(known, today - line.scheduledDay) : known;
    return {line, late: lateProbability(law), quantiles: LEVELS.map((level) => delayQuantile(law, level))};
  });
}

export interface DelayScore {
  readonly delivered: number;
  readonly lateShare: number;
  /** Chance that a late line was ranked above one that was not. */
  readonly roc: number;
  readonly quantiles: readonly {
    readonly level: number;
    /** Mean pinball loss, days. */
    readonly loss: number;
    readonly coverage: number;
  }[];
}

/** Of the lines whose delivery is known; undefined where none or all of them are late. */
export function scoreDelays(forecasts: readonly DelayForecast[]): DelayScore | undefined {
  const known = forecasts.flatMap(({line, ...forecast}) =>
    isDelivered(line) ? [{...forecast, days: line.deliveredDay - line.scheduledDay}] : [],
  );
  const late = known.filter(({days}) => days > 0).length;
  if (late === 0 || late === known.length) return undefined;
  return {
    delivered: known.length,
    lateShare: late / known.length,
    roc: rocAuc(known.map((one) => ({probability: one.late, failed: one.days > 0, weight: 1}))),
    quantiles: LEVELS.map((level, i) => ({
      level,
      loss:
        known.reduce((sum, {days, quantiles}) => sum + pinballLoss(days, quantiles[i]!, level), 0) /
        known.length,
      coverage: known.filter(({days, quantiles}) => days <= quantiles[i]!).length / known.length,
    })),
  };
}
