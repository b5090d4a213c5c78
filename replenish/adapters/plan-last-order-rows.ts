import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {termsAbout} from '../core/supply/supply-terms.ts';
import type {LastOrderTerm} from '../plan-ports.ts';
import {loadRules} from './rule-rows.ts';

/** What a contract in force agrees for the end of a part, for the first of the depots that one is about. */
export async function loadLastOrderTerm(
  db: Queryable,
  partId: string,
  depotIds: readonly string[],
  now: EpochMs,
): Promise<LastOrderTerm | null> {
  const {terms} = await loadRules(db, [partId], now);
  for (const depotId of depotIds) {
    const [found] = termsAbout('obsolescence', terms, {partId, depotId}, () => true);
    if (found === undefined) continue;
    const {lastOrderDate, liableParty = null, buybackPct} = found.params;
    const buybackShare = buybackPct === undefined ? null : buybackPct / 100;
    return {contractId: found.contractId, lastOrderDate, liablePartyId: liableParty, buybackShare};
  }
  return null;
}
