import {cellText} from './cell.ts';
import {isBefore, mistakeAt, textIn} from './rule.ts';
import type {Rule} from './rule.ts';

/** Rules of what was booked: orders and needs, as the system tells them that kept the books before. */

export const quantitiesAddUp: Rule = ({folder}) => [
  ...folder.demand_history
    .filter(({cells}) => cells['filled_qty'] !== null && Number(cells['filled_qty']) > Number(cells['qty']))
    .map((row) =>
      mistakeAt('demand_history', row, 'filled_qty', 'filled_qty is more than qty', 'correct one of the two'),
    ),
  ...folder.demand_history
    .filter(({cells}) => cells['cancelled_at'] !== null && (cells['state'] ?? 'cancelled') !== 'cancelled')
    .map((row) =>
      mistakeAt(
        'demand_history',
        row,
        'cancelled_at',
        'the line is not cancelled',
        'correct its state, or leave it out',
      ),
    ),
  ...folder.supply_order
    .filter(
      ({cells}) =>
        Number(cells['received_qty']) > Number(cells['shipped_qty']) ||
        Number(cells['shipped_qty']) > Number(cells['qty']),
    )
    .map((row) =>
      mistakeAt(
        'supply_order',
        row,
        'shipped_qty',
        'received_qty ≤ shipped_qty ≤ qty does not hold',
        'correct the quantities',
      ),
    ),
];

/** Example: from `supplier:SUP-A` to `depot:D1` is a way; to `depot:NOPE` is none. */
export const ordersGoFromPlaceToPlace: Rule = ({folder, after}) => {
  if (folder.supply_order.length === 0) return [];
  const depots = new Set(after('depot').map(({cells}) => `depot:${textIn(cells['depot_id'])}`));
  const suppliers = new Set(after('party').map(({cells}) => `supplier:${textIn(cells['party_id'])}`));
  const known = 'write depot:<depot_id> or supplier:<party_id>, as depot.csv and party.csv have them';
  return folder.supply_order.flatMap((row) => {
    const from = textIn(row.cells['from_loc']);
    const to = textIn(row.cells['to_loc']);
    if (!depots.has(from) && !suppliers.has(from))
      return [mistakeAt('supply_order', row, 'from_loc', `"${from}" is no depot and no supplier`, known)];
    if (!depots.has(to)) return [mistakeAt('supply_order', row, 'to_loc', `"${to}" is no depot`, known)];
    if (from !== to) return [];
    return [
      mistakeAt('supply_order', row, 'to_loc', `it goes from ${from} to itself`, 'correct one of the two'),
    ];
  });
};

export const receiptsAreTrue: Rule = ({folder}) =>
  folder.supply_order.flatMap((row) => {
    const {
      state,
      qty,
      received_qty: received,
      received_at: receivedAt = null,
      ordered_at: orderedAt,
    } = row.cells;
    if (state === 'received' && received !== qty) {
      const what = `the order is received, but ${cellText(received)} of its ${cellText(qty)} pieces are`;
      return [mistakeAt('supply_order', row, 'received_qty', what, 'correct the quantity or the state')];
    }
    if (receivedAt === null || !isBefore(receivedAt, orderedAt!)) return [];
    const what = `it came in at ${cellText(receivedAt)}, before it was ordered at ${cellText(orderedAt)}`;
    return [mistakeAt('supply_order', row, 'received_at', what, 'correct one of the two')];
  });
