import type {Decision} from '../../../replenish/core/decision/decide.ts';
import {carriedReservations, reviewReservations} from '../../../replenish/core/decision/reservation.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {
  DepotSituation,
  Lane,
  Receipt,
  Reservation,
  RiskyComponent,
  Situation,
  Source,
} from '../../../replenish/core/decision/situation.ts';

export const NOW = Date.UTC(2026, 0, 5, 6);

/** A component that fails with this probability within a week, and hardly ever after. */
export function component(id: string, weekPpm: number, more: Partial<RiskyComponent> = {}): RiskyComponent {
  return {
    componentId: id,
    equipmentId: `EQ-${id}`,
    positionId: 'bearing',
    quantity: 1,
    asOf: NOW,
    revision: 0,
    modelVersion: 'm1',
    method: 'weibull',
    horizonsH: [168],
    cumulativePpm: [weekPpm],
    tailHazardPpbPerH: 0,
    shortageMinorPerH: 10_000,
    topSignals: [],
    ...more,
  };
}

export function depot(depotId: string, more: Partial<DepotSituation> = {}): DepotSituation {
  return {
    depotId,
    partyId: 'OWN',
    parentDepotId: null,
    onHand: 0,
    receipts: [],
    needs: [],
    reservations: [],
    components: [],
    backgroundPerYear: 0,
    backgroundVmr: 1,
    holdingRatePerYear: 0.2,
    mayStock: true,
    mustStock: false,
    maxStock: null,
    sources: [],
    ...more,
  };
}

export function source(
  sourceKind: Source['sourceKind'],
  sourceId: string,
  more: Partial<Source> = {},
): Source {
  return {
    sourceKind,
    sourceId,
    kind: 'normal',
    meanH: 240,
    sdH: 0,
    priceMinor: sourceKind === 'supplier' ? 100_000 : 0,
    orderCostMinor: 1_000,
    minimum: 1,
    multiple: 1,
    expediteMeanH: null,
    expediteFeeMinor: null,
    ...more,
  };
}

export function receipt(
  orderId: string,
  quantity: number,
  meanH: number,
  more: Partial<Receipt> = {},
): Receipt {
  return {
    orderId,
    kind: 'normal',
    quantity,
    meanH,
    sdH: 0,
    expediteMeanH: null,
    expediteFeeMinor: null,
    ...more,
  };
}

export function reservation(componentId: string, more: Partial<Reservation> = {}): Reservation {
  return {
    reservationId: `R-${componentId}`,
    componentId,
    equipmentId: `EQ-${componentId}`,
    positionId: 'bearing',
    quantity: 1,
    expiresAt: NOW + 168 * 3_600_000,
    withinH: 168,
    keepPpm: 1,
    failed: false,
    ...more,
  };
}

export function lane(fromDepotId: string, toDepotId: string, more: Partial<Lane> = {}): Lane {
  return {
    fromDepotId,
    toDepotId,
    mode: 'road',
    meanH: 12,
    sdH: 0,
    costMinor: 8_000,
    costPerPieceMinor: 0,
    ...more,
  };
}

export function situation(
  depots: readonly DepotSituation[],
  lanes: readonly Lane[] = [],
  more: Partial<Situation> = {},
): Situation {
  return {
    groupId: 'G1',
    now: NOW,
    part: {partId: 'P1', unitCostMinor: 100_000, currency: 'EUR'},
    depots: [...depots],
    lanes: [...lanes],
    policy: DEFAULT_POLICY,
    ...more,
  };
}

const RECEIPT_KIND = {
  order: 'normal',
  transfer: 'transfer',
  expedite: 'express',
  emergency: 'emergency',
  substitute: 'transfer',
  repair: 'normal',
} as const;

/** What the books say once a decision was carried out, at the same instant. */
export function applied(recorded: Situation, decision: Decision, step: number): Situation {
  const {situation: before} = reviewReservations(recorded);
  const {depotId, option, reasons} = decision;
  const {action, arrival, quantity, sourceId, sourceKind} = option;
  if (action === 'nothing' || arrival === null) return before;
  const depots = before.depots.map((one) => {
    if (sourceKind === 'depot' && one.depotId === sourceId) return {...one, onHand: one.onHand - quantity};
    if (one.depotId !== depotId) return one;
    const reservations = [
      ...one.reservations,
      ...carriedReservations(reasons, one, quantity).map(({componentId, ...made}) =>
        reservation(componentId, {
          quantity: made.quantity,
          withinH: made.withinH,
          keepPpm: made.keepPpm,
          expiresAt: before.now + made.withinH * 3_600_000,
        }),
      ),
    ];
    if (sourceKind === 'order') {
      const hurried = {kind: 'express' as const, ...arrival, expediteMeanH: null, expediteFeeMinor: null};
      return {
        ...one,
        reservations,
        receipts: one.receipts.map((r) => (r.orderId === sourceId ? {...r, ...hurried} : r)),
      };
    }
    const from = one.sources.find(
      (s) => s.sourceId === sourceId && s.kind === 'normal' && action === 'order',
    );
    const placed = receipt(`Z${String(step).padStart(4, '0')}`, quantity, arrival.meanH, {
      kind: RECEIPT_KIND[action],
      sdH: arrival.sdH,
      expediteMeanH: from?.expediteMeanH ?? null,
      expediteFeeMinor: from?.expediteFeeMinor ?? null,
    });
    return {...one, reservations, receipts: [...one.receipts, placed]};
  });
  return {...before, depots};
}
