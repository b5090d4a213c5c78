/** One part under one policy, over the simulated periods. */
export interface StockRun {
  readonly demand: readonly number[];
  /** Whole periods from order to shelf; 0 arrives before the demand of the period it is ordered in. */
  readonly leadPeriods: number;
  /** Inventory position before the first order. */
  readonly startPosition: number;
  /** Demand of the periods just before, oldest first: they are on order, one for one. As many as the lead time has periods. */
  readonly onOrder: readonly number[];
  /** Pieces to order at an inventory position, 0 for none. */
  readonly order: (position: number, period: number) => number;
}

export interface StockRunOutcome {
  readonly demanded: number;
  /** Pieces handed out in the period they were asked for. */
  readonly supplied: number;
  /** Mean over the periods of the pieces on the shelf after receipts and before demand, as the study charges them. */
  readonly meanOnHand: number;
  readonly orders: number;
}

/**
 * Periodic review: order, receive, then the demand of the period; what is short waits as a backorder and is served first.
 *
 * Example: level 2, no lead time, demand 3, 0, 1 → supplied 2 of 3, then the backorder, then 1 of 1: 3 of 4; 2 pieces on hand
 * before demand throughout.
 */
export function simulateStock(run: StockRun): StockRunOutcome {
  const {demand, leadPeriods} = run;
  const arriving = [...run.onOrder];
  let onOrder = arriving.reduce((sum, pieces) => sum + pieces, 0);
  let net = run.startPosition - onOrder;
  let supplied = 0;
  let onHand = 0;
  let orders = 0;
  demand.forEach((asked, period) => {
    const pieces = run.order(net + onOrder, period);
    if (pieces > 0) orders += 1;
    arriving[period + leadPeriods] = pieces;
    const received = arriving[period] ?? 0;
    onOrder += pieces - received;
    net += received;
    const shelf = Math.max(0, net);
    onHand += shelf;
    supplied += Math.min(shelf, asked);
    net -= asked;
  });
  const demanded = demand.reduce((sum, pieces) => sum + pieces, 0);
  return {demanded, supplied, meanOnHand: onHand / demand.length, orders};
}
