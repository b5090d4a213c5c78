import {PPM, type Ppm} from '../../domain/quantity.ts';
import {HOUR_MS} from '../../domain/time.ts';
import type {GateCheck} from './gate-check.ts';
import type {GateLimits} from './gate-limits.ts';
import {brierSkill, judge, type Metrics} from './metrics.ts';

/** What two models said of one component at one instant, and what became of it. */
export interface PairedForecast {
  readonly componentId: string;
  readonly asOf: number;
  readonly horizonsH: readonly number[];
  readonly challengerPpm: readonly Ppm[];
  readonly championPpm: readonly Ppm[];
  /** Infinity while it is installed. */
  readonly removedAt: number;
  readonly failed: boolean;
}

/** What came of the forecasts at one horizon, on the very same rows. */
export interface LiveHorizon {
  readonly horizonH: number;
  readonly rows: number;
  /** Components that failed inside the horizon of a forecast, each counted once. */
  readonly failures: number;
  readonly challenger: Metrics | null;
  readonly champion: Metrics | null;
  /** Share of the champion's squared error that the challenger removes. */
  readonly brierSkill: number | null;
  readonly enough: boolean;
}

/**
 * Judges two models on forecasts whose horizon is over. A component replaced before it failed says nothing of the horizons that
 * reach beyond its removal: those rows are left out, for both.
 */
export function judgeLive(
  pairs: readonly PairedForecast[],
  now: number,
  {rowsMin, failuresMin}: GateLimits['live'],
): readonly LiveHorizon[] {
  const horizons = [...new Set(pairs.flatMap(({horizonsH}) => horizonsH))].sort((a, b) => a - b);
  return horizons.map((horizonH) => {
    const resolved = pairs.filter((pair) => isResolved(pair, horizonH, now));
    const failures = new Set(
      resolved
        .filter((pair) => failedWithin(pair, horizonH))
        .map(({componentId, removedAt}) => `${componentId}|${removedAt}`),
    ).size;
    const of = (ppm: (pair: PairedForecast) => readonly Ppm[]): Metrics | null =>
      resolved.length === 0
        ? null
        : judge(
            resolved.map((pair) => ({
              probability: ppm(pair)[pair.horizonsH.indexOf(horizonH)]! / PPM,
              failed: failedWithin(pair, horizonH),
              weight: 1,
            })),
          );
    const [challenger, champion] = [of((pair) => pair.challengerPpm), of((pair) => pair.championPpm)];
    return {
      horizonH,
      rows: resolved.length,
      failures,
      challenger,
      champion,
      brierSkill:
        challenger === null || champion === null || champion.brier === 0
          ? null
          : brierSkill(challenger, champion),
      enough: resolved.length >= rowsMin && failures >= failuresMin,
    };
  });
}

function failedWithin({failed, removedAt, asOf}: PairedForecast, horizonH: number): boolean {
  return failed && removedAt <= asOf + horizonH * HOUR_MS;
}

function isResolved(pair: PairedForecast, horizonH: number, now: number): boolean {
  const until = pair.asOf + horizonH * HOUR_MS;
  return pair.horizonsH.includes(horizonH) && until <= now && (pair.removedAt > until || pair.failed);
}

/** The challenger must not be worse than the champion at any horizon that has enough to tell. */
export function liveChecks(
  horizons: readonly LiveHorizon[],
  {calibrationErrorMax}: GateLimits,
): readonly GateCheck[] {
  return horizons.flatMap(({horizonH, challenger, champion, enough}) => {
    if (!enough || challenger === null || champion === null) return [];
    const limit = Math.max(calibrationErrorMax, champion.calibrationError);
    return [
      {
        claim: `live Brier score at ${horizonH} h is not above the champion's ${figure(champion.brier)}`,
        value: challenger.brier,
        passed: challenger.brier <= champion.brier,
      },
      {
        claim: `live log loss at ${horizonH} h is not above the champion's ${figure(champion.logLoss)}`,
        value: challenger.logLoss,
        passed: challenger.logLoss <= champion.logLoss,
      },
      {
        claim: `live calibration error at ${horizonH} h is at most ${figure(limit)}`,
        value: challenger.calibrationError,
        passed: challenger.calibrationError <= limit,
      },
    ];
  });
}

/** Three significant digits, as a card prints them. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
