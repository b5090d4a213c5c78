/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {contracted} from './contracted.ts';

describe('stock by owner', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: contracted()});
  });
  afterAll(() => world.stop());

  it('J2 J11 what is in transit belongs to whom the contract says, and the owners’ sums are the ledger’s', async () => {
    const orders = {
      'P-1': '11111111-1111-4111-8111-111111111111',
      'P-2': '22222222-2222-4222-8222-222222222222',
    };
    for (const [partId, orderId] of Object.entries(orders)) {
      await world.db
        .poolFor('forestock_network')
        .query(
          `SELECT network.place_supply_order($1, $1, 'purchase', $2, 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 3, 'released', $3, $3, 0, 0, 'EUR', null)`,
          [orderId, partId, '2026-01-07T12:00:00Z'],
        );
      expect((await world.post(`/api/v1/orders/${orderId}/ship`, {})).status).toBe(200);
    }
    const {capital} = (await world.get('/api/v1/working-capital')).body;
    expect(capital.filter(({state}: {state: string}) => state === 'in-transit')).toEqual([
      // P-1 by the term of K-S at shipment, P-2 by none at receipt.
      {
        ownerPartyId: 'OWN',
        holderPartyId: 'OWN',
        state: 'in-transit',
        currency: 'EUR',
        pieces: 3,
        valueMinor: 300_000,
      },
      {
        ownerPartyId: 'SUP',
        holderPartyId: 'OWN',
        state: 'in-transit',
        currency: 'EUR',
        pieces: 3,
        valueMinor: 2_700,
      },
    ]);
    const {stock} = (await world.get('/api/v1/stock')).body;
    const sum = (rows: {valueMinor: number}[]) => rows.reduce((total, {valueMinor}) => total + valueMinor, 0);
    expect(sum(capital)).toBe(sum(stock));
    expect((await world.get('/api/v1/working-capital?partyId=SUP')).body.capital).toHaveLength(1);
  });
});
