import {sigmoid} from '../../core/calibration.ts';
import {logisticScore, type Logistic} from '../../core/logistic.ts';
import type {FamilyLesson, FamilyRow, Fitted} from './family.ts';
import {solveSymmetric} from './solve-symmetric.ts';

/** Strengths of the ridge that are tried; in rows, as it is held against a sum over rows. */
const RIDGES = [300, 30, 3] as const;
const STEPS_MAX = 8;

/** A logistic of the standardised inputs for each place a component can have; the ridge with the lowest held-out loss. */
export function fitLogistic({training, heldOut}: FamilyLesson): Fitted {
  const places = 1 + [...training, ...heldOut].reduce((most, {place}) => Math.max(most, place), 0);
  const width = training[0]!.input.length;
  const outputs = training[0]!.labels.failed.map((_, output): Logistic => ({
    places: Array.from({length: places}, (__, place) => {
      const here = (rows: readonly FamilyRow[]): FamilyRow[] =>
        rows.filter((row) => row.place === place && row.labels.exposure[output]! > 0).map(inHand);
      return bestRidge(here(training), here(heldOut), output, width);
    }),
  }));
  return {
    member: {family: 'logistic', outputs},
    heldOut: heldOut.map(({input, place}) => outputs.map((one) => logisticScore(one, place, input))),
  };
}

/** With what a row of a table works out whenever it is asked: Newton's method asks it dozens of times. */
function inHand({input, raw, labels, place, weight}: FamilyRow): FamilyRow {
  return {input, raw, labels, place, weight};
}

type Line = Logistic['places'][number];

function bestRidge(
  training: readonly FamilyRow[],
  heldOut: readonly FamilyRow[],
  output: number,
  width: number,
): Line {
  let best: {readonly line: Line; readonly loss: number} | undefined;
  let line: Line = {intercept: baseLogit(training, output), weights: new Array<number>(width).fill(0)};
  for (const ridge of RIDGES) {
    line = newton(training, output, ridge, line);
    const loss = lossOf(heldOut, output, line);
    if (best === undefined || loss < best.loss) best = {line, loss};
    else break; // a weaker ridge only fits the taught rows more closely
  }
  return best!.line;
}

/** Of the share that failed: half a failure in one row more, so that a place that never failed has a finite logit. */
export function baseLogit(rows: readonly FamilyRow[], output: number): number {
  let [failed, watched] = [0.5, 1];
  for (const {labels, weight} of rows) {
    failed += weight * labels.failed[output]!;
    watched += weight * labels.exposure[output]!;
  }
  const share = Math.min(0.99, failed / watched);
  return Math.log(share / (1 - share));
}

/** Newton's method on Σ weight · (exposure · softplus(z) − failed · z) + ridge/2 · Σ weights², from `start`. */
function newton(rows: readonly FamilyRow[], output: number, ridge: number, start: Line): Line {
  const width = start.weights.length;
  const size = width + 1;
  const at = Float64Array.of(...start.weights, start.intercept);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    for (let i = 0; i < width; i += 1) {
      gradient[i] = ridge * at[i]!;
      curvature[i * size + i] = ridge;
    }
    curvature[size * size - 1] = 1e-6;
    for (const {input, labels, weight} of rows) {
      let z = at[width]!;
      for (let i = 0; i < width; i += 1) z += at[i]! * input[i]!;
      const hazard = sigmoid(z);
      const exposure = labels.exposure[output]!;
      const slope = weight * (exposure * hazard - labels.failed[output]!);
      const bend = weight * exposure * hazard * (1 - hazard);
      for (let i = 0; i < width; i += 1) {
        const x = input[i]!;
        if (x === 0) continue;
        gradient[i]! += slope * x;
        const row = i * size;
        for (let j = 0; j <= i; j += 1) curvature[row + j]! += bend * x * input[j]!;
        curvature[width * size + i]! += bend * x;
      }
      gradient[width]! += slope;
      curvature[width * size + width]! += bend;
    }
    const change = solveSymmetric(curvature, gradient);
    const longest = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const damping = Math.min(1, 2 / Math.max(longest, 1e-12)); // far out on a logistic Newton oversteps
    for (let i = 0; i < size; i += 1) at[i]! -= damping * change[i]!;
    if (longest < 1e-2) break; // an ensemble does not see the third digit
  }
  return {intercept: at[width]!, weights: [...at.subarray(0, width)]};
}

function lossOf(rows: readonly FamilyRow[], output: number, line: Line): number {
  const one: Logistic = {places: [line]};
  return rows.reduce((sum, {input, labels, weight}) => {
    const z = logisticScore(one, 0, input);
    const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    return sum + weight * (labels.exposure[output]! * softplus - labels.failed[output]! * z);
  }, 0);
}
