import {
  calibratedHazards,
  fitHazardCalibration,
  type HazardCalibration,
  type HazardEvidence,
} from '../core/calibration.ts';
import {fitIsotonic, isotonicAt, type IsotonicCurve} from '../core/isotonic.ts';

/** Held-out evidence about one interval, with the machine that it is of. */
export interface MachineEvidence extends HazardEvidence {
  readonly machine: number;
}

const PARTS = 5;

/**
 * Platt scaling; with an isotonic curve on top of it where that answers machines better that neither was fitted to, by more than
 * the standard error of the difference over machines. With few failures the curve follows chance and loses.
 */
export function chooseCalibration(rows: readonly MachineEvidence[]): HazardCalibration {
  const better = new Map<number, number>(); // of each machine, how much less the curve costs
  for (let part = 0; part < PARTS; part += 1) {
    const platt = fitHazardCalibration(rows.filter(({machine}) => machine % PARTS !== part));
    const curved = withCurve(
      rows.filter(({machine}) => machine % PARTS !== part),
      platt,
    );
    for (const row of rows.filter(({machine}) => machine % PARTS === part)) {
      const gain = lossOf(row, platt) - lossOf(row, curved);
      better.set(row.machine, (better.get(row.machine) ?? 0) + gain);
    }
  }
  const gains = [...better.values()];
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  const mean = total / gains.length;
  const standardError = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0));
  const platt = fitHazardCalibration(rows);
  return total > standardError ? withCurve(rows, platt) : platt;
}

function withCurve(rows: readonly HazardEvidence[], platt: HazardCalibration): HazardCalibration {
  if (!rows.some(({failed}) => failed)) return platt;
  return {...platt, curve: centredIsotonic(rows, platt)};
}

/**
 * Each block of the isotonic fit as one point in its middle, straight lines between them, from 0 to 1: it rises everywhere, so it
 * makes no ties of what was ranked. Half a failure more in each block keeps it from 0 and 1.
 *
 * Source: Oron & Flournoy (2017), Centered isotonic regression.
 */
function centredIsotonic(rows: readonly HazardEvidence[], platt: HazardCalibration): IsotonicCurve {
  const judged = rows.map(({logit, failed, exposure, weight = 1}) => ({
    probability: calibratedHazards([logit], [platt])[0]!,
    failed,
    weight: weight * exposure,
  }));
  const curve = fitIsotonic(judged);
  const blocks = new Map<number, {at: number; failed: number; weight: number}>();
  for (const {probability, failed, weight} of judged) {
    const height = isotonicAt(curve, probability);
    const block = blocks.get(height) ?? {at: 0, failed: 0.5, weight: 0};
    block.at += weight * probability;
    block.failed += failed ? weight : 0;
    block.weight += weight;
    blocks.set(height, block);
  }
  const points = [...blocks.values()]
    .filter(({weight}) => weight > 0)
    .map(({at, failed, weight}) => ({x: at / weight, y: failed / (weight + 1)}))
    .sort((a, b) => a.x - b.x);
  const rising = [{x: 0, y: 0}];
  for (const point of points) {
    const before = rising.at(-1)!;
    if (point.x > before.x && point.x < 1 && point.y > before.y) rising.push(point);
  }
  rising.push({x: 1, y: 1});
  return {x: rising.map(({x}) => x), y: rising.map(({y}) => y)};
}

/** What an answer costs: the censored likelihood. */
function lossOf(
  {logit, failed, exposure, weight = 1}: HazardEvidence,
  calibration: HazardCalibration,
): number {
  const hazard = calibratedHazards([logit], [calibration])[0]!;
  const kept = Math.min(1 - 1e-12, Math.max(1e-12, hazard));
  return -weight * (failed ? Math.log(kept) : exposure * Math.log1p(-kept));
}
