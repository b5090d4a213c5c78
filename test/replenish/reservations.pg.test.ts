import {beforeEach, describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {HOUR_MS, toIso} from '../../domain/time.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import {listDecisions, listReservations, redecide} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** Machine M-1 at D-1, M-2 at D-3, the only piece at D-2: twelve hours of road between any two, and a supplier three months away. */
function oneFarPiece(): MasterData {
  const {sourcing, ...network} = tinyNetwork();
  const [, fromSupplier] = sourcing!;
  const [here] = network['depot']!;
  const depots = ['D-1', 'D-2', 'D-3'];
  return {
    ...network,
    depot: [...network['depot']!, ...['D-2', 'D-3'].map((depot_id) => ({...here!, depot_id}))],
    service_area: [
      {equipment_id: 'M-1', depot_id: 'D-1', priority: 1, transit_h: 2},
      {equipment_id: 'M-2', depot_id: 'D-3', priority: 1, transit_h: 2},
    ],
    sourcing: depots.map((depot_id) => ({
      ...fromSupplier!,
      depot_id,
      lead_time_mean_d: 90,
      lead_time_sd_d: 0,
    })),
    lane: depots.flatMap((from_depot_id) =>
      depots
        .filter((to_depot_id) => to_depot_id !== from_depot_id)
        .map((to_depot_id) => ({
          from_depot_id,
          to_depot_id,
          mode: 'road',
          transit_mean_h: 12,
          transit_sd_h: 0,
          cost_minor: 8000,
        })),
    ),
    part_depot: depots.map((depot_id) => ({part_id: 'P-1', depot_id, party_id: 'OWN'})),
    opening_stock: [{depot_id: 'D-2', part_id: 'P-1', owner_party_id: 'OWN', qty: 1}],
  };
}

const TRANSFERS = `SELECT order_id AS "orderId", from_loc AS "from", to_loc AS "to" FROM network.supply_order
  WHERE kind = 'transfer' ORDER BY ordered_at, order_id`;

describe('reservations for predicted machines, on rows', () => {
  let network: DecidingNetwork;

  const transfers = async () =>
    (await network.pool.query<{orderId: string; from: string; to: string}>(TRANSFERS)).rows;
  const standing = async () =>
    (await listReservations(network.pool, {limit: 10})).map(({componentId, depotId, quantity}) => [
      componentId,
      depotId,
      quantity,
    ]);
  const releases = async () =>
    (
      await network.pool.query<{body: {cause: string; componentId: string}}>(
        `SELECT body FROM platform.audit_entry WHERE action = 'reservation.released' ORDER BY audit_id`,
      )
    ).rows.map(({body}) => [body.componentId, body.cause]);
  const look = async (hours: number, forecasts: Readonly<Record<string, number>>) => {
    network.pass(hours);
    for (const [componentId, weekPpm] of Object.entries(forecasts))
      await network.forecast(componentId, weekPpm);
    await network.signal();
    return network.decide();
  };
  /** The piece has come from D-2 to D-1 for S-1, which is expected to fail. */
  const moved = async () => {
    await look(0, {'S-1': 500_000});
    const {orderId} = (await transfers())[0]!;
    await network.book('shipOrder', {orderId});
    network.pass(12);
    await network.book('receiveOrder', {orderId});
    await network.decide();
  };

  beforeEach(async () => {
    network = await DecidingNetwork.open(oneFarPiece());
  });

  it('F4 a far piece moves before the failure and is reserved for its machine in the same transaction', async () => {
    const [decided] = await look(0, {'S-1': 500_000});
    expect(decided!.settled.decision.reasons).toContainEqual(
      expect.objectContaining({
        code: 'reserved-for',
        componentId: 'S-1',
        quantity: 1,
        probabilityPpm: 500_000,
      }),
    );
    expect(await transfers()).toMatchObject([{from: 'depot:D-2', to: 'depot:D-1'}]);
    expect(await listReservations(network.pool, {limit: 10})).toMatchObject([
      {
        componentId: 'S-1',
        equipmentId: 'M-1',
        partId: 'P-1',
        depotId: 'D-1',
        quantity: 1,
        decisionId: decided!.decisionId,
        // The supplier is 90 days away, and so far ahead was the gain counted.
        expiresAt: network.now + 2160 * HOUR_MS,
      },
    ]);
    expect(await network.count(`platform.audit_entry WHERE action = 'reservation.made'`)).toBe(1);
  });

  it('F4 another depot’s prediction does not take the reserved piece; it decays, is released, and the piece is offered again', async () => {
    await moved();
    // At 5 % the piece would be worth more at D-3, and still it stays: that is what was promised to M-1.
    const held = await look(6, {'S-1': 50_000, 'S-2': 900_000});
    const forD3 = held.find(({settled}) => settled.decision.depotId === 'D-3')!.settled.decision;
    expect([forD3.option, ...forD3.alternatives]).toContainEqual(
      expect.objectContaining({action: 'transfer', sourceId: 'D-1', excluded: 'D-1 holds it for M-1'}),
    );
    expect(await transfers()).toHaveLength(1);
    expect(await standing()).toEqual([['S-1', 'D-1', 1]]);

    const [released] = await look(6, {'S-1': 1_000, 'S-2': 900_000});
    expect(await releases()).toEqual([['S-1', 'forecast-decayed']]);
    expect(released!.settled.decision.reasons).toContainEqual(
      expect.objectContaining({code: 'reservation-released', componentId: 'S-1', cause: 'forecast-decayed'}),
    );
    expect((await transfers())[1]).toMatchObject({from: 'depot:D-1', to: 'depot:D-3'});
    expect(await standing()).toEqual([['S-2', 'D-3', 1]]);
  });

  it('F4 a machine that stands takes the piece that another is expected to need', async () => {
    await moved();
    await network.breakDown('M-2');
    await look(0, {'S-1': 50_000});
    expect((await transfers())[1]).toMatchObject({from: 'depot:D-1', to: 'depot:D-3'});
    expect(await releases()).toEqual([['S-1', 'piece-gone']]);
    expect(await standing()).toEqual([]);
  });

  it('F4 a reservation expires by the world clock, and nobody has to ask', async () => {
    await moved();
    network.pass(2160 - 12 - 1);
    await network.decide();
    expect(await releases()).toEqual([]);
    network.pass(1);
    const [decided] = await network.decide(); // no forecast, no signal but its own
    expect(decided!.written).toBe(true);
    expect(await releases()).toEqual([['S-1', 'expired']]);
    expect(await network.count('replenish.demand_signal WHERE pending')).toBe(0);
  });

  it('F4 a component that is replaced as planned lets its piece go', async () => {
    await moved();
    await network.book('reportRepair', {
      equipmentId: 'M-1',
      positionId: 'compressor',
      finding: 'planned',
      serial: 'S-9',
      reportedAt: toIso(network.now),
    });
    await network.decide();
    expect(await releases()).toEqual([['S-1', 'component-removed']]);
  });

  it('F4 a component that fails takes its piece, and the reservation ends with its demand line', async () => {
    await moved();
    await network.breakDown();
    await network.decide();
    expect(await releases()).toEqual([['S-1', 'failed']]);
    const issued = {part: {number: 'P-1'}, depotId: 'D-1', qty: 1, customerPartyId: 'CUS'};
    await network.book('issueStock', issued);
    await network.decide();
    expect(await standing()).toEqual([]);
    expect(await network.count(`network.stock_balance WHERE loc = 'depot:D-1' AND qty > 0`)).toBe(0);
  });

  it('F4 a machine whose piece another one took gets the next piece reserved as well', async () => {
    await moved();
    const piece = {part: {number: 'P-1'}, qty: 1};
    await network.book('issueStock', {...piece, depotId: 'D-1', customerPartyId: 'CUS'});
    await network.book('receiveStock', {...piece, depotId: 'D-2', fromLoc: 'supplier:SUP'});
    const [decided] = await look(0, {'S-1': 500_000});
    expect(decided!.settled.decision.reasons.map(({code}) => code)).toEqual(
      expect.arrayContaining(['reservation-released', 'reserved-for']),
    );
    expect(await releases()).toEqual([['S-1', 'piece-gone']]);
    expect(await transfers()).toHaveLength(2);
    expect(await listReservations(network.pool, {limit: 10})).toMatchObject([
      {componentId: 'S-1', depotId: 'D-1', decisionId: decided!.decisionId},
    ]);
  });

  it('D5 a proposal reserves nothing until it is approved', async () => {
    await network.forecast('S-1', 500_000);
    await network.signal();
    const [proposed] = await network.decide({mode: 'propose'});
    expect(proposed!.settled.decision.reasons.map(({code}) => code)).toContain('reserved-for');
    expect(await standing()).toEqual([]);
    const reviews = createReviews(network.pool, {targets: ['erp'], now: () => network.now});
    const {decisionId} = proposed!;
    const verdict = {
      verdict: 'approve',
      actor: 'ada',
      role: 'planner',
      reasonCode: null,
      note: null,
      quantity: null,
      key: null,
    };
    expect(await reviews.review({...verdict, verdict: 'approve', decisionId})).toMatchObject({ok: true});
    expect(await standing()).toEqual([['S-1', 'D-1', 1]]);
  });

  it('invariant I5a: with reservations made, standing and released, every decision is decided again to the byte', async () => {
    await moved();
    await look(6, {'S-1': 50_000, 'S-2': 900_000});
    await look(6, {'S-1': 1_000});
    await look(6, {'S-1': 600_000, 'S-2': 2_000});
    const decisions = await listDecisions(network.pool, {limit: 100});
    const codes = new Set(decisions.flatMap(({reasons}) => reasons.map(({code}) => code)));
    expect(codes).toContain('reserved-for');
    expect(codes).toContain('reservation-released');
    for (const {decisionId} of decisions)
      expect(await redecide(network.pool, decisionId), decisionId).toMatchObject({same: true});
  });
});
