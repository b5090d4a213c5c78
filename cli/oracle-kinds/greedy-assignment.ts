import type {AssignableSource, Assignment} from '../../replenish/core/decision/source-assignment.ts';

/**
 * Serves the needs in their order, each from the cheapest source with a unit left: what one would do by hand, and the yardstick of the
 * exact assignment.
 *
 * Example: needs A 10 or B 20, and A 12 or B 200, one unit each → (A, B) for 210.
 */
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
