import type {Reason} from '../../../domain/decision.ts';
import type {DepotSituation, Source} from '../decision/situation.ts';

/** Where a decision's lead time is not the master data's, and which receipts have slipped. */
export function supplyReasons(depot: DepotSituation, source: Source | null): Reason[] {
  const reasons: Reason[] = [];
  if (source?.learned !== undefined) {
    const {planH, evidence} = source.learned;
    reasons.push({
      code: 'lead-time-learned',
      sourceId: source.sourceId,
      leadTimeH: Math.round(source.meanH),
      planH: Math.round(planH),
      deliveries: Math.round(evidence),
    });
  }
  for (const {orderId, slips, latePpm} of depot.receipts) {
    if (slips === undefined || latePpm === undefined) continue;
    reasons.push({code: 'receipt-slips', orderId, slips, probabilityPpm: latePpm});
  }
  return reasons;
}
