import {demandRatePerH} from '../demand/depot-demand.ts';
import type {DepotPlan} from './depot-plan.ts';

/** A shelf that is asked for pieces and that nobody can refill today. */
export interface Unplanned {
  readonly depotId: string;
  readonly partyId: string;
  /** In the words of the rule that closes its source, where one does. */
  readonly why: string;
}

/** Less than a piece in a hundred years asks for no source. */
const RATE_MIN_PER_H = 1 / (100 * 8766);

/**
 * Depots that no source in force refills, though they may stock the part and are asked for it: a source that counts from next month on,
 * or is closed by a rule, is none today. They get no order, and somebody has to hear of it.
 *
 * Example: a depot with 12 pieces a year whose only source a contract closes → that depot, with the contract's reason.
 */
export function unplannedDepots(plans: Iterable<DepotPlan>): Unplanned[] {
  return [...plans].flatMap(({depot, source, echelon}) => {
    if (source !== null || !depot.mayStock) return [];
    if (depot.needs.length === 0 && demandRatePerH(echelon) < RATE_MIN_PER_H) return [];
    const closed = depot.sources.find(({kind, barred}) => kind === 'normal' && barred !== undefined);
    const {depotId, partyId} = depot;
    return [{depotId, partyId, why: closed?.barred ?? 'no source is in force'}];
  });
}
