import {invariant} from '../../../domain/invariant.ts';

/** A source with some units, and what one of them costs for each need. */
export interface AssignableSource {
  readonly id: string;
  readonly units: number;
  readonly costByNeed: readonly number[];
}

/** Which source serves each need, in the order of the needs; null leaves a need unmet. */
export type Assignment = readonly (string | null)[];

/** One way to serve a need: so many units of a source, or of none that others compete for. */
export interface Choice {
  readonly sourceId: string | null;
  readonly units: number;
  readonly cost: number;
}

/** Beyond this the states of remaining units outgrow a decision's time; the caller serves the needs one after the other. */
export const STATES_MAX = 200_000;

/** Costs closer than this are the same. */
const TIE = 1e-9;

/** Whether so many needs can be served exactly from sources with so many units each. Example: 3 needs, 4 and 4 units → 75 states, yes. */
export function isExactlySolvable(
  needs: number,
  units: readonly number[],
  statesMax: number = STATES_MAX,
): boolean {
  return units.reduce((product, each) => product * (each + 1), Math.max(1, needs)) <= statesMax;
}

/**
 * The cheapest choice for every need together, exactly: of equally cheap ones the first in the order given. Joint decisions take it
 * (joint-choice.ts).
 *
 * Source: dynamic programming over needs and units left (Bellman 1957).
 * Example: needs A 10 or B 20, and A 12 or B 200, one unit each → choices 1 and 0, for 32.
 *
 * @returns The index of each need's choice.
 */
export function cheapestChoices(
  needs: readonly (readonly Choice[])[],
  units: ReadonlyMap<string, number>,
): readonly number[] {
  const {waysOf, all} = solver(needs, units);
  const chosen: number[] = [];
  let left = all;
  for (let need = 0; need < needs.length; need += 1) {
    const [first] = waysOf(need, left);
    chosen.push(first!.index);
    left = first!.left;
  }
  return chosen;
}

/**
 * Every assignment of least cost, of one unit a need; by the same recursion as `cheapestChoices`.
 *
 * The cheapest way to serve several needs from sources that they compete for, exactly. Serving needs one after the other can cost
 * far more, as the first may take the only source good for the second.
 *
 * Source: as `cheapestChoices`. Example: needs A 10 or B 20, and A 12 or B 200, one unit each → 32 with (B, A), where one after the other costs 210.
 *
 * @param unmetCosts What leaving each need unmet costs.
 * @returns Every assignment of least cost.
 */
export function optimalAssignments(
  unmetCosts: readonly number[],
  sources: readonly AssignableSource[],
): {readonly cost: number; readonly assignments: readonly Assignment[]} {
  const needs = unmetCosts.map((unmet, need): Choice[] => [
    ...sources.map(({id, costByNeed}) => ({sourceId: id, units: 1, cost: costByNeed[need]!})),
    {sourceId: null, units: 0, cost: unmet},
  ]);
  const {least, waysOf, all} = solver(needs, new Map(sources.map(({id, units}) => [id, units])));
  const best = (need: number, left: Left): Assignment[] =>
    need === needs.length
      ? [[]]
      : waysOf(need, left).flatMap((way) =>
          best(need + 1, way.left).map((rest) => [needs[need]![way.index]!.sourceId, ...rest]),
        );
  return {cost: least(0, all), assignments: best(0, all)};
}

/** What is left of every source, as one number: each source is a digit that counts its units. */
type Left = number;

/** A recursion over needs and remaining units, each state worked out once. */
function solver(
  needs: readonly (readonly Choice[])[],
  units: ReadonlyMap<string, number>,
): {
  readonly all: Left;
  /** Least cost of this need and all after it. */
  readonly least: (need: number, left: Left) => number;
  /** The choices that reach it, and what each leaves. */
  readonly waysOf: (need: number, left: Left) => {readonly index: number; readonly left: Left}[];
} {
  invariant(
    isExactlySolvable(needs.length, [...units.values()]),
    'an exact assignment has at most 200000 states',
  );
  const digits = new Map<string, {readonly stride: number; readonly base: number}>();
  let size = 1;
  for (const [id, count] of units) {
    digits.set(id, {stride: size, base: count + 1});
    size *= count + 1;
  }
  const known = new Map<number, number>();
  /** What a choice leaves; null when there is too little for it. */
  const after = ({sourceId, units: taken}: Choice, left: Left): Left | null => {
    if (sourceId === null) return left;
    const {stride, base} = digits.get(sourceId)!;
    return Math.floor(left / stride) % base < taken ? null : left - taken * stride;
  };
  const costOf = (need: number, choice: Choice, left: Left): number => {
    const rest = after(choice, left);
    return rest === null ? Infinity : choice.cost + least(need + 1, rest);
  };
  const least = (need: number, left: Left): number => {
    if (need === needs.length) return 0;
    const state = need * size + left;
    const old = known.get(state);
    if (old !== undefined) return old;
    let cost = Infinity;
    for (const choice of needs[need]!) cost = Math.min(cost, costOf(need, choice, left));
    known.set(state, cost);
    return cost;
  };
  return {
    all: size - 1,
    least,
    waysOf(need, left) {
      const target = least(need, left) + TIE;
      return needs[need]!.flatMap((choice, index) =>
        costOf(need, choice, left) <= target ? [{index, left: after(choice, left)!}] : [],
      );
    },
  };
}
