import {invariant} from '../../../domain/invariant.ts';

/** Groups of settings at which a unit is run: what its sensors say can only be compared within one. */
export interface OperatingConditions {
  /** Range of each setting over the rows it was learnt from; 0 where it never moved. */
  readonly range: readonly number[];
  /** Middle of each group, in settings. */
  readonly centres: readonly (readonly number[])[];
}

/** More would leave each with too few rows to say what is normal there. */
const CONDITIONS_MAX = 12;
/** Groups are found where the next one would lie this much nearer than the last: what varies without groups shrinks by steps of two at most. */
const DROP_MIN = 8;
const ROUNDS_MAX = 20;

/**
 * Finds the groups among rows of settings: each next centre is the row farthest from all before, as long as that distance
 * has not dropped by DROP_MIN; then each centre moves to the mean of its rows. Equal rows give equal groups.
 *
 * Sources: Gonzalez (1985), Clustering to minimize the maximum intercluster distance; Lloyd (1982).
 * Example: rows 0, 0.1, 35, 35.1 → centres 0.05 and 35.05, for the distances are 35.1 and then 0.1.
 *
 * @param given How many groups there are, where that is known.
 */
export function findConditions(rows: readonly Float64Array[], given?: number): OperatingConditions {
  invariant(rows.length > 0, 'operating conditions are found among rows');
  const range = Array.from(rows[0]!, (_, i) => {
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) [low, high] = [Math.min(low, row[i]!), Math.max(high, row[i]!)];
    return high - low;
  });
  const picked = [rows[0]!];
  const drops = [NaN]; // [i]: by how much the distance dropped after i picks
  const nearest = Float64Array.from(rows, (row) => distance(row, rows[0]!, range));
  for (let before = NaN; picked.length <= CONDITIONS_MAX;) {
    let farthest = 0;
    for (let i = 1; i < rows.length; i += 1) if (nearest[i]! > nearest[farthest]!) farthest = i;
    const far = nearest[farthest]!;
    drops.push(far === 0 ? Infinity : before / far);
    if (far === 0) break;
    before = far;
    picked.push(rows[farthest]!);
    rows.forEach((row, i) => (nearest[i] = Math.min(nearest[i]!, distance(row, picked.at(-1)!, range))));
  }
  const found = drops.findIndex((drop) => drop >= DROP_MIN);
  const count = Math.min(given ?? Math.max(1, found), picked.length);
  return {range, centres: settle(rows, range, picked.slice(0, count))};
}

/** The group whose centre is nearest. */
export function conditionOf({range, centres}: OperatingConditions, settings: ArrayLike<number>): number {
  let best = 0;
  let bestDistance = Infinity;
  centres.forEach((centre, i) => {
    const far = distance(settings, centre, range);
    if (far < bestDistance) [best, bestDistance] = [i, far];
  });
  return best;
}

/** Squared, each setting in its range. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>, range: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < range.length; i += 1) if (range[i]! > 0) sum += ((a[i]! - b[i]!) / range[i]!) ** 2;
  return sum;
}

function settle(
  rows: readonly Float64Array[],
  range: readonly number[],
  start: readonly Float64Array[],
): number[][] {
  let centres = start.map((row) => [...row]);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const sums = centres.map((centre) => ({count: 0, sum: centre.map(() => 0)}));
    for (const row of rows) {
      const group = sums[conditionOf({range, centres}, row)]!;
      group.count += 1;
      row.forEach((value, i) => (group.sum[i]! += value));
    }
    const moved = sums.map(({count, sum}, i) =>
      count === 0 ? centres[i]! : sum.map((total) => total / count),
    );
    const still = moved.every((centre, i) => distance(centre, centres[i]!, range) < 1e-12);
    centres = moved;
    if (still) break;
  }
  return centres;
}
