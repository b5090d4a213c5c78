/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('views of the network over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
    await world.post('/api/v1/repairs', {
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: '2026-01-04T14:00:00.000Z',
      finding: 'failed',
      partMissing: true,
    });
    await world.decide();
  });
  afterAll(() => world.stop());

  it('L2 every depot with its place, stock, pipeline, risk and what it owes', async () => {
    const {depots} = (await world.get('/api/v1/network/depots')).body;
    expect(depots.map((one: any) => one.depotId)).toEqual(['D-C', 'D-1']); // eslint-disable-line @typescript-eslint/no-explicit-any
    const [central, regional] = depots;
    expect(central).toMatchObject({lat: 52.37, lon: 4.9, backorderLines: 0, shelves: 1});
    expect(central.money).toMatchObject([{currency: 'EUR', stockMinor: 10 * 100_000, pipelineMinor: 0}]);
    expect(regional).toMatchObject({backorderLines: 1, backorderPieces: 1, shelves: 1, alerts: 1});
    expect(regional.money[0]).toMatchObject({stockMinor: 0});
    expect(regional.money[0].riskMinor).toBeGreaterThan(0);
    expect((await world.get('/api/v1/network/depots?region=North')).body.depots).toEqual([]);
  });

  it('L2 parts at depots, the dearest risk first, and the sum of their risks is the depots’', async () => {
    const {partDepots, nextCursor} = (await world.get('/api/v1/part-depots?limit=1')).body;
    expect(partDepots).toMatchObject([{partId: 'P-1', depotId: 'D-1', onHand: 0, owed: 1}]);
    const next = (await world.get(`/api/v1/part-depots?limit=1&cursor=${nextCursor}`)).body.partDepots;
    expect(next).toMatchObject([{partId: 'P-1', depotId: 'D-C', onHand: 10}]);
    const {depots} = (await world.get('/api/v1/network/depots')).body;
    for (const row of [...partDepots, ...next]) {
      const depot = depots.find((one: any) => one.depotId === row.depotId); // eslint-disable-line @typescript-eslint/no-explicit-any
      expect(row.riskMinor).toBe(depot.money[0].riskMinor);
    }
    expect((await world.get('/api/v1/part-depots?sort=empty')).body.partDepots[0].depotId).toBe('D-1');
    expect((await world.get('/api/v1/part-depots?depotId=D-C')).body.partDepots).toHaveLength(1);
  });

  it('one part at one depot: its stock of the next weeks, as its decisions see it', async () => {
    const {body} = await world.get('/api/v1/part-depots/P-1/D-1?weeks=2');
    expect(body).toMatchObject({onHand: 0, owed: 1, feeds: [], currency: 'EUR'});
    expect(body.days).toHaveLength(15);
    expect(body.days[0]).toMatchObject({
      quantiles: [-1, -1, -1, -1, -1],
      emptyProbability: 1,
      expectedShort: 1,
    });
    // 60 pieces a year are asked for: a week on, 1.15 pieces fewer and what the machines may need; nothing comes.
    expect(body.days[7].mean).toBeLessThan(-1 - 60 / 52.2);
    const means = body.days.map(({mean}: {mean: number}) => mean);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    const central = (await world.get('/api/v1/part-depots/P-1/D-C')).body;
    expect(central).toMatchObject({onHand: 10, feeds: ['D-1'], days: {length: 57}});
    expect((await world.get('/api/v1/part-depots/P-2/D-1')).body).toMatchObject({error: 'not-found'});
  });

  it('the risk in a list is the one on the page of the shelf', async () => {
    const [row] = (await world.get('/api/v1/part-depots?depotId=D-1')).body.partDepots;
    const {riskMinor, target, position} = (await world.get('/api/v1/part-depots/P-1/D-1')).body;
    expect(row).toMatchObject({riskMinor, target, position});
  });

  it('an equipment’s signals in steps, weighed by their readings, and its open work', async () => {
    await world.db.poolFor('forestock_predict').query(
      `INSERT INTO predict.feature_bucket (equipment_no, bucket_at, signal, n, mean, m2, min, max, last)
       SELECT equipment_no, b.at::timestamptz, 'vibration', b.n, b.mean, 0, b.mean - 1, b.mean + 1, b.mean
         FROM network.equipment, (VALUES ('2026-01-04T01:00Z', 3, 2), ('2026-01-04T02:00Z', 1, 6), ('2026-01-04T20:00Z', 5, 4)) AS b(at, n, mean)
        WHERE equipment_id = 'M-1'`,
    );
    const day = 'from=2026-01-04T00:00:00Z&to=2026-01-05T00:00:00Z';
    const {signals} = (await world.get(`/api/v1/equipment/M-1/telemetry?${day}&points=2`)).body;
    expect(signals).toMatchObject([
      {
        signal: 'vibration',
        unit: 'mm/s',
        points: [
          {at: '2026-01-04T02:00:00.000Z', n: 4, mean: 3, min: 1, max: 7},
          {at: '2026-01-04T20:00:00.000Z', n: 5, mean: 4, min: 3, max: 5},
        ],
      },
    ]);
    expect((await world.get('/api/v1/equipment/M-2/telemetry')).body.signals).toEqual([]);
    expect((await world.get('/api/v1/equipment/M-9/telemetry')).body).toMatchObject({error: 'not-found'});
    expect((await world.get(`/api/v1/equipment/M-1/telemetry?from=2020-01-01T00:00:00Z`)).body).toMatchObject(
      {
        error: 'period-too-long',
      },
    );
    expect((await world.get('/api/v1/equipment/M-1/work')).body.needs).toMatchObject([
      {partId: 'P-1', depotId: 'D-1', openQty: 1},
    ]);
    expect((await world.get('/api/v1/equipment/M-2/work')).body.needs).toEqual([]);
  });

  it('L2 pages of 100,000 part-depots follow each other without a repeat, by each order', async () => {
    const owner = world.db.poolFor('forestock_network');
    await owner.query(
      `INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency) SELECT 'X-' || lpad(i::text, 5, '0'), 'G-1', 'x', 1, 'EUR' FROM generate_series(1, 50000) i`,
    );
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.shelf_standing (part_id, depot_id, party_id, as_of, on_hand, on_order, owed, position, target, risk_minor, currency, horizon_h, empty_at)
       SELECT 'X-' || lpad(i::text, 5, '0'), d, 'OWN', '2026-01-05', 1, 0, 0, 1, 1, (i * 7919) % 100003, 'EUR', 168,
              CASE WHEN i % 3 = 0 THEN '2026-01-06'::timestamptz + i * interval '1 s' END FROM generate_series(1, 50000) i, unnest(ARRAY['D-1', 'D-C']) d`,
    );
    for (const sort of ['risk', 'empty', 'part']) {
      let cursor = '';
      const seen: string[] = [];
      for (let page = 0; page < 12; page += 1) {
        const {body} = await world.get(`/api/v1/part-depots?sort=${sort}&limit=100${cursor}`);
        seen.push(...body.partDepots.map((row: any) => `${row.partId}@${row.depotId}`)); // eslint-disable-line @typescript-eslint/no-explicit-any
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect(new Set(seen).size).toBe(1200);
    }
  }, 60_000);
});
