import {ok, refused, type Result} from '../../domain/result.ts';
import {HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

export type OrderState =
  'proposed' | 'released' | 'confirmed' | 'shipped' | 'received' | 'cancelled' | 'rejected';
export type OrderEvent = 'release' | 'reject' | 'confirm' | 'ship' | 'receive' | 'cancel';

/** Every state meets every event; null means refused. A partial receipt stays in `shipped` (`receive` moves on when all is in). */
const NEXT: Record<OrderState, Record<OrderEvent, OrderState | null>> = {
  proposed: {
    release: 'released',
    reject: 'rejected',
    confirm: null,
    ship: null,
    receive: null,
    cancel: 'cancelled',
  },
  released: {
    release: null,
    reject: 'rejected',
    confirm: 'confirmed',
    ship: 'shipped',
    receive: 'received',
    cancel: 'cancelled',
  },
  // A supplier may confirm again with another date.
  confirmed: {
    release: null,
    reject: null,
    confirm: 'confirmed',
    ship: 'shipped',
    receive: 'received',
    cancel: 'cancelled',
  },
  shipped: {
    release: null,
    reject: null,
    confirm: 'shipped',
    ship: 'shipped',
    receive: 'received',
    cancel: null,
  },
  received: {release: null, reject: null, confirm: null, ship: null, receive: null, cancel: null},
  cancelled: {release: null, reject: null, confirm: null, ship: null, receive: null, cancel: null},
  rejected: {release: null, reject: null, confirm: null, ship: null, receive: null, cancel: null},
};

export interface SupplyOrder {
  readonly orderId: string;
  readonly kind: 'purchase' | 'transfer' | 'expedite' | 'emergency' | 'repair';
  readonly partId: string;
  /** `supplier:…` or `depot:…`. */
  readonly fromLoc: string;
  readonly toLoc: string;
  readonly ownerPartyId: string;
  readonly qty: number;
  readonly shippedQty: number;
  readonly receivedQty: number;
  readonly state: OrderState;
  readonly expectedAt: EpochMs;
  readonly promisedAt: EpochMs | null;
  readonly firstPromisedAt: EpochMs | null;
  /** How often its source has moved the promised date back, by more than `SLIP_MIN_MS`. */
  readonly slips: number;
  /** When its last piece came. */
  readonly receivedAt: EpochMs | null;
}

/** A promise moved back by less is the same day at another hour. */
export const SLIP_MIN_MS = 12 * HOUR_MS;

export type OrderProblem = 'order-state' | 'order-quantity';

/** The order after the event, or why not. `ship` and `receive` carry pieces; `confirm` may carry a promise. */
export function advanceOrder(
  order: SupplyOrder,
  event: OrderEvent,
  change: {readonly qty?: number; readonly promisedAt?: EpochMs} = {},
): Result<SupplyOrder, OrderProblem> {
  const next = NEXT[order.state][event];
  if (next === null) {
    return refused(
      'order-state',
      `order ${order.orderId} is ${order.state}: it cannot take "${event}"; look at its events`,
    );
  }
  switch (event) {
    case 'confirm': {
      if (change.promisedAt === undefined) return ok({...order, state: next});
      return ok({...promised(order, change.promisedAt), state: next});
    }
    case 'ship':
      return ship(order, change.qty ?? order.qty - order.shippedQty);
    case 'receive':
      return receive(order, change.qty ?? order.qty - order.receivedQty);
    case 'release':
    case 'reject':
    case 'cancel':
      return ok({...order, state: next});
  }
}

/** Example: promised for the 1st, then for the 4th → slips 1; corrected to the 3rd → still 1. */
function promised(order: SupplyOrder, promisedAt: EpochMs): SupplyOrder {
  const isSlip = order.promisedAt !== null && promisedAt - order.promisedAt > SLIP_MIN_MS;
  return {
    ...order,
    promisedAt,
    expectedAt: promisedAt,
    firstPromisedAt: order.firstPromisedAt ?? order.promisedAt ?? promisedAt,
    slips: order.slips + (isSlip ? 1 : 0),
  };
}

function ship(order: SupplyOrder, qty: number): Result<SupplyOrder, OrderProblem> {
  const open = order.qty - order.shippedQty;
  if (qty < 1 || qty > open)
    return refused(
      'order-quantity',
      `order ${order.orderId}: ${qty} pieces cannot ship, ${open} of ${order.qty} are open`,
    );
  return ok({...order, state: 'shipped', shippedQty: order.shippedQty + qty});
}

/** What was never announced as shipped ships with its receipt. */
function receive(order: SupplyOrder, qty: number): Result<SupplyOrder, OrderProblem> {
  const open = order.qty - order.receivedQty;
  if (qty < 1 || qty > open) {
    return refused(
      'order-quantity',
      `order ${order.orderId}: ${qty} pieces cannot come in, ${open} of ${order.qty} are open; book the rest as a receipt without order`,
    );
  }
  const receivedQty = order.receivedQty + qty;
  const shippedQty = Math.max(order.shippedQty, receivedQty);
  return ok({...order, receivedQty, shippedQty, state: receivedQty === order.qty ? 'received' : 'shipped'});
}
