import {type EpochMs, HOUR_MS} from '../../domain/time.ts';
import {calledOff, type DemandLine, outstanding} from './demand-line.ts';
import {inServiceOrder, SHARE_RULES, type WaitingLine} from './service-order.ts';

/** By when an open line will be filled, and from what; null where nobody has promised it. */
export interface Cover {
  /** 'shelf', or the order that brings its last piece. */
  readonly by: string;
  readonly at: EpochMs | null;
}

/**
 * What fills each open line of one part at one depot, when supply meets the lines in their order of service: first the shelf, then
 * the orders that their sources confirmed, by date. A line is covered when all of it is; orders without a confirmed date promise
 * nothing.
 *
 * Example: gold waits for 2, bronze for 1, at one cost; 1 on the shelf, 1 confirmed for Monday → gold is covered on Monday, bronze not at all.
 */
export function coverLines(
  waiting: readonly WaitingLine[],
  onHand: number,
  confirmed: readonly {readonly orderId: string; readonly qty: number; readonly promisedAt: EpochMs}[],
  now: EpochMs,
): ReadonlyMap<string, Cover> {
  const supplies = [
    {by: 'shelf', at: null, qty: onHand},
    ...confirmed
      .toSorted((a, b) => a.promisedAt - b.promisedAt || (a.orderId < b.orderId ? -1 : 1))
      .map(({orderId, promisedAt, qty}) => ({by: orderId, at: promisedAt, qty})),
  ];
  const covers = new Map<string, Cover>();
  let owed = 0;
  for (const {line, open} of inServiceOrder(waiting, {now, nextSupplyAt: null, rules: SHARE_RULES})) {
    owed += open;
    let pieces = 0;
    const last = supplies.find(({qty}) => (pieces += qty) >= owed);
    if (last !== undefined) covers.set(line.demandId, {by: last.by, at: last.at});
  }
  return covers;
}

/** How much of a line is where, for how long, and what it is worth. */
export interface LineStanding {
  readonly openQty: number;
  readonly cancelledQty: number;
  /** Hours since it was asked for, until now or until nothing of it was open. */
  readonly ageH: number;
  /** Hours past its need with pieces missing: how long the machine has been held up. */
  readonly impactH: number;
  /** Of the pieces still open. */
  readonly openValueMinor: number;
}

/**
 * @param unitCostMinor  Of the line's part.
 *
 * Example: asked for at 6:00, needed at 8:00, 2 of 3 open, now 20:00, 100.00 a piece → age 14 h, impact 12 h, 200.00 open.
 */
export function standingOf(line: DemandLine, unitCostMinor: number, now: EpochMs): LineStanding {
  const openQty = outstanding(line);
  // A withdrawn line was never a need of its own: it held nobody up.
  const until = line.state === 'open' ? now : (line.filledAt ?? line.cancelledAt ?? line.requestedAt);
  return {
    openQty,
    cancelledQty: calledOff(line),
    ageH: hoursBetween(line.requestedAt, until),
    impactH: hoursBetween(line.neededAt, until),
    openValueMinor: openQty * unitCostMinor,
  };
}

/** To the hundredth. */
function hoursBetween(from: EpochMs, to: EpochMs): number {
  return Math.max(0, Math.round(((to - from) / HOUR_MS) * 100) / 100);
}
