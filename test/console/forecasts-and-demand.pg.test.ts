import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openServiceWorld, reading} from './service-world.ts';
import type {ServiceWorld} from './service-world.ts';

interface Forecast {
  readonly equipmentId: string;
  readonly positionId: string;
  readonly asOf: string;
  readonly cumulativePpm: readonly number[];
}
interface Need {
  readonly demandId: string;
  readonly equipmentId: string;
  readonly state: string;
  readonly qty: number;
  readonly filledQty: number;
}

describe('forecasts and demand over HTTP', () => {
  let world: ServiceWorld;
  beforeAll(async () => {
    world = await openServiceWorld();
  });
  afterAll(() => world.stop());

  const forecastsOf = async (equipmentId: string): Promise<Forecast[]> =>
    ((await world.get(`/api/v1/equipment/${equipmentId}/forecasts`)).body as {forecasts: Forecast[]})
      .forecasts;
  const demand = async (query = ''): Promise<Need[]> =>
    ((await world.get(`/api/v1/demand${query}`)).body as {demand: Need[]}).demand;

  it('B1 the forecasts of an equipment are curves that never fall, newest first; what nobody heard of has none', async () => {
    for (const minutesAgo of [240, 180, 120, 60, 1])
      await world.tell('telemetry/v1/SITE-2/M-1', reading(minutesAgo));
    const forecasts = await forecastsOf('M-1');
    expect(forecasts.length).toBeGreaterThan(1);
    for (const one of forecasts) {
      expect(one).toMatchObject({equipmentId: 'M-1', positionId: 'compressor'});
      expect(one.cumulativePpm).toEqual([...one.cumulativePpm].sort((a, b) => a - b));
    }
    const asOf = forecasts.map((one) => one.asOf);
    expect(asOf).toEqual([...asOf].sort().reverse());
    expect(await forecastsOf('M-404')).toEqual([]);
    expect(await world.get('/api/v1/equipment/M-1/forecasts?limit=many')).toMatchObject({
      status: 400,
      body: {error: 'invalid-request'},
    });
  });

  it('E1 a need stands in the list until it is filled, and is found by its state', async () => {
    expect(await demand()).toEqual([]);
    await world.post('/api/v1/repairs', {
      equipmentId: 'M-2',
      positionId: 'compressor',
      reportedAt: '2026-01-04T10:00:00.000Z',
      finding: 'failed',
      partMissing: true,
    });
    const open = (await demand('?state=open'))[0]!;
    expect(open).toMatchObject({equipmentId: 'M-2', qty: 1, filledQty: 0, state: 'open'});
    const goods = {part: {number: 'P-1'}, depotId: 'D-1', qty: 1};
    const issue = {...goods, customerPartyId: 'CUS', demandId: open.demandId};
    expect(await world.post('/api/v1/stock/issues', issue)).toMatchObject({status: 200});
    expect(await demand('?state=open')).toEqual([]);
    expect(await demand('?state=filled')).toMatchObject([{demandId: open.demandId, filledQty: 1}]);
    expect(await world.get('/api/v1/demand?state=lost')).toMatchObject({
      status: 400,
      body: {error: 'invalid-request'},
    });
  });
});
