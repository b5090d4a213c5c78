import {groupBy} from '../../../domain/group-by.ts';
import type {InstalledPieces} from './demand-books.ts';
import type {DemandSeries} from './demand-series.ts';

/**
 * What the pieces installed at a depot let expect of a part, by the parts that do the same work: the demand of one installed piece of
 * their class, over all depots, times the pieces installed here. The part's own demand is left out: it speaks for itself.
 *
 *   prior = installed here · Σ pieces of the others / Σ months · installed of the others
 *
 * Example: two other parts of the class with 10 pieces installed each, 6 asked for in 30 months each → 12 / 600 = 0.02 a piece and
 * month; 40 of the new part installed → 0.8 a month.
 */
export function likePartPriors(
  series: readonly DemandSeries[],
  installed: readonly InstalledPieces[],
): (partId: string, depotId: string) => number | null {
  const demand = new Map<string, {pieces: number; pieceMonths: number}>();
  const byPlace = groupBy(installed, ({partId, depotId}) => place(partId, depotId));
  for (const {planned, months} of series) {
    const at = byPlace.get(place(planned.partId, planned.depotId)) ?? [];
    const fitted = at.reduce((sum, {pieces}) => sum + pieces, 0);
    const own = demand.get(planned.partId) ?? {pieces: 0, pieceMonths: 0};
    for (const {pieces, visible} of months) {
      own.pieces += pieces;
      own.pieceMonths += visible * fitted;
    }
    demand.set(planned.partId, own);
  }
  const partsOfClass = new Map(
    [...groupBy(installed, ({classId}) => classId)].map(([classId, rows]) => [
      classId,
      new Set(rows.map(({partId}) => partId)),
    ]),
  );
  return (partId, depotId) => {
    let prior: number | null = null;
    for (const {classId, pieces} of byPlace.get(place(partId, depotId)) ?? []) {
      let seen = 0;
      let pieceMonths = 0;
      for (const like of partsOfClass.get(classId)!) {
        if (like === partId) continue;
        seen += demand.get(like)?.pieces ?? 0;
        pieceMonths += demand.get(like)?.pieceMonths ?? 0;
      }
      if (pieceMonths > 0) prior = (prior ?? 0) + (pieces * seen) / pieceMonths;
    }
    return prior;
  };
}

function place(partId: string, depotId: string): string {
  return JSON.stringify([partId, depotId]);
}
