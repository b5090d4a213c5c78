import {HOUR_MS} from '../../../domain/time.ts';
import {decide, type Decision} from '../../../replenish/core/decision/decide.ts';
import {carriedReservations} from '../../../replenish/core/decision/reservation.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import {Situation, type DepotSituation} from '../../../replenish/core/decision/situation.ts';
import type {Books, OpenOrder} from './books.ts';
import type {Foresight} from './foresight.ts';
import type {PartWorld, SituationInput} from './part-world.ts';
import type {Policy} from './policy.ts';

/** A group that wants more actions at one instant than this goes round in circles. */
const ACTIONS_MAX = 200;
/** As replenish's adapter reads an order that is overdue. */
const OVERDUE_MIN_H = 6;

type Reserved = NonNullable<SituationInput['depots'][number]['reservations']>[number];

/**
 * The product's own decisions, carried out without limits: `decide` is asked until it wants nothing more, each time from the
 * situation that its last action left behind. It knows what the service would: shelves, orders with their expected arrival, machines that
 * wait, forecasts; never when something really fails or arrives.
 */
export function corePolicy(world: PartWorld, foresight: Foresight): Policy {
  const reserved = new Map<string, Reserved[]>(world.sites.map(({depotId}) => [depotId, []]));
  let made = 0;
  return {
    looksAt: foresight.looksAt,
    act(books) {
      const risks = foresight.risksAt(books.now);
      for (let actions = 0; ; actions += 1) {
        const situation = Situation.parse(situationOf(books, foresight, risks, reserved));
        const decision = decide(situation);
        for (const {depotId, reservation} of decision.lapses) {
          const left = reserved
            .get(depotId)!
            .filter(({reservationId}) => reservationId !== reservation.reservationId);
          reserved.set(depotId, left);
        }
        if (decision.option.action === 'nothing') return;
        if (actions === ACTIONS_MAX) throw new RangeError(`${world.partId}: ${ACTIONS_MAX} actions at one instant, the last ${JSON.stringify(decision.option)}`); // prettier-ignore
        carryOut(books, decision);
        const depot = situation.depots.find(({depotId}) => depotId === decision.depotId)!;
        for (const reservation of reservationsFor(decision, depot, books.now)) {
          made += 1;
          reserved
            .get(decision.depotId)!
            .push({...reservation, reservationId: `R${String(made).padStart(6, '0')}`});
        }
      }
    },
  };
}

function situationOf(
  books: Books,
  foresight: Foresight,
  risks: ReturnType<Foresight['risksAt']>,
  reserved: ReadonlyMap<string, readonly Reserved[]>,
): SituationInput {
  const {world, now} = books;
  const running = new Set([...risks.values()].flat().map(({componentId}) => componentId));
  return {
    groupId: world.groupId,
    now,
    part: {partId: world.partId, unitCostMinor: world.unitCostMinor, currency: world.currency},
    lanes: [...world.lanes],
    policy: {...DEFAULT_POLICY, mode: 'auto'},
    depots: [...books.shelves.values()].map(({site, onHand, receipts, needs}) => ({
      depotId: site.depotId,
      partyId: 'OWN',
      parentDepotId: site.parentDepotId,
      onHand,
      receipts: receipts.map((order) => receiptOf(order, now)),
      needs: needs.map(({demandId, at, equipmentId, shortageMinorPerH}) => ({
        demandId,
        quantity: 1,
        neededAt: at,
        equipmentId,
        shortageMinorPerH,
      })),
      reservations: reserved
        .get(site.depotId)!
        .map((one) => ({...one, failed: !running.has(one.componentId)})),
      components: [...(risks.get(site.depotId) ?? [])],
      backgroundPerYear: foresight.backgroundPerYear(site.depotId),
      backgroundVmr: 1,
      holdingRatePerYear: site.holdingRatePerYear,
      mayStock: true,
      mustStock: false,
      maxStock: null,
      sources: [...site.sources],
    })),
  };
}

function receiptOf(
  {orderId, kind, quantity, expectedAt, sdH, hurry}: OpenOrder,
  now: number,
): SituationInput['depots'][number]['receipts'][number] {
  return {
    orderId,
    kind,
    quantity,
    meanH: Math.max((expectedAt - now) / HOUR_MS, OVERDUE_MIN_H, sdH / 2),
    sdH,
    expediteMeanH: hurry?.meanH ?? null,
    expediteFeeMinor: hurry?.feeMinor ?? null,
  };
}

function carryOut(books: Books, {depotId, option}: Decision): void {
  const {action, sourceKind, sourceId, mode, quantity} = option;
  if (sourceKind === 'order') {
    books.expedite(depotId, sourceId!);
    return;
  }
  if (action === 'transfer') {
    const lane = books.world.lanes.find(
      (one) => one.fromDepotId === sourceId && one.toDepotId === depotId && one.mode === mode,
    )!;
    books.transfer(lane, quantity);
    return;
  }
  const wanted = action === 'emergency' ? 'emergency' : 'normal';
  const {sources} = books.shelf(depotId).site;
  const source = sources.find((one) => one.sourceId === sourceId && one.kind === wanted)!;
  books.order(depotId, source, quantity, action === 'expedite' ? 'express' : 'usual');
}

function reservationsFor(
  {reasons, option}: Decision,
  depot: DepotSituation,
  now: number,
): Omit<Reserved, 'reservationId'>[] {
  return carriedReservations(reasons, depot, option.quantity).map(
    ({componentId, equipmentId, positionId, quantity, withinH, keepPpm}) => ({
      componentId,
      equipmentId,
      positionId,
      quantity,
      withinH,
      keepPpm,
      expiresAt: now + withinH * HOUR_MS,
      failed: false,
    }),
  );
}
