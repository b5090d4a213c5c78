/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {route} from '../../console/api/route.ts';
import {ROUTES} from '../../console/api/routes.ts';
import {serveRoutes} from '../../console/api/serve-routes.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {shareUpkeep} from '../../partners/main.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const TERMS = {
  purpose: 'plans its production',
  useRights: 'for that purpose alone, not passed on',
  fields: {partId: 'plain', depotId: 'plain', qty: 'plain'},
  retentionDays: 30,
};
const PATH = '/api/v1/my/stock';

describe('shares of data', () => {
  let world: ConsoleWorld;
  const bearer: Record<string, {authorization: string}> = {};
  beforeAll(async () => {
    world = await openConsoleWorld({
      mode: 'shadow',
      data: tinyNetwork(), // 2 pieces of P-1 at D-1 and 10 at D-C, which SUP supplies
      apiToken: 'the-installation-token',
    });
    for (const [name, partyId, role] of [
      ['sup', 'SUP', 'supplier'],
      ['cus', 'CUS', 'customer'],
    ] as const) {
      const {status, body} = await world.send('PUT', `/api/v1/tokens/of-${name}`, {partyId, role}, OWNER);
      expect(status).toBe(200);
      bearer[partyId] = {authorization: `Bearer ${body.token}`};
    }
  });
  afterAll(() => world.stop());

  const agree = (more: object = {}) =>
    world.send('PUT', '/api/v1/data-shares/SUP/stock', {...TERMS, ...more}, OWNER);
  const stock = async (query = '') => (await world.get(`${PATH}${query}`, bearer['SUP'])).body;
  const file = async (): Promise<string> =>
    (await fetch(`${world.url}${PATH}.csv`, {headers: bearer['SUP']!})).text();
  const sent = async () => (await world.get('/api/v1/data-shares/sent', OWNER)).body.sent;

  it('K4 without a share a supplier is sent no stock, in no form', async () => {
    expect(await world.get(PATH, bearer['SUP'])).toMatchObject({status: 404, body: {error: 'not-shared'}});
    expect(await file()).toContain('not-shared');
    expect(await world.get(PATH, bearer['CUS'])).toMatchObject({status: 403});
    expect(await sent()).toEqual([]);
  });

  it('K4 a field that is not granted is absent from the API and the export', async () => {
    expect(await agree({fields: {partId: 'plain', qty: 'plain'}})).toMatchObject({
      status: 200,
      body: {version: 1, from: toIso(START), to: null},
    });
    expect(await stock()).toEqual({
      stock: [
        {partId: 'P-1', qty: 10},
        {partId: 'P-1', qty: 2},
      ].reverse(),
    });
    expect((await file()).replace('\uFEFF', '')).toBe('partId,qty [pieces]\r\nP-1,2\r\nP-1,10\r\n');
    expect(await sent()).toMatchObject([
      {sentNo: 2, partyId: 'SUP', data: 'stock', version: 1, way: 'csv', rows: 2},
      {sentNo: 1, way: 'api', rows: 2, keepUntil: toIso(epochMs(START + 30 * DAY_MS))},
    ]);
  });

  it('K4 masked fields are the same pseudonym each time, and staff that names the party sees what it sees', async () => {
    await agree({fields: {depotId: 'masked', qty: 'masked', movedAt: 'masked'}});
    const first = await stock();
    expect(first.stock.map(({depotId}: {depotId: string}) => /^x-[0-9a-f]{10}$/.test(depotId))).toEqual([
      true,
      true,
    ]);
    expect(new Set(first.stock.map(({depotId}: {depotId: string}) => depotId)).size).toBe(2);
    expect(first.stock[0]).not.toHaveProperty('partId');
    expect(await stock()).toEqual(first);
    const before = (await sent()).length;
    expect((await world.get(`${PATH}?partyId=SUP`, OWNER)).body).toEqual(first);
    expect((await sent()).length).toBe(before);
    expect(JSON.stringify((await world.get('/api/v1/data-shares', OWNER)).body)).not.toContain('key');
  });

  it('K4 groups below the floor are merged, and no filter looks into them', async () => {
    await agree({groupBy: ['depotId'], groupMin: 2});
    expect(await stock()).toEqual({stock: [{depotId: 'other', qty: 12, behind: 2}]});
    await agree({groupBy: ['depotId'], groupMin: 3});
    expect(await stock()).toEqual({stock: []});
  });

  it('K4 a share with a frequency sends its last state again until the next is due', async () => {
    await agree({everyHours: 24});
    const first = await stock();
    const issue = {sourceKey: 'i-1', depotId: 'D-C', part: {number: 'P-1'}, qty: 4, customerPartyId: 'CUS'};
    expect(await world.post('/api/v1/stock/issues', issue, OWNER)).toMatchObject({status: 200});
    expect(await stock()).toEqual(first);
    await world.clock.advanceTo(epochMs(START + DAY_MS));
    expect((await stock()).stock).toContainEqual({partId: 'P-1', depotId: 'D-C', qty: 6});
  });

  it('K4 the next version begins at its date and ends the one before; what has begun is not rewritten', async () => {
    const from = epochMs(START + 2 * DAY_MS);
    const {body} = await agree({from: toIso(from), fields: {qty: 'plain'}, everyHours: null});
    expect(Object.keys((await stock()).stock[0])).toEqual(['partId', 'depotId', 'qty']);
    await world.clock.advanceTo(from);
    expect(Object.keys((await stock()).stock[0])).toEqual(['qty']);
    const versions = (await world.get('/api/v1/data-shares', bearer['SUP'])).body.dataShares;
    expect(versions.slice(0, 2)).toMatchObject([
      {version: body.version, to: null},
      {version: body.version - 1, to: toIso(from)},
    ]);
    expect(await agree({from: toIso(START)})).toMatchObject({
      status: 422,
      body: {error: 'effective-in-past'},
    });
    expect(await agree({fields: {valueMinor: 'plain'}})).toMatchObject({
      status: 422,
      body: {error: 'share-invalid', message: expect.stringContaining('valueMinor')},
    });
    expect(await world.get('/api/v1/data-shares?partyId=SUP', bearer['CUS'])).toMatchObject({status: 403});
    expect((await world.get('/api/v1/data-shares', bearer['CUS'])).body.dataShares).toEqual([]);
  });

  it('K4 the retention job deletes what is over, states included, and keeps what is on hold', async () => {
    const pool = world.db.poolFor('forestock_partners');
    const upkeep = shareUpkeep(pool);
    const total = (await sent()).length;
    const old = (await sent()).filter(
      ({keepUntil}: {keepUntil: string}) => keepUntil <= toIso(epochMs(START + 30 * DAY_MS)),
    );
    expect(await upkeep.run(epochMs(START + 30 * DAY_MS - 1))).toEqual({removed: 0});
    const hold = {
      kind: 'party',
      subjectId: 'SUP',
      from: toIso(START),
      to: toIso(epochMs(START + 1)),
      reason: 'claim 7',
    };
    expect(await world.send('PUT', '/api/v1/holds/CASE-7', {...hold, actor: 'test'}, OWNER)).toMatchObject({
      status: 200,
    });
    expect(await upkeep.run(epochMs(START + 30 * DAY_MS))).toEqual({removed: 0});
    expect(
      await world.send('DELETE', '/api/v1/holds/CASE-7', {reason: 'settled', actor: 'test'}, OWNER),
    ).toMatchObject({status: 200});
    expect(await upkeep.run(epochMs(START + 30 * DAY_MS))).toEqual({removed: old.length});
    expect((await sent()).length).toBe(total - old.length);
    const {rows} = await pool.query(
      `SELECT action, subject, body FROM platform.audit_entry WHERE action = 'remove-sent-data'`,
    );
    expect(rows).toEqual([
      {action: 'remove-sent-data', subject: 'SUP', body: {data: 'stock', removed: old.length}},
    ]);
  });

  it('K4 what is ended is sent no more, and ending it again is refused', async () => {
    const end = () => world.send('DELETE', '/api/v1/data-shares/SUP/stock', {}, OWNER);
    expect(await end()).toMatchObject({status: 200});
    expect(await world.get(PATH, bearer['SUP'])).toMatchObject({status: 404, body: {error: 'not-shared'}});
    expect(await end()).toMatchObject({status: 404, body: {error: 'unknown-share'}});
  });

  it('K4 a route that parties read and that does not say what it shares, or has a field more, does not start', () => {
    const shared = ROUTES.find(({path}) => path === PATH)!;
    const app = {route: () => undefined} as never;
    expect(() => serveRoutes(app, [route({...shared, shares: undefined as never})], {} as never)).toThrow(
      'say in shares what of',
    );
    expect(() => serveRoutes(app, [route({...shared, shares: 'sendings'})], {} as never)).toThrow(
      'has the fields of',
    );
  });
});
