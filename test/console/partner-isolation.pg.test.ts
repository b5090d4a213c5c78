/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- replies are JSON of every shape, and the expectations are what checks them */
import http from 'node:http';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ROUTES} from '../../console/api/routes.ts';
import {inPartySession} from '../../platform/party-session.ts';
import {START} from '../network/tiny-network.ts';
import {twoCustomers} from '../network/two-customers.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const REPORTS = '/api/v1/repair-reports';

describe('partners at the API', () => {
  let world: ConsoleWorld;
  const bearer: Record<string, {authorization: string}> = {};

  beforeAll(async () => {
    world = await openConsoleWorld({
      mode: 'shadow',
      data: twoCustomers(),
      apiToken: 'the-installation-token',
    });
    for (const partyId of ['CUS-A', 'CUS-B', 'SUP']) {
      const {status, body} = await world.send('PUT', `/api/v1/tokens/of-${partyId}`, {partyId}, OWNER);
      expect(status).toBe(200);
      bearer[partyId] = {authorization: `Bearer ${body.token}`};
    }
  });
  afterAll(() => world.stop());

  const report = (partyId: string, more: object): Promise<Answer> =>
    world.post(
      '/api/v1/repairs',
      {positionId: 'compressor', finding: 'planned', reportedAt: '2026-01-04T10:00:00.000Z', ...more},
      bearer[partyId] ?? OWNER,
    );
  const parties = async (path: string, headers: Record<string, string>): Promise<string[]> =>
    (await world.get(path, headers)).body.repairReports.map((row: {partyId: string}) => row.partyId);

  it('A4 a partner tells and reads its own repair reports, and no others; the installation reads all', async () => {
    expect(await report('CUS-A', {equipmentId: 'M-A', sourceKey: 'job-1'})).toMatchObject({status: 200});
    expect(await report('CUS-A', {equipmentId: 'M-A', sourceKey: 'job-2', partyId: 'CUS-A'})).toMatchObject({
      status: 200,
    });
    expect(await report('CUS-B', {equipmentId: 'M-B', sourceKey: 'job-1'})).toMatchObject({
      status: 200,
      body: {repeated: false}, // the same key as A's: each party has its own keys
    });
    expect(await parties(REPORTS, bearer['CUS-A']!)).toEqual(['CUS-A', 'CUS-A']);
    expect(await parties(`${REPORTS}?partyId=CUS-B`, bearer['CUS-B']!)).toEqual(['CUS-B']);
    expect((await parties(REPORTS, OWNER)).sort()).toEqual(['CUS-A', 'CUS-A', 'CUS-B']);
    expect(await parties(`${REPORTS}?partyId=CUS-B`, OWNER)).toEqual(['CUS-B']);
  });

  it('A4 partner B asks for the log of partner A, or writes into it, and is answered 403', async () => {
    const before = await parties(REPORTS, OWNER);
    for (const answer of [
      await world.get(`${REPORTS}?partyId=CUS-A`, bearer['CUS-B']),
      await report('CUS-B', {equipmentId: 'M-B', partyId: 'CUS-A'}),
      await report('CUS-B', {equipmentId: 'M-B', source: 'CUS-A'}),
    ])
      expect(answer).toMatchObject({status: 403, body: {error: 'foreign-party'}});
    expect(await parties(REPORTS, OWNER)).toEqual(before);
  });

  it('A4 a partner hears the same of another’s machine as of one that does not exist, and its report goes nowhere', async () => {
    const foreign = await report('CUS-B', {equipmentId: 'M-A'});
    const missing = await report('CUS-B', {equipmentId: 'M-X'});
    for (const [answer, id] of [
      [foreign, 'M-A'],
      [missing, 'M-X'],
    ] as const) {
      expect(answer).toMatchObject({status: 422, body: {error: 'unknown-equipment'}});
      expect(answer.body.message.replace(id, '…')).toBe(
        'equipment … is not known as a machine that CUS-B uses, houses, serves or has under contract; correct the id, or add what is missing to the master data',
      );
      expect(JSON.stringify(answer.body.details)).not.toContain('/api/v1/quarantine'); // which it may not call
    }
    expect(await parties(`${REPORTS}?equipmentId=M-A`, OWNER)).toEqual(['CUS-A', 'CUS-A']);
  });

  it('A4 every route that does not keep to a party answers a partner with 403', async () => {
    const path = (template: string): string => template.replaceAll(/\{\w+\}/g, 'x');
    const closed = ROUTES.filter(
      ({keepsTo, permission}) => keepsTo?.includes('party') !== true && permission !== 'api.describe',
    ).map((route) => ({
      method: route.method,
      url: path(route.path),
    }));
    const outside = ['/api/v1/stream', '/metrics'];
    expect(closed.length).toBeGreaterThan(20);
    for (const {method, url} of [...closed, ...outside.map((url) => ({method: 'GET', url}))]) {
      const response = await fetch(`${world.url}${url}`, {method, headers: bearer['CUS-A']!});
      expect([method, url, response.status]).toEqual([method, url, 403]);
      expect(await response.json()).toMatchObject({error: 'not-permitted', requestId: expect.any(String)});
    }
    const open = ROUTES.filter(({keepsTo}) => keepsTo?.includes('party') === true).map(
      ({method, path: at}) => `${method} ${at}`,
    );
    expect(open.filter((one) => !one.includes(' /api/v1/my/'))).toEqual([
      'POST /api/v1/stock/statements',
      'POST /api/v1/repairs',
      `GET ${REPORTS}`,
      'GET /api/v1/part-reports',
      'GET /api/v1/data-shares',
      'GET /api/v1/data-shares/sent',
    ]);
    expect(
      ROUTES.filter(({path: at, keepsTo}) => at.includes('/my/') && keepsTo?.includes('party') !== true),
    ).toEqual([]);
  });

  it('A4 a path spelled otherwise is asked for a token like any other', async () => {
    const status = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        http
          .get(world.url, {path, headers, agent: false}, (response) => {
            resolve(response.statusCode);
            response.destroy();
          })
          .on('error', reject);
      });
    for (const path of [
      '/%61pi/v1/stream',
      '/api/v1/strea%6d',
      `${world.url}/api/v1/stream`,
      '/%61pi/v1/tokens',
      '/%6detrics',
      '/metrics/',
    ]) {
      expect([path, await status(path, {})]).toEqual([path, 401]);
      expect([path, await status(path, bearer['CUS-A']!)]).toEqual([path, 403]);
    }
  });

  it('A4 a token is shown once and kept as its hash; revoked it is answered 401', async () => {
    const made = await world.send('PUT', '/api/v1/tokens/short-lived', {partyId: 'CUS-A'}, OWNER);
    const {token} = made.body as {token: string};
    expect(token).toMatch(/^fst_[\w-]{43}$/);
    const mine = {authorization: `Bearer ${token}`};
    expect(await world.get(REPORTS, mine)).toMatchObject({status: 200});
    const listed = await world.get('/api/v1/tokens', OWNER);
    expect(listed.body.tokens).toContainEqual({
      name: 'short-lived',
      role: 'technician',
      partyId: 'CUS-A',
      depotIds: null,
      segments: null,
      createdAt: expect.any(String),
    });
    const {rows} = await world.db
      .poolFor('forestock_platform')
      .query<{kept: string}>(
        `SELECT coalesce(string_agg(p::text, ' '), '') || (SELECT string_agg(body::text, ' ') FROM platform.audit_entry) AS kept FROM platform.principal p`,
      );
    expect(rows[0]!.kept).not.toContain(token.slice('fst_'.length));

    const again = await world.send('PUT', '/api/v1/tokens/short-lived', {partyId: 'CUS-B'}, OWNER);
    expect(again).toMatchObject({status: 409, body: {error: 'token-exists'}});
    expect(await world.send('DELETE', '/api/v1/tokens/short-lived', {}, OWNER)).toMatchObject({status: 200});
    expect(await world.get(REPORTS, mine)).toMatchObject({status: 401, body: {error: 'token-unknown'}});
    expect(await world.send('DELETE', '/api/v1/tokens/short-lived', {}, OWNER)).toMatchObject({status: 404});
    expect(await world.send('PUT', '/api/v1/tokens/x', {partyId: 'NOBODY'}, OWNER)).toMatchObject({
      status: 422,
      body: {error: 'unknown-party'},
    });
  });

  it('A4 the audit trail names the token that told, made and revoked', async () => {
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query<{entry: string}>(
        `SELECT DISTINCT actor || ' ' || action AS entry FROM platform.audit_entry ORDER BY 1`,
      );
    expect(rows.map(({entry}) => entry)).toEqual(
      expect.arrayContaining([
        'api issue-token',
        'api revoke-token',
        'token of-CUS-A report-repair',
        'token of-CUS-B report-repair',
      ]),
    );
  });

  it('A4 in the session of a party a query without WHERE sees its own rows alone, and no other table', async () => {
    const pool = world.db.poolFor('forestock_network');
    const seenBy = (partyId: string, sql: string) =>
      inPartySession(
        pool,
        {partyId, segments: null, at: START},
        async (db) => (await db.query<{party_id: string}>(sql)).rows,
      );
    const ALL = 'SELECT party_id FROM network.repair_report';
    expect(await seenBy('CUS-B', ALL)).toEqual([{party_id: 'CUS-B'}]);
    expect(await seenBy('SUP', ALL)).toEqual([]);
    expect(await seenBy('', ALL)).toEqual([]);
    for (const denied of [
      'SELECT party_a AS party_id FROM network.contract',
      'SELECT customer_party_id AS party_id FROM network.equipment',
      'SELECT party_id FROM platform.principal',
      `UPDATE network.repair_report SET note = 'x' RETURNING party_id`,
      `DELETE FROM network.repair_report RETURNING party_id`,
    ])
      await expect(seenBy('CUS-B', denied)).rejects.toMatchObject({code: '42501'});
    // The same connection, out of the party's transaction, is the service again and sees all.
    expect((await pool.query(ALL)).rows).toHaveLength(3);
    expect((await world.db.poolFor('forestock_api').query(ALL)).rows).toHaveLength(3);
  });

  it('repair reports come newest first, page by page, none twice', async () => {
    for (const day of [1, 2, 3])
      await report('CUS-A', {
        equipmentId: 'M-A',
        sourceKey: `day-${day}`,
        reportedAt: `2026-01-0${day}T10:00:00.000Z`,
      });
    const seen: string[] = [];
    let page = (await world.get(`${REPORTS}?limit=2`, bearer['CUS-A'])).body;
    for (;;) {
      seen.push(...page.repairReports.map((row: {sourceKey: string}) => row.sourceKey));
      if (page.nextCursor === null) break;
      page = (await world.get(`${REPORTS}?limit=2&cursor=${page.nextCursor}`, bearer['CUS-A'])).body;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
    expect(seen.slice(2)).toEqual(['day-3', 'day-2', 'day-1']);
  });
});
