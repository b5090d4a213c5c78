import {cutHistory, type RunHistory} from '../../../predict/core/remaining-life/run-history.ts';
import type {LifeErrors} from '../../../predict/core/remaining-life/life-law.ts';
import {remainingLifeScore} from '../../../predict/core/remaining-life-metrics.ts';
import type {Backend} from '../../../predict/adapters/backend.ts';
import {drawCut, joined} from '../../../predict/training/remaining-life/life-rows.ts';
import {
  predictRemainingLife,
  type LifeForecast,
} from '../../../predict/training/remaining-life/predict-remaining-life.ts';
import type {RemainingLifeModel} from '../../../predict/training/remaining-life/train-remaining-life.ts';

/** A history that stops before the failure, and how many cycles it had left (not capped). */
export interface Asked {
  readonly history: RunHistory;
  readonly left: number | undefined;
}

export interface Answered extends Asked {
  readonly forecast: LifeForecast;
}

/** In cycles, against answers capped as the forecasts are. */
export interface LifeScore {
  readonly forecasts: number;
  readonly rmse: number;
  readonly phmScore: number;
  /** Share of the answers within the 90 % interval, and how wide that is in the mean. */
  readonly coverage: number;
  readonly meanWidth: number;
}

export async function answerAll(
  backend: Backend,
  model: RemainingLifeModel,
  asked: readonly Asked[],
): Promise<Answered[]> {
  const forecasts = await predictRemainingLife(backend, model, asked.map(({history}) => history)); // prettier-ignore
  return asked.map((each, i) => ({...each, forecast: forecasts[i]!}));
}

/** The same questions of units whose first cycles nobody recorded. */
export function withoutBeginning(asked: readonly Asked[], random: () => number): Asked[] {
  return asked.map(({history, left}) => ({history: joined(history, random), left}));
}

/** A unit that has failed, cut as the published test sets are: a random number of cycles before its end. */
export function cutAtRandom(history: RunHistory, random: () => number): Asked {
  const rows = drawCut(history, random);
  return {history: cutHistory(history, rows), left: history.signals.length - rows};
}

/** undefined where no answer is known. */
export function scoreLives(answered: readonly Answered[], cap: number): LifeScore | undefined {
  const known = answered.flatMap(({left, forecast}) =>
    left === undefined ? [] : [{truth: Math.min(cap, left), forecast}],
  );
  if (known.length === 0) return undefined;
  const {rmse, phmScore} = remainingLifeScore(
    known.map(({truth}) => truth),
    known.map(({forecast}) => forecast.predicted),
  );
  const mean = (of: (each: (typeof known)[number]) => number): number =>
    known.reduce((sum, each) => sum + of(each), 0) / known.length;
  return {
    forecasts: known.length,
    rmse,
    phmScore,
    coverage: mean(({truth, forecast}) => Number(truth >= forecast.lower && truth <= forecast.upper)),
    meanWidth: mean(({forecast}) => forecast.upper - forecast.lower),
  };
}

/** RMSE of what training itself held back: each engine at random cycles, by the two members of the ensemble that it did not teach. */
export function heldBackRmse({predicted, error}: LifeErrors, cap: number): number {
  const truth = predicted.map((life, i) => Math.min(cap, life + error[i]!));
  return remainingLifeScore(truth, predicted).rmse;
}
