/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const CAMPAIGN = {
  partId: 'P-1',
  modelIds: ['CH-100'],
  takePpm: 500_000,
  startsAt: '2026-01-10T00:00:00.000Z',
  endsAt: '2026-02-10T00:00:00.000Z',
};

describe('forecasts of demand over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, prior_kind, prior_per_year, credibility,
              history_months, pieces, hidden_share)
       SELECT 'P-1', d, t, 'OWN', y, 1.2, 'master-data', 60, 0.5, 12, 30, 0.1
         FROM (VALUES ('D-1', '2026-01-01'::timestamptz, 40), ('D-1', '2026-01-04', 30), ('D-C', '2026-01-04', 50), ('D-1', '2026-01-09', 99)) AS x(d, t, y)`,
    );
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_outcome (part_id, depot_id, month, party_id, forecast_as_of, expected, vmr, actual, naive, sba, tsb)
       SELECT 'P-1', 'D-1', '2025-12-01'::timestamptz - make_interval(months => m), 'OWN', '2025-01-01', 4, 1, 8,
              CASE WHEN m < 2 THEN 6 END, CASE WHEN m < 2 THEN 5 END, CASE WHEN m < 2 THEN 4 END FROM generate_series(0, 5) m`,
    );
  });
  afterAll(() => world.stop());

  it('C1 a planner sees the forecast that decisions take now, the busiest first, and what the master data says', async () => {
    const {status, body} = await world.get('/api/v1/demand/forecasts');
    expect(status).toBe(200);
    expect(body.forecasts).toMatchObject([
      {depotId: 'D-C', perYear: 50, masterPerYear: 0},
      {depotId: 'D-1', perYear: 30, masterPerYear: 60, asOf: '2026-01-04T00:00:00.000Z', season: null},
    ]);
    expect((await world.get('/api/v1/demand/forecasts?depotId=D-1')).body.forecasts).toHaveLength(1);
  });

  it('C6 error and bias are told by part, class or depot', async () => {
    const {body} = await world.get('/api/v1/demand/accuracy?months=3');
    expect(body.accuracy).toMatchObject([
      {of: 'P-1', forecasts: 3, expected: 12, actual: 24, wape: 0.5, bias: -0.5, signal: 4.5, alarm: false},
    ]);
    // Of three months, two knew what simple methods would have said: naive 6, SBA 5, TSB 4 where 4 was forecast and 8 came.
    expect(body.accuracy[0].valueAdded).toMatchObject({
      months: 2,
      forecast: {wape: 0.5, rmse: 4},
      naive: {wape: 0.25, rmse: 2},
      sba: {wape: 0.375},
      tsb: {wape: 0.5},
      againstNaive: -0.25,
      againstBest: -1,
    });
    expect(body.total).toMatchObject({of: 'all', forecasts: 3, valueAdded: {months: 2}});
    const whole = await world.get('/api/v1/demand/accuracy?by=criticality');
    expect(whole.body.accuracy).toMatchObject([{of: 'B', forecasts: 6, alarm: true}]);
    expect(await world.get('/api/v1/demand/accuracy?by=colour')).toMatchObject({
      status: 400,
      body: {error: 'invalid-request'},
    });
  });

  it('C4 a campaign is planned, listed with its machines, planned anew and ended', async () => {
    const planned = await world.send('PUT', '/api/v1/campaigns/RECALL-1', CAMPAIGN);
    expect(planned).toMatchObject({
      status: 200,
      body: {campaignId: 'RECALL-1', machines: 2, served: 0, quantity: 1, takeStrength: 8},
    });
    await world.send('PUT', '/api/v1/campaigns/RECALL-1', {...CAMPAIGN, quantity: 3, takeStrength: 40});
    const {body} = await world.get('/api/v1/campaigns?partId=P-1');
    expect(body.campaigns).toMatchObject([
      {campaignId: 'RECALL-1', quantity: 3, takePpm: 500_000, takeStrength: 40},
    ]);
    expect(await world.send('DELETE', '/api/v1/campaigns/RECALL-1')).toMatchObject({status: 200});
    expect(await world.send('DELETE', '/api/v1/campaigns/RECALL-9')).toMatchObject({
      status: 404,
      body: {error: 'unknown-campaign'},
    });
    const worthless = await world.send('PUT', '/api/v1/campaigns/RECALL-1', {...CAMPAIGN, takeStrength: 0});
    expect(worthless).toMatchObject({status: 400, body: {error: 'invalid-request'}});
    const nobody = {...CAMPAIGN, modelIds: []};
    expect(await world.send('PUT', '/api/v1/campaigns/RECALL-2', nobody)).toMatchObject({
      body: {error: 'population-missing'},
    });
  });
});
