/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('plans by HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  it('D2 D6 a plan for an availability is shown, kept on demand, and then listed', async () => {
    const goal = {availability: 0.9, limit: 5};
    const shown = await world.post('/api/v1/plans/targets', goal);
    expect(shown).toMatchObject({status: 200, body: {runId: null, currency: 'EUR', machines: 2}});
    expect(shown.body.availability).toBeGreaterThanOrEqual(0.9);
    expect((await world.get('/api/v1/plans/targets')).body.targets).toEqual([]);
    const kept = await world.post('/api/v1/plans/targets', {...goal, apply: true, actor: 'ada'});
    const {runId, targets} = kept.body as {runId: string; targets: {depotId: string}[]};
    expect(targets.map(({depotId}) => depotId).sort()).toEqual(['D-1', 'D-C']);
    const listed = (await world.get('/api/v1/plans/targets?depotId=D-1')).body.targets;
    expect(listed).toMatchObject([{partId: 'P-1', depotId: 'D-1', runId}]);
    const audit = await world.db
      .poolFor('forestock_api')
      .query(`SELECT actor FROM platform.audit_entry WHERE action = 'plan.targets'`);
    expect(audit.rows).toEqual([{actor: 'ada'}]);
  });

  it('D2 a plan has one goal, which must be within reach', async () => {
    for (const goals of [{}, {budgetMinor: 1, availability: 0.5}])
      expect(await world.post('/api/v1/plans/targets', goals)).toMatchObject({
        status: 422,
        body: {error: 'one-goal'},
      });
    expect(await world.post('/api/v1/plans/targets', {availability: 1})).toMatchObject({status: 422});
  });

  it('G4 the last order of a part is worked out until a day', async () => {
    const asked = '/api/v1/plans/last-buy?partId=P-1&until=2030-01-01T00:00:00.000Z&salvagePercent=-5';
    const {status, body} = await world.get(asked);
    expect(status).toBe(200);
    expect(body).toMatchObject({until: '2030-01-01T00:00:00.000Z', salvageMinor: -5_000});
    expect(body.curve).toContainEqual(body.best);
    expect(await world.get('/api/v1/plans/last-buy?partId=P-1')).toMatchObject({
      status: 422,
      body: {error: 'no-end'},
    });
  });

  it('D1 policies for a part at a depot are compared, one of them for a fill rate', async () => {
    const {status, body} = await world.get(
      '/api/v1/plans/policies?partId=P-1&depotId=D-1&reviewDays=7&fillRate=0.95',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      source: {kind: 'depot', id: 'D-C', leadTimeDays: 2, law: 'parallel'},
      demand: {piecesPerYear: 60, ordersPerYear: 60, ordersOnRecord: 0},
      reviewDays: 7,
    });
    const policies = body.policies as {kind: string; totalMinor: number; isCheapest: boolean}[];
    expect(policies[0]!.kind).toBe('decided');
    expect(policies.at(-1)!.kind).toBe('periodic-fill-rate');
    const [cheapest] = policies.filter(({isCheapest}) => isCheapest);
    expect(cheapest!.totalMinor).toBe(Math.min(...policies.map(({totalMinor}) => totalMinor)));
    expect(await world.get('/api/v1/plans/policies?partId=P-1&depotId=D-9')).toMatchObject({
      status: 422,
      body: {error: 'unknown-depot'},
    });
    expect(await world.get('/api/v1/plans/policies?partId=P-1&depotId=D-1&fillRate=1')).toMatchObject({
      status: 400,
    });
  });

  it('F5 F1 what to move, and whom to serve, can be asked at any time', async () => {
    expect(await world.post('/api/v1/plans/rebalance', {})).toMatchObject({
      status: 200,
      body: {runId: null, gainMinor: 0, moves: []},
    });
    expect((await world.get('/api/v1/share-outs')).body).toEqual({shareOuts: []});
    expect((await world.get('/api/v1/share-outs/advice?depotId=D-1')).body).toEqual({advice: []});
  });
});
