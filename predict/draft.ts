import {HORIZONS_H} from '../domain/forecast.ts';
import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {ModelVersionId} from '../domain/ids.ts';
import type {FeatureWindow} from './core/feature-window.ts';
import type {Rung} from './core/ladder.ts';
import type {Explaining, Score, Scorer} from './core/score.ts';
import {ageCurve, tailHazardPpbPerH} from './core/survival-curve.ts';
import type {Point} from './due-points.ts';
import type {CurrentForecast, ForecastRow, Installation, Revisions} from './ports.ts';

/** A forecast before its probabilities are known: everything that identifies it and goes into it. */
export interface Draft {
  readonly row: Omit<ForecastRow, 'cumulativePpm' | 'completenessPct' | 'topSignals' | 'range'>;
  readonly window: FeatureWindow;
  readonly installed: Installation;
  readonly rung: Rung;
}

export interface DraftFacts {
  readonly point: Point;
  readonly window: FeatureWindow;
  readonly windowMs: number;
  readonly issuedAt: ForecastRow['issuedAt'];
  readonly logSeqThrough: number;
  readonly digest: (text: string) => number;
  readonly backend: string;
  readonly shadow: boolean;
}

export function usesModel(rung: Rung): boolean {
  return rung.method === 'model' || rung.method === 'pooled';
}

/** Was anything heard inside the window, or in the last stretch of it? Without it a grid point has no forecast (core/grid.ts). */
export function heardInside({buckets, gridMs}: FeatureWindow, lastMs = Infinity): boolean {
  const intervals = Math.ceil(lastMs / gridMs);
  return [...buckets.values()].some((series) =>
    series.slice(Math.max(0, series.length - intervals)).some((bucket) => bucket !== null),
  );
}

/** One draft per component that was installed at the point and that some rung of the ladder can forecast. */
export function draftsOf(
  facts: DraftFacts,
  installations: readonly Installation[],
  rungOf: (installed: Installation) => Rung | undefined,
): Draft[] {
  const {point, window, windowMs, issuedAt, logSeqThrough, digest, backend, shadow} = facts;
  const content = digest(JSON.stringify([[...window.buckets], window.events, window.attributes]));
  return installations.flatMap((installed): Draft[] => {
    if (installed.installedAt > point.asOf || installed.removedAt <= point.asOf) return [];
    const rung = rungOf(installed);
    if (rung === undefined) return [];
    const ageH = (point.asOf - installed.installedAt) / HOUR_MS;
    const row = {
      componentId: installed.componentId,
      asOf: point.asOf,
      modelVersionId: rung.modelVersionId,
      revision: 0,
      equipmentNo: point.equipmentNo,
      positionId: installed.positionId,
      issuedAt,
      cause: point.cause,
      method: rung.method,
      horizonsH: HORIZONS_H,
      tailHazardPpbPerH: tailHazardPpbPerH(rung.law, ageH),
      windowFrom: epochMs(point.asOf - windowMs),
      logSeqThrough,
      inputDigest: digest(`${content}|${String(ageH)}`),
      backend: usesModel(rung) ? backend : 'formula',
      shadow,
    };
    return [{row, window, installed, rung}];
  });
}

/**
 * Leaves out what repeats the newest revision, before anything is scored; numbers the rest. What a model said before, as a shadow or an
 * earlier champion, it says again where another one's word stands.
 */
export function newRevisions(
  drafts: readonly Draft[],
  known: Revisions,
  standing: ReadonlyMap<string, CurrentForecast>,
): Draft[] {
  return drafts.flatMap((draft) => {
    const {componentId, asOf, modelVersionId, inputDigest, shadow} = draft.row;
    const last = known.get(`${componentId}|${asOf}|${modelVersionId}`);
    if (last === undefined) return [draft];
    const stands = standing.get(componentId);
    const takesOver = !shadow && stands?.asOf === asOf && stands.modelVersionId !== modelVersionId;
    return last.inputDigest === inputDigest && !takesOver
      ? []
      : [{...draft, row: {...draft.row, revision: last.revision + 1}}];
  });
}

/** Gives every draft its probabilities: by its model, asked once for all its drafts, or by the age law. */
export async function scoreDrafts(
  scorer: Scorer,
  drafts: readonly Draft[],
  explaining: Explaining,
): Promise<ForecastRow[]> {
  const byModel = new Map<ModelVersionId, number[]>();
  drafts.forEach(({rung}, i) => {
    if (usesModel(rung)) byModel.set(rung.modelVersionId, [...(byModel.get(rung.modelVersionId) ?? []), i]);
  });
  const scores = new Map<number, Score>();
  for (const [model, indexes] of byModel) {
    const requests = indexes.map((i) => {
      const {window, installed} = drafts[i]!;
      return {window, component: {...installed, ageH: ageH(drafts[i]!)}};
    });
    const answers = await scorer.score(model, requests, explaining);
    indexes.forEach((i, k) => scores.set(i, answers[k]!));
  }
  return drafts.map((draft, i) => ({...draft.row, ...(scores.get(i) ?? byAge(draft))}));
}

function ageH({row, installed}: Draft): number {
  return (row.asOf - installed.installedAt) / HOUR_MS;
}

function byAge(draft: Draft): Score {
  return {
    cumulativePpm: ageCurve(draft.rung.law, ageH(draft)).cumulativePpm,
    completenessPct: completenessPct(draft.window),
    topSignals: [],
  };
}

/** Share of the window's signal intervals that were heard. */
function completenessPct(window: FeatureWindow): number {
  let heard = 0;
  let expected = 0;
  for (const series of window.buckets.values()) {
    expected += series.length;
    heard += series.filter((bucket) => bucket !== null).length;
  }
  return expected === 0 ? 0 : Math.round((100 * heard) / expected);
}
