import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {portsOf} from '../../cli/serve-api.ts';
import {keptPath} from '../../console/api/access-record.ts';
import {OWN_PROCESS} from '../../console/api/guard.ts';
import {createConsole} from '../../console/api/server.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {openAccessLog} from '../../platform/access-log.ts';
import type {Access} from '../../platform/access-log.ts';
import {accessLogUpkeep} from '../../platform/audit/retention.ts';
import {openHolds} from '../../platform/holds.ts';
import {silentLogger} from '../../platform/log.ts';
import {setParameter} from '../../platform/parameters.ts';
import type {Pool} from '../../platform/pg.ts';
import {START} from '../network/tiny-network.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';

const OWNER_TOKEN = 'the-installation-token';
const OWNER = {authorization: `Bearer ${OWNER_TOKEN}`};

interface Row {
  readonly accessNo: number;
  readonly caller: string | null;
  readonly role: string | null;
  readonly partyId: string | null;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly refusal: string | null;
}

describe('access log', () => {
  let world: ConsoleWorld;
  let supplier: {readonly authorization: string};
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', apiToken: OWNER_TOKEN});
    const made = await world.send('PUT', '/api/v1/tokens/sup-1', {role: 'supplier', partyId: 'SUP'}, OWNER);
    supplier = {authorization: `Bearer ${(made.body as {token: string}).token}`};
    const user = {role: 'planner', password: 'nineteen blue herons'};
    expect((await world.post('/api/v1/users/planner-1', user, OWNER)).status).toBe(200);
  });
  afterAll(() => world.stop());

  const read = async (query = ''): Promise<{requests: Row[]; nextCursor: string | null}> =>
    (await world.get(`/api/v1/access-log${query}`, OWNER)).body as {
      requests: Row[];
      nextCursor: string | null;
    };
  /** What a piece of work left, oldest first, reading of the log itself left out. */
  const rowsOf = async (work: () => Promise<unknown>): Promise<Row[]> => {
    const [last] = (await read('?limit=1')).requests;
    await work();
    const {requests} = await read();
    return requests
      .filter(
        ({accessNo, path}) => accessNo > (last?.accessNo ?? 0) && !path.startsWith('/api/v1/access-log'),
      )
      .toReversed();
  };

  it('K3 every request of a known caller leaves one row, whatever came of it', async () => {
    const rows = await rowsOf(async () => {
      await world.get('/api/v1/my/orders?limit=5', supplier);
      await world.get('/api/v1/my/orders.csv', supplier).catch(() => undefined); // not JSON
      await world.get('/api/v1/decisions', supplier);
      await world.get('/api/v1/nothing/here?x=1', supplier);
      await world.post('/api/v1/stock/receipts', {}, OWNER);
    });
    const sup = {caller: 'token sup-1', role: 'supplier', partyId: 'SUP'};
    expect(rows).toMatchObject([
      {...sup, method: 'GET', path: '/api/v1/my/orders?limit=5', status: 200, refusal: null},
      {...sup, path: '/api/v1/my/orders.csv', status: 200, refusal: null},
      {...sup, path: '/api/v1/decisions', status: 403, refusal: 'not-permitted'},
      {...sup, path: '/api/v1/nothing/here?…', status: 404, refusal: 'unknown-route'},
      {
        ...{caller: 'installation', role: 'admin', partyId: null, method: 'POST'},
        ...{path: '/api/v1/stock/receipts', status: 400, refusal: 'invalid-request'},
      },
    ]);
    expect(rows).toHaveLength(5);
  });

  it('K3 who shows nothing, pages and health leave none; a stream leaves one when it opens', async () => {
    expect(
      await rowsOf(async () => {
        for (const path of ['/api/v1/decisions', '/api/v1/session', '/healthz', '/readyz', '/nothing.js'])
          await (await fetch(world.url + path)).body?.cancel();
        await (await fetch(`${world.url}/metrics`, {headers: OWNER})).body?.cancel();
      }),
    ).toEqual([]);
    const stream = await fetch(`${world.url}/api/v1/stream`, {headers: OWNER});
    const reader = stream.body!.getReader();
    await reader.read();
    expect(await rowsOf(() => world.decide())).toEqual([]);
    const opened = (await read('?path=/api/v1/stream')).requests;
    expect(opened).toMatchObject([{caller: 'installation', status: 200}]);
    await reader.cancel();
    expect((await read('?path=/api/v1/stream')).requests).toHaveLength(1);
  });

  it('K3 sign-ins and tokens that were refused leave a row without what was tried', async () => {
    const guess = {name: 'planner-1', password: 'hunter2-of-somebody'};
    const rows = await rowsOf(async () => {
      expect((await world.post('/api/v1/session', guess)).status).toBe(401);
      expect((await world.get('/api/v1/decisions', {authorization: 'Bearer fst_stolen'})).status).toBe(401);
      expect((await world.get('/api/v1/session', {authorization: 'Bearer fst_stolen'})).status).toBe(401);
    });
    const unknown = {caller: null, role: null, partyId: null, status: 401};
    expect(rows).toMatchObject([
      {...unknown, method: 'POST', path: '/api/v1/session', refusal: 'sign-in-refused'},
      {...unknown, path: '/api/v1/decisions', refusal: 'token-unknown'},
      {...unknown, path: '/api/v1/session', refusal: 'token-unknown'},
    ]);
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|stolen|planner-1/);
  });

  it('K3 signing in and out are rows of who did', async () => {
    const rows = await rowsOf(async () => {
      const {headers} = await fetch(`${world.url}/api/v1/session`, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({name: 'planner-1', password: 'nineteen blue herons'}),
      });
      const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
      await fetch(`${world.url}/api/v1/session`, {method: 'DELETE', headers: {cookie}});
    });
    expect(rows).toMatchObject([
      {caller: 'planner-1', role: 'planner', method: 'POST', status: 200},
      {caller: 'planner-1', role: 'planner', method: 'DELETE', status: 200},
    ]);
  });

  it('K3 no secret lands in it, wherever it was put', async () => {
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl';
    const secrets = ['fst_abc-DEF_123', jwt, 'hunter2', OWNER_TOKEN];
    const rows = await rowsOf(async () => {
      for (const path of [
        `/api/v1/session?name=planner-1&password=hunter2`,
        `/api/v1/session/oidc/callback?code=hunter2&state=hunter2`,
        `/api/v1/orders?token=${OWNER_TOKEN}&access_token=${jwt}&limit=1`,
        `/api/v1/audit/lines?actor=fst_abc-DEF_123`,
        `/api/v1/decisions/fst_abc-DEF_123/trace`,
        `/api/v1/${jwt}?hunter2`,
      ])
        await world.get(path, OWNER);
    });
    const stored = await world.db.poolFor('forestock_platform').query('SELECT * FROM platform.access_log');
    for (const secret of secrets) expect(JSON.stringify(stored.rows)).not.toContain(secret);
    expect(rows.map(({path}) => path)).toEqual([
      '/api/v1/session?…',
      '/api/v1/session/oidc/callback?…',
      '/api/v1/orders?limit=1&…',
      '/api/v1/audit/lines?actor=[secret]',
      '/api/v1/decisions/[secret]/trace',
      '/api/v1/[secret]?…',
    ]);
  });

  it.each([
    ['http://host/%61pi/v1/orders?limit=%31', '/api/v1/orders?limit=1'],
    ['/api/v1/orders/%66st%5Fabc%2Fx', '/api/v1/orders/[secret]%2Fx'],
    ['/api/v1/orders?limi%74=%2B1&%6cimit=2', '/api/v1/orders?limit=%2B1&limit=2'],
    ['/api/v1/orders?', '/api/v1/orders'],
  ])('K3 however an address is spelt, it is kept as everybody writes it: %s', (url, kept) => {
    expect(keptPath(url, ['limit'])).toBe(kept);
  });

  it('K3 a long path is cut at 300 characters', () => {
    const kept = keptPath(`/api/v1/orders?partId=${'x'.repeat(400)}`, ['partId']);
    expect([kept.length, kept.slice(0, 24), kept.at(-1)]).toEqual([300, '/api/v1/orders?partId=xx', '…']);
  });

  it('K3 auditors and admins read it, narrowed, page by page and as a file; nobody else does', async () => {
    for (const [role, status] of [
      ['auditor', 200],
      ['ops', 403],
      ['planner', 403],
    ] as const) {
      const made = await world.send('PUT', `/api/v1/tokens/reads-${role}`, {role}, OWNER);
      const headers = {authorization: `Bearer ${(made.body as {token: string}).token}`};
      expect([role, (await world.get('/api/v1/access-log', headers)).status]).toEqual([role, status]);
    }
    const {requests: all} = await read('?limit=500');
    expect((await read('?partyId=SUP')).requests).toEqual(all.filter(({partyId}) => partyId === 'SUP'));
    expect((await read('?caller=planner-1')).requests).toHaveLength(2);
    const refused = (await read('?refused=true&path=/api/v1/decisions')).requests;
    expect(refused.map(({refusal}) => refusal).toSorted()).toEqual([
      ...['invalid-request', 'not-permitted', 'token-unknown'],
    ]);
    expect((await read(`?from=${toIso(epochMs(START + 1))}`)).requests).toEqual([]);
    expect((await read(`?to=${toIso(START)}`)).requests).toEqual([]);
    const walked: number[] = [];
    let cursor: string | null = '';
    const before = (await read('?limit=1')).requests[0]!.accessNo;
    while (cursor !== null) {
      const page = await read(`?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      walked.push(...page.requests.map(({accessNo}) => accessNo));
      cursor = page.nextCursor;
    }
    const known = walked.filter((accessNo) => accessNo <= before);
    expect(known).toEqual(Array.from({length: before}, (_none, nth) => before - nth));
    const file = await fetch(`${world.url}/api/v1/access-log.csv?partyId=SUP`, {headers: OWNER});
    expect(await file.text()).toContain('token sup-1,supplier,SUP,GET,/api/v1/my/orders?limit=5,200,');
  });

  it('K3 the role that writes it changes and removes no row, and other stages do not see it', async () => {
    const platform = world.db.poolFor('forestock_platform');
    for (const change of [
      `UPDATE platform.access_log SET caller = 'eve'`,
      'DELETE FROM platform.access_log',
      'TRUNCATE platform.access_log',
    ])
      await expect(platform.query(change)).rejects.toThrow('permission denied');
    for (const stage of ['network', 'ingest', 'predict', 'replenish', 'partners', 'notices'] as const)
      await expect(
        world.db.poolFor(`forestock_${stage}`).query('SELECT FROM platform.access_log'),
      ).rejects.toThrow('permission denied');
    const {rows} = await platform.query<{may: boolean}>(
      `SELECT has_table_privilege('forestock_party', 'platform.access_log', 'SELECT, INSERT, UPDATE, DELETE') AS may`,
    );
    expect(rows).toEqual([{may: false}]);
  });

  it('K5 rows leave after their days, by default 400, but none of a span on hold', async () => {
    const platform = world.db.poolFor('forestock_platform');
    const now = epochMs(START + 1000 * DAY_MS);
    const ago = (days: number): EpochMs => epochMs(now - days * DAY_MS);
    for (const days of [500, 450, 399, 35, 20])
      await platform.query(
        `INSERT INTO platform.access_log (at, method, path, status, address) VALUES ($1, 'GET', $2, 200, 'x')`,
        [toIso(ago(days)), `/of/${days}`],
      );
    const holds = openHolds(platform, {now: () => now});
    const span = {from: ago(460), to: ago(440)};
    await holds.place({holdId: 'CASE', kind: 'party', subjectId: 'SUP', ...span, reason: 'claim'}, 'ada');
    const left = async (): Promise<string[]> =>
      (
        await platform.query<{path: string}>(
          `SELECT path FROM platform.access_log WHERE path LIKE '/of/%' ORDER BY at`,
        )
      ).rows.map(({path}) => path);
    const night = (): Promise<unknown> => accessLogUpkeep(platform).run(now);
    const {rows: all} = await platform.query<{n: number}>('SELECT count(*) AS n FROM platform.access_log');
    const rest = all[0]!.n - 5;
    expect(await night()).toEqual({removed: 1 + rest}); // what this file's other tests left is 1,000 days old
    expect(await left()).toEqual(['/of/450', '/of/399', '/of/35', '/of/20']);
    await holds.lift('CASE', 'ada', 'settled');
    await setParameter(platform, {
      key: 'platform.retention',
      value: {accessLogDays: 30},
      from: START,
      actor: 'ada',
    });
    expect(await night()).toEqual({removed: 3});
    expect(await left()).toEqual(['/of/20']);
    const {rows} = await platform.query<{body: object}>(
      `SELECT body FROM platform.audit_entry WHERE action = 'access-log.cut' ORDER BY audit_id DESC LIMIT 1`,
    );
    expect(rows).toMatchObject([{body: {rows: 3}}]);
  });

  describe('while the database does not answer', () => {
    const access: Access = {
      ...{caller: 'ada', role: 'ops', partyId: null, method: 'GET'},
      ...{path: '/api/v1/orders', status: 200, refusal: null, address: '10.0.0.1'},
    };
    const broken = {query: () => Promise.reject(new Error('gone'))};

    it('K3 10,000 requests wait, what comes beyond is counted, and the audit trail has the gap', async () => {
      const platform = world.db.poolFor('forestock_platform');
      let isDown = true;
      const pool = {
        query: (text: string, values: unknown[]) => (isDown ? broken.query() : platform.query(text, values)),
      } as unknown as Pool;
      const log = openAccessLog(pool, {worldClock: {now: () => START}, log: silentLogger()});
      const path = '/of/an/outage\0\uD800';
      for (let nth = 0; nth < 10_003; nth += 1) log.add({...access, path});
      await log.flush();
      expect(log.lost()).toBe(3);
      isDown = false;
      await log.flush();
      const count = `SELECT count(*) AS n FROM platform.access_log WHERE starts_with(path, '/of/an/outage')`;
      expect((await platform.query(count)).rows).toEqual([{n: 10_000}]);
      const gaps = `SELECT body FROM platform.audit_entry WHERE action = 'access-log.gap'`;
      expect((await platform.query(gaps)).rows).toEqual([{body: {requests: 3}}]);
      await log.close();
      expect((await platform.query(gaps)).rowCount).toBe(1);
      expect(log.lost()).toBe(3);
    });

    it('K3 the server leaves the rows of its last requests when it stops', async () => {
      const ports = portsOf(world.base, world);
      const app = await createConsole(ports, {guard: OWN_PROCESS});
      await app.inject({url: '/api/v1/tokens', headers: {host: 'localhost'}, remoteAddress: '10.7.7.7'});
      await app.close();
      const {rows} = await world.db
        .poolFor('forestock_platform')
        .query(`SELECT caller, path FROM platform.access_log WHERE address = '10.7.7.7'`);
      expect(rows).toEqual([{caller: 'installation', path: '/api/v1/tokens'}]);
    });

    it('K3 what waits at the end is written, or counted', async () => {
      const platform = world.db.poolFor('forestock_platform');
      const options = {worldClock: {now: () => START}, log: silentLogger()};
      const whole = openAccessLog(platform, options);
      whole.add({...access, path: '/of/an/end'});
      await whole.close();
      const count = `SELECT count(*) AS n FROM platform.access_log WHERE path = '/of/an/end'`;
      expect((await platform.query(count)).rows).toEqual([{n: 1}]);
      const cut = openAccessLog(broken as unknown as Pool, options);
      cut.add(access);
      cut.add(access);
      await cut.close();
      expect(cut.lost()).toBe(2);
    });
  });

  it('K3 stream health says whether every request has its row', async () => {
    const answer = await world.get('/api/v1/health', OWNER);
    expect((answer.body as {checks: object[]}).checks).toContainEqual({
      name: 'access-log',
      ok: true,
      detail: 'works',
    });
  });
});
