/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {START} from '../network/tiny-network.ts';
import {learnAll} from '../../replenish/adapters/lead-time-rows.ts';
import {hungryNetwork, openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const ORDER = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';

describe('supply over HTTP', () => {
  let world: ConsoleWorld;
  beforeEach(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: hungryNetwork()});
    await world.db
      .poolFor('forestock_network')
      .query(
        `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 3, 'released', $2, $3, 24, 0, 'EUR', null)`,
        [ORDER, '2025-12-01T00:00:00.000Z', '2025-12-21T00:00:00.000Z'],
      );
  });
  afterEach(() => world.stop());

  const atp = async () => (await world.get('/api/v1/atp?partId=P-1&depotId=D-C')).body.available[0];
  const order = async () => (await world.get('/api/v1/orders?state=open')).body.orders[0];

  it('E9 H9 an overdue order adds nothing until it is confirmed; a slip is listed with its risk and is one alert in words', async () => {
    expect(await atp()).toMatchObject({available: 10, now: 10, overdue: 3, firm: []});
    await world.post(`/api/v1/orders/${ORDER}/confirm`, {promisedAt: '2026-01-12T00:00:00.000Z'});
    expect(await atp()).toMatchObject({
      available: 13,
      overdue: 0,
      firm: [{orderId: ORDER, dueAt: '2026-01-12T00:00:00.000Z', quantity: 3, free: 3}],
    });
    const before = await order();
    expect(before).toMatchObject({slips: 0, firstPromisedAt: '2026-01-12T00:00:00.000Z', receivedAt: null});
    await world.post(`/api/v1/orders/${ORDER}/confirm`, {promisedAt: '2026-01-19T00:00:00.000Z'});
    const after = await order();
    expect(after).toMatchObject({slips: 1, firstPromisedAt: '2026-01-12T00:00:00.000Z'});
    expect(after.lateProbability).toBeGreaterThan(before.lateProbability as number);
    expect((await world.get('/api/v1/alerts?kind=order-slipping')).body.alerts).toMatchObject([
      {
        subject: ORDER,
        text: 'supplier:SUP moved 3 of P-1 for depot:D-C back once: from 2026-01-12 to 2026-01-19',
      },
    ]);
  });

  it('H1 lead times are listed as learnt, beside their plan and whether decisions use them', async () => {
    await learnAll(world.db.poolFor('forestock_replenish'), START);
    const {leadTimes} = (await world.get('/api/v1/lead-times?partId=P-1')).body;
    // One order that is 15 days late is a beginning, and no reason to leave the plan.
    expect(leadTimes).toMatchObject([
      {source: 'supplier:SUP', depotId: 'D-C', kind: 'normal', planDays: 20, evidence: 1, enough: false},
    ]);
    expect(leadTimes[0].meanDays).toBeGreaterThan(20);
  });

  it('E10 a need is listed with the date that supply keeps, and each date it was told', async () => {
    await world.post('/api/v1/repairs', {
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: '2026-01-04T14:00:00.000Z',
      finding: 'failed',
      partMissing: true,
    });
    await world.decide();
    const line = (await world.get('/api/v1/demand?state=open')).body.demand[0];
    expect(line).toMatchObject({promiseConfidence: 0.9, coveredBy: expect.any(String)});
    const {promises} = (await world.get(`/api/v1/promises?demandId=${line.demandId}`)).body;
    expect(promises).toMatchObject([
      {promiseNo: 1, promisedAt: line.promisedAt, confidence: 0.9, kept: null, partId: 'P-1', depotId: 'D-1'},
    ]);
  });
});
