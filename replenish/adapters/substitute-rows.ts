import {pricedByContracts} from '../core/supply/contract-price.ts';
import {standingNeed} from '../core/decision/shelf.ts';
import type {Situation, Substitute} from '../core/decision/situation.ts';
import type {ApprovedSubstitute} from './rule-rows.ts';

/** The situations of a family, each with the approved substitutes that lie somewhere, where machines stand for its part. */
export function withSubstitutes(
  situations: readonly Situation[],
  approved: readonly ApprovedSubstitute[],
): readonly Situation[] {
  if (approved.length === 0) return situations;
  const byPart = new Map(situations.map((situation) => [situation.part.partId, situation]));
  return situations.map((situation) => {
    if (!situation.depots.some((depot) => standingNeed(depot) > 0)) return situation;
    const substitutes = approved
      .filter(({partId}) => partId === situation.part.partId)
      .flatMap((relation) => asItStands(relation, byPart.get(relation.substituteId)))
      .filter(({currency}) => currency === situation.part.currency) // money of two currencies is not compared
      .map(({substitute}) => substitute);
    return substitutes.length === 0 ? situation : {...situation, substitutes};
  });
}

/** Nothing where none of it lies. */
function asItStands(
  {ratio, models}: ApprovedSubstitute,
  other: Situation | undefined,
): {readonly currency: string; readonly substitute: Substitute}[] {
  if (other === undefined || other.depots.every(({onHand}) => onHand === 0)) return [];
  // What its own machines' contracts charge counts when it is given away.
  const {part, depots, lanes} = pricedByContracts(other);
  const {currency, partId, unitCostMinor, weightG} = part;
  const weight = weightG === undefined ? {} : {weightG};
  const substitute = {partId, unitCostMinor, ...weight, ratio, models: [...models], depots, lanes};
  return [{currency, substitute}];
}
