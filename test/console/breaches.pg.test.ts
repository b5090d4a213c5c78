/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {pendingWork} from '../../cli/barrier.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso, toMinute} from '../../domain/time.ts';
import {startPartners} from '../../partners/main.ts';
import type {Partners} from '../../partners/main.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const at = (hours: number): string => toIso(epochMs(START + hours * HOUR_MS));
const PATH = '/api/v1/breaches';
const AGREEMENT = {version: 1, party_a: 'OWN', type: 'framework', valid_from: '2025-01-01T00:00:00.000Z'};
const sharedFor = (breachNoticeH: number): string =>
  JSON.stringify({
    ...{fields: ['qty'], granularity: 'day', frequency: 'daily', purpose: 'plans'},
    ...{retentionDays: 30, roles: ['planner'], breachNoticeH},
  });

describe('breaches on record', () => {
  let world: ConsoleWorld;
  let partners: Partners;
  const bearer: Record<string, {authorization: string}> = {};
  beforeAll(async () => {
    world = await openConsoleWorld({
      mode: 'shadow',
      apiToken: 'the-installation-token',
      data: {
        ...tinyNetwork(),
        contract: [
          {contract_id: 'K-1', ...AGREEMENT, party_b: 'CUS'},
          {contract_id: 'K-2', ...AGREEMENT, party_b: 'SUP'},
        ],
        contract_term: [
          {contract_id: 'K-1', version: 1, term_no: 7, type: 'dataShare', params: sharedFor(48)},
          {contract_id: 'K-2', version: 1, term_no: 1, type: 'dataShare', params: sharedFor(96)},
        ],
      },
    });
    partners = startPartners({pool: world.db.poolFor('forestock_partners'), clock: world.clock});
    const parties: Record<string, string> = {supplier: 'SUP', customer: 'CUS', technician: 'CUS'};
    for (const role of ['ops', 'auditor', 'planner', 'supplier', 'customer', 'technician']) {
      const of = {role, ...(parties[role] === undefined ? {} : {partyId: parties[role]})};
      const {body} = await world.send('PUT', `/api/v1/tokens/of-${role}`, of, OWNER);
      bearer[role] = {authorization: `Bearer ${body.token}`};
    }
    const share = {
      purpose: 'p',
      useRights: 'u',
      fields: {qty: 'plain'},
      retentionDays: 30,
      breachNoticeH: 24,
    };
    expect((await world.send('PUT', '/api/v1/data-shares/SUP/stock', share, OWNER)).status).toBe(200);
  });
  afterAll(() => world.stop());

  const record = (breachId: string, more: object = {}, headers = bearer['ops']): Promise<Answer> =>
    world.send(
      'PUT',
      `${PATH}/${breachId}`,
      {
        ...{discoveredAt: at(0), from: at(-48), what: 'A list went to the wrong address.', data: '12 names'},
        ...{partyIds: ['SUP', 'CUS', 'OWN'], actor: 'ops-1', ...more},
      },
      headers,
    );
  const noticed = (breachId: string, more: object, headers = bearer['ops']): Promise<Answer> =>
    world.post(
      `${PATH}/${breachId}/notices`,
      {
        to: 'authority',
        sentAt: toIso(world.clock.now()),
        sentBy: 'the data protection officer',
        reference: 'L-1',
        ...more,
      },
      headers,
    );
  const breach = async (breachId: string) => (await world.get(`${PATH}/${breachId}`, OWNER)).body.breach;
  /** To an hour after the start, with what the stage does then. */
  const pass = async (hours: number): Promise<void> => {
    await world.clock.advanceTo(epochMs(START + hours * HOUR_MS));
    while ((await pendingWork(world.db.poolFor('forestock_api'), world.clock.now())).contracts)
      if ((await partners.expiryWatch.runOnce()) + (await partners.breachWatch.runOnce()) === 0) break;
  };
  const alerts = async (): Promise<string[]> =>
    (await world.get('/api/v1/alerts?kind=breach-notice', OWNER)).body.alerts
      .map(({subject, level}: {subject: string; level: number}) => `${subject} ${level}`)
      .toSorted();

  it('K3 from its discovery on each notice is due as a share, a contract or the rule says', async () => {
    const made = await record('BR-1');
    expect([made.status, made.body.state]).toEqual([200, 'open']);
    expect(made.body.duties).toMatchObject([
      {
        to: 'authority',
        hours: 72,
        dueAt: at(72),
        alertAt: at(54),
        state: 'open',
        basis: 'partners.breaches: authorityH',
      },
      {to: 'party:CUS', hours: 48, dueAt: at(48), basis: 'contract K-1, version 1, term 7'},
      {to: 'party:OWN', hours: 48, basis: 'contract K-1, version 1, term 7'},
      {to: 'party:SUP', hours: 24, dueAt: at(24), alertAt: at(18), basis: 'share of stock, version 1'},
    ]);
    expect(made.body).toMatchObject({discoveredAt: at(0), from: at(-48), to: at(0), notices: []});
    const kept = await world.db
      .poolFor('forestock_platform')
      .query(
        `SELECT actor, action, subject, body FROM platform.audit_entry WHERE action = 'breach.recorded'`,
      );
    expect(kept.rows).toMatchObject([{actor: 'token of-ops', subject: 'BR-1', body: {discoveredAt: at(0)}}]);
    expect(JSON.stringify(kept.rows)).not.toContain('wrong address');
  });

  it('K3 one alert a notice when a quarter of its time is left, raised once it is overdue, ended when it is on record', async () => {
    await pass(17);
    expect(await alerts()).toEqual([]);
    await pass(18);
    expect(await alerts()).toEqual(['BR-1/party:SUP 1']);
    const {body} = await world.get('/api/v1/alerts?kind=breach-notice', OWNER);
    const dueAt = toMinute(epochMs(START + DAY_MS));
    expect(body.alerts[0].text).toBe(
      `breach notice: BR-1/party:SUP, the notice is due by ${dueAt}; send it and put it on record`,
    );
    const seen = {actor: 'ops-1'};
    await world.post(`/api/v1/alerts/${body.alerts[0].alertId}/acknowledge`, seen, bearer['ops']);
    const owned = (await world.get('/api/v1/alerts?kind=breach-notice', OWNER)).body.alerts;
    expect(owned).toMatchObject([{acknowledgedBy: 'token of-ops'}]);
    await pass(24);
    expect((await breach('BR-1')).state).toBe('open');
    await pass(25);
    expect((await breach('BR-1')).state).toBe('overdue');
    expect(await alerts()).toEqual(['BR-1/party:SUP 2']);
    const done = await noticed('BR-1', {to: 'party:SUP'});
    expect(done.body.duties.at(-1)).toMatchObject({state: 'done', sentAt: at(25), isLate: true});
    expect([done.body.state, await alerts()]).toEqual(['open', []]);
    await pass(50);
    expect(await alerts()).toEqual(['BR-1/party:CUS 2', 'BR-1/party:OWN 2']);
  });

  it('K3 a late notice to the authority says why, and with the last one the breach is done', async () => {
    await noticed('BR-1', {to: 'party:CUS', sentAt: at(30)});
    await noticed('BR-1', {to: 'party:OWN', sentAt: at(49)});
    expect((await breach('BR-1')).duties.map(({isLate}: {isLate: boolean}) => isLate)).toEqual([
      ...[false, false, true, true],
    ]);
    await pass(73);
    expect(await alerts()).toEqual(['BR-1/authority 2']);
    expect(await noticed('BR-1', {})).toMatchObject({status: 422, body: {error: 'breach-notice-late'}});
    expect((await breach('BR-1')).state).toBe('overdue');
    const last = await noticed('BR-1', {note: 'the list had to be found first'});
    expect([last.status, last.body.state, await alerts()]).toEqual([200, 'done', []]);
    const timers = `SELECT FROM platform.world_timer WHERE kind = 'breach-notice'`;
    expect((await world.db.poolFor('forestock_partners').query(timers)).rowCount).toBe(0);
    expect((await pendingWork(world.db.poolFor('forestock_api'), world.clock.now())).contracts).toBe(false);
    // Said again, it is the same notice; another one adds to it, as Art. 33(4) has it.
    expect((await noticed('BR-1', {note: 'twice'})).status).toBe(200);
    await noticed('BR-1', {reference: 'L-2'});
    const {notices, duties} = await breach('BR-1');
    expect(notices.map(({reference}: {reference: string}) => reference)).toEqual([
      'L-1',
      'L-1',
      'L-1',
      'L-1',
      'L-2',
    ]);
    expect(duties[0]).toMatchObject({sentAt: at(73), isLate: true});
    const kept = await world.db
      .poolFor('forestock_platform')
      .query(`SELECT FROM platform.audit_entry WHERE action = 'breach.notice-sent' AND subject = 'BR-1'`);
    expect(kept.rowCount).toBe(5);
  });

  it('K3 counts the requests of its callers and parties in its window, each with a link to them', async () => {
    const now = world.clock.now();
    await world.clock.advanceTo(epochMs(now + DAY_MS));
    for (const path of ['/api/v1/my/orders', '/api/v1/my/forecasts?limit=1', '/api/v1/decisions'])
      await world.get(path, bearer['supplier']);
    await world.clock.advanceTo(epochMs(now + 2 * DAY_MS));
    await world.get('/api/v1/my/orders', bearer['supplier']);
    await record('BR-2', {
      ...{
        discoveredAt: toIso(epochMs(now + 2 * DAY_MS)),
        from: toIso(epochMs(now + 1)),
        partyIds: ['SUP', 'OWN'],
      },
      callers: ['token of-supplier', 'token of-auditor'],
    });
    const {requests} = (await world.get(`${PATH}/BR-2`, OWNER)).body;
    expect(requests).toMatchObject([
      {caller: 'token of-supplier', partyId: null, requests: 3},
      {caller: 'token of-auditor', requests: 0},
      {caller: null, partyId: 'OWN', requests: 0},
      {caller: null, partyId: 'SUP', requests: 3},
    ]);
    const listed = (await world.get(requests[3].link, OWNER)).body.requests;
    expect(listed.map(({path}: {path: string}) => path)).toEqual([
      ...['/api/v1/decisions', '/api/v1/my/forecasts?limit=1', '/api/v1/my/orders'],
    ]);
  });

  it('K3 the rule in force is a tunable; without personal data the authority is not owed a notice', async () => {
    const rule = {change: {authorityH: 48, partyH: 12}, actor: 'ops'};
    expect((await world.send('PUT', '/api/v1/parameters/partners.breaches', rule, OWNER)).status).toBe(200);
    const now = toIso(world.clock.now());
    const plain = await record('BR-3', {discoveredAt: now, personal: false, partyIds: []});
    expect(plain.body).toMatchObject({state: 'done', duties: []});
    expect((await record('BR-4', {discoveredAt: now, partyIds: []})).body.duties).toMatchObject([
      {to: 'authority', hours: 48},
    ]);
    const {breaches} = (await world.get(PATH, OWNER)).body;
    expect(breaches.map(({breachId}: {breachId: string}) => breachId)).toEqual([
      'BR-2',
      'BR-3',
      'BR-4',
      'BR-1',
    ]);
  });

  it('K3 what cannot be so is refused, and nothing of it is kept', async () => {
    const later = toIso(epochMs(world.clock.now() + 1));
    for (const [id, more, error] of [
      ['BR-1', {}, 'breach-exists'],
      ['BR-9', {discoveredAt: later}, 'breach-span'],
      ['BR-9', {from: at(1)}, 'breach-span'],
      ['BR-9', {to: at(-48)}, 'breach-span'],
      ['BR-9', {partyIds: ['SUP', 'NOBODY']}, 'unknown-party'],
      ['BR-9', {what: ' '}, 'invalid-request'],
    ] as const)
      expect([id, more, (await record(id, more)).body.error]).toEqual([id, more, error]);
    expect(await world.get(`${PATH}/BR-9`, OWNER)).toMatchObject({
      status: 404,
      body: {error: 'unknown-breach'},
    });
    for (const [id, more, error] of [
      ['BR-9', {}, 'unknown-breach'],
      ['BR-1', {to: 'party:NOBODY', reference: 'x'}, 'breach-notice-not-owed'],
      ['BR-1', {sentAt: later, reference: 'x'}, 'breach-notice-span'],
      ['BR-1', {sentAt: at(-1), reference: 'x'}, 'breach-notice-span'],
    ] as const)
      expect([id, more, (await noticed(id, more)).body.error]).toEqual([id, more, error]);
    expect((await breach('BR-1')).notices).toHaveLength(5);
  });

  it('K3 ops record, auditors read, and no partner sees any; no role changes a record', async () => {
    const statuses = async (role: string): Promise<number[]> => [
      (await world.get(PATH, bearer[role])).status,
      (await record('BR-1', {}, bearer[role])).status,
      (await noticed('BR-1', {to: 'party:NOBODY'}, bearer[role])).status,
    ];
    expect(await statuses('ops')).toEqual([200, 409, 422]);
    expect(await statuses('auditor')).toEqual([200, 403, 403]);
    for (const role of ['planner', 'supplier', 'customer', 'technician'])
      expect([role, ...(await statuses(role))]).toEqual([role, 403, 403, 403]);
    for (const table of ['breach', 'breach_notice']) {
      for (const change of [
        `UPDATE partners.${table} SET recorded_by = 'eve'`,
        `DELETE FROM partners.${table}`,
      ])
        await expect(world.db.poolFor('forestock_partners').query(change)).rejects.toThrow(
          'permission denied',
        );
      const {rows} = await world.db.poolFor('forestock_platform').query<{may: boolean}>(
        `SELECT bool_or(has_table_privilege(role, 'partners.${table}', 'SELECT')) AS may
           FROM unnest(ARRAY['forestock_party', 'forestock_network', 'forestock_ingest', 'forestock_replenish']) AS role`,
      );
      expect(rows).toEqual([{may: false}]);
    }
  });
});
