/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {KPIS} from '../../domain/kpi.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('key figures over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
    for (const equipmentId of ['M-1', 'M-2'])
      await world.post('/api/v1/repairs', {
        equipmentId,
        positionId: 'compressor',
        reportedAt: '2026-01-04T14:00:00.000Z',
        finding: 'failed',
        partMissing: true,
      });
  });
  afterAll(() => world.stop());

  it('L1 K8 each figure comes with its definition, and its rows are named as they can be looked up', async () => {
    const {body} = await world.get('/api/v1/kpis?kpiId=customer-impact-hours');
    expect(body).toMatchObject({from: '2025-12-08T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z'});
    const {definition, figures, freshness} = body.kpis[0];
    expect(definition).toEqual(KPIS.find(({id}) => id === 'customer-impact-hours'));
    expect(figures).toEqual([
      {key: null, currency: null, rows: 2, numerator: 20, denominator: null, value: 20},
    ]);
    expect(freshness).toEqual({asOf: '2026-01-05T00:00:00.000Z', nextAt: null, stale: false});
    const {rows, nextCursor} = (await world.get('/api/v1/kpis/customer-impact-hours/rows?limit=1')).body;
    expect(rows).toMatchObject([{depotId: 'D-1', partId: 'P-1', partnerId: 'CUS', numerator: 10}]);
    expect((await world.get(`/api/v1/demand/${rows[0].ref}`)).status).toBe(200);
    const next = await world.get(`/api/v1/kpis/customer-impact-hours/rows?limit=2&cursor=${nextCursor}`);
    expect(next.body.rows).toHaveLength(1);
    expect(next.body).toMatchObject({nextCursor: null});
    expect(next.body.rows[0].ref).not.toBe(rows[0].ref);
  });

  it('L1 all figures in one request, and by a dimension those that have it', async () => {
    const {body} = await world.get('/api/v1/kpis?by=depot');
    const ids = body.kpis.map((one: any) => one.definition.id); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(ids).toEqual(KPIS.filter(({dimensions}) => dimensions.includes('depot')).map(({id}) => id));
    expect((await world.get('/api/v1/kpis')).body.kpis).toHaveLength(KPIS.length);
  });

  it('a figure, a dimension, a window or a cursor that is not there is refused with what there is', async () => {
    expect((await world.get('/api/v1/kpis/luck/rows')).body).toMatchObject({error: 'unknown-kpi'});
    expect((await world.get('/api/v1/kpis?kpiId=stock-out-hours&by=partner')).body).toMatchObject({
      error: 'dimension-not-kept',
      message: 'the rows of stock-out-hours have no partner; ask by part, depot, region, criticality',
    });
    expect((await world.get('/api/v1/kpis?from=2026-02-01T00:00:00Z')).body).toMatchObject({
      error: 'empty-period',
    });
    expect((await world.get('/api/v1/kpis?from=2020-01-01T00:00:00Z')).body).toMatchObject({
      error: 'period-too-long',
    });
    const rows = await world.get('/api/v1/kpis/fill-rate/rows?cursor=nonsense');
    expect(rows).toMatchObject({status: 400, body: {details: [{path: 'query.cursor'}]}});
    const shape = Buffer.from('["x","y"]').toString('base64url');
    const crooked = await world.get(`/api/v1/kpis/fill-rate/rows?cursor=${shape}`);
    expect(crooked.status).toBe(400);
  });
});
