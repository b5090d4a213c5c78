/**
 * Inventory position, in pieces: what is there, what will come, less what is promised away.
 *
 *   position = on hand + on order − backordered
 *
 * `onOrder` counts pieces in transit once, as part of their order. The position can be negative.
 * Source: ASCM Supply Chain Dictionary, "inventory position".
 * Example: 3 on hand, 4 on order, 5 backordered → 2.
 */
export function inventoryPosition({
  onHand,
  onOrder,
  backordered,
}: {
  readonly onHand: number;
  readonly onOrder: number;
  readonly backordered: number;
}): number {
  return onHand + onOrder - backordered;
}
