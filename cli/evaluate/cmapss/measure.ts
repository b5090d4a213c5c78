import {cutHistory, type RunHistory} from '../../../predict/core/remaining-life/run-history.ts';
import type {LifeErrors} from '../../../predict/core/remaining-life/life-law.ts';
import {remainingLifeScore} from '../../../predict/core/remaining-life-metrics.ts';
import type {Backend} from '../../../predict/adapters/backend.ts';
import {joined} from '../../../predict/training/remaining-life/life-rows.ts';
import {
  predictRemainingLife,
  type LifeForecast,
} from '../../../predict/training/remaining-life/predict-remaining-life.ts';
import type {RemainingLifeModel} from '../../../predict/training/remaining-life/train-remaining-life.ts';
import {drawLeft, type CutLaw} from './published-cuts.ts';

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

/** A unit that has failed, cut as those of a published test set. */
export function cutByLaw(history: RunHistory, law: CutLaw, random: () => number): Asked {
  const left = drawLeft(law, history.signals.length, random);
  return {history: cutHistory(history, history.signals.length - left), left};
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
  return {
    forecasts: known.length,
    rmse,
    phmScore,
    coverage: mean(
      known.map(({truth, forecast}) => Number(truth >= forecast.lower && truth <= forecast.upper)),
    ),
    meanWidth: mean(known.map(({forecast}) => forecast.upper - forecast.lower)),
  };
}

/** What each of several sets of cuts of the same units scored, in the mean. */
export interface DrawnScore extends LifeScore {
  readonly draws: number;
  /** Standard errors of the RMSE, in cycles: of the mean over the draws, and of the choice of units, which more draws do not shrink. */
  readonly drawError: number;
  readonly unitError: number;
}

/**
 * Scores draw by draw; each holds every unit once, in the same order.
 *
 * The error by units: the squared errors of a unit are averaged over the draws, and s of n units is the deviation of these means;
 * that of their root is s / √n / (2 · RMSE).
 * Example: two draws with RMSE 9 and 11 → 10 ± 1.
 */
export function scoreDraws(draws: readonly (readonly Answered[])[], cap: number): DrawnScore {
  const scores = draws.flatMap((answered) => scoreLives(answered, cap) ?? []);
  const of = (field: keyof LifeScore): number => mean(scores.map((score) => score[field]));
  const squares = (draws[0] ?? []).map((_, unit) =>
    mean(draws.map((answered) => squaredError(answered[unit]!, cap))),
  );
  const rmse = of('rmse');
  return {
    draws: scores.length,
    forecasts: of('forecasts'),
    rmse,
    phmScore: of('phmScore'),
    coverage: of('coverage'),
    meanWidth: of('meanWidth'),
    drawError: standardError(scores.map((score) => score.rmse)),
    unitError: rmse > 0 ? standardError(squares) / (2 * rmse) : 0,
  };
}

function squaredError({left, forecast}: Answered, cap: number): number {
  return (forecast.predicted - Math.min(cap, left ?? NaN)) ** 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the mean of values drawn independently; 0 of a single one, which cannot tell. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** RMSE of what training itself held back: each engine at random cycles, by the two members that it did not teach, scaled to the mean of all. */
export function heldBackRmse({predicted, error}: LifeErrors, cap: number): number {
  const truth = predicted.map((life, i) => Math.min(cap, life + error[i]!));
  return remainingLifeScore(truth, predicted).rmse;
}
