import {applyShare} from './core/apply-share.ts';
import type {SharedRow} from './core/apply-share.ts';
import type {DataShares} from './desk.ts';

/** What a customer is sent of one of its lines in a notice: its own, and what a share grants, which is put on record (K4). */
export async function shareFacts(
  shares: Pick<DataShares, 'inForce' | 'record'>,
  partyId: string,
  facts: SharedRow,
): Promise<SharedRow> {
  const data = 'backorder-notices';
  const held = await shares.inForce({partyId, data});
  const rows = applyShare(data, held?.share ?? null, [facts], held?.pseudonymOf ?? ((value) => value));
  if (held !== null) await shares.record(held.share, {way: 'notice', rows, isState: false});
  return rows[0]!;
}
