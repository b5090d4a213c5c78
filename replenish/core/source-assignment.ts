import {invariant} from '../../domain/invariant.ts';

/** A source with some units, and what one of them costs for each need. */
export interface AssignableSource {
  readonly id: string;
  readonly units: number;
  readonly costByNeed: readonly number[];
}

/** Which source serves each need, in the order of the needs; null leaves a need unmet. */
export type Assignment = readonly (string | null)[];

/** Beyond this the states of remaining units outgrow a decision's time; the caller falls back on `greedyAssignment`. */
const STATES_MAX = 200_000;

/** Costs closer than this are the same. */
const TIE = 1e-9;

/**
 * The cheapest way to serve several needs from sources that they compete for, exactly: a recursion over needs and remaining
 * units. Serving needs one after the other can cost far more, as the first may take the only source good for the second.
 *
 * Example: needs A 10 or B 20, and A 12 or B 200, one unit each → 32 with (B, A), where one after the other costs 210.
 *
 * @param unmetCosts What leaving each need unmet costs.
 * @returns Every assignment of least cost.
 */
export function optimalAssignments(
  unmetCosts: readonly number[],
  sources: readonly AssignableSource[],
): {readonly cost: number; readonly assignments: readonly Assignment[]} {
  const states = sources.reduce((product, {units}) => product * (units + 1), Math.max(1, unmetCosts.length));
  invariant(states <= STATES_MAX, 'an exact assignment has at most 200000 states');
  const known = new Map<string, number>();
  const least = (need: number, left: readonly number[]): number => {
    if (need === unmetCosts.length) return 0;
    const key = `${need}:${left.join()}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    const cost = Math.min(...choices(need, left).map((choice) => choice.cost + least(need + 1, choice.left)));
    known.set(key, cost);
    return cost;
  };
  const choices = (
    need: number,
    left: readonly number[],
  ): {id: string | null; cost: number; left: readonly number[]}[] => [
    ...sources.flatMap(({id, costByNeed}, i) =>
      left[i]! > 0
        ? [{id, cost: costByNeed[need]!, left: left.map((units, j) => (j === i ? units - 1 : units))}]
        : [],
    ),
    {id: null, cost: unmetCosts[need]!, left},
  ];
  const best = (need: number, left: readonly number[]): Assignment[] => {
    if (need === unmetCosts.length) return [[]];
    const target = least(need, left) + TIE;
    return choices(need, left)
      .filter((choice) => choice.cost + least(need + 1, choice.left) <= target)
      .flatMap((choice) => best(need + 1, choice.left).map((rest) => [choice.id, ...rest]));
  };
  const all = sources.map(({units}) => units);
  return {cost: least(0, all), assignments: best(0, all)};
}

/** Serves the needs in their order, each from the cheapest source with a unit left; what one would do by hand. */
export function greedyAssignment(
  unmetCosts: readonly number[],
  sources: readonly AssignableSource[],
): {readonly cost: number; readonly assignment: Assignment} {
  const left = sources.map(({units}) => units);
  let total = 0;
  const assignment = unmetCosts.map((unmetCost, need) => {
    let chosen = -1;
    let cost = unmetCost;
    sources.forEach((source, i) => {
      if (left[i]! === 0 || source.costByNeed[need]! >= cost) return;
      chosen = i;
      cost = source.costByNeed[need]!;
    });
    total += cost;
    if (chosen < 0) return null;
    left[chosen]! -= 1;
    return sources[chosen]!.id;
  });
  return {cost: total, assignment};
}
