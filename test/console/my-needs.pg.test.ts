/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {twoSides} from './two-sides.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};

describe('technicians and customers at the API', () => {
  let world: ConsoleWorld;
  const bearer: Record<string, {authorization: string}> = {};
  const need: Record<string, string> = {};

  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: twoSides(), apiToken: 'the-installation-token'});
    for (const [role, partyId] of [
      ['technician', 'SVC-A'],
      ['technician', 'SVC-B'],
      ['technician', 'OWN'],
      ['customer', 'CUS-A'],
      ['customer', 'CUS-B'],
    ] as const) {
      const {body} = await world.send('PUT', `/api/v1/tokens/of-${partyId}`, {role, partyId}, OWNER);
      bearer[partyId] = {authorization: `Bearer ${body.token}`};
    }
    const {body} = await world.get('/api/v1/demand?state=open', OWNER);
    for (const {demandId, equipmentId} of body.demand) need[equipmentId] = demandId;
  });
  afterAll(() => world.stop());

  const jobs = async (partyId: string): Promise<Record<string, unknown>[]> =>
    (await world.get('/api/v1/my/jobs', bearer[partyId])).body.jobs;
  const report = (partyId: string, more: object): Promise<Answer> =>
    world.post('/api/v1/my/reports', {problem: 'wrong-part', ...more}, bearer[partyId]);

  it('I4 a technician sees what the machines wait for that its company serves, and no other', async () => {
    expect(await jobs('SVC-A')).toEqual([
      {
        ...{demandId: need['MACHINE-A'], equipmentId: 'MACHINE-A', siteName: 'Plant of A', partId: 'PART-A'},
        ...{partName: 'Pump of A', depotId: 'D-C', qty: 2, filledQty: 0, state: 'late', filledAt: null},
        ...{neededAt: '2026-01-03T18:00:00.000Z', promisedAt: '2026-01-09T00:00:00.000Z', confidence: null},
      },
    ]);
    expect((await jobs('SVC-B')).map(({equipmentId}) => equipmentId)).toEqual(['MACHINE-B']);
    expect((await jobs('OWN')).map(({equipmentId}) => equipmentId).sort()).toEqual([
      'MACHINE-A',
      'MACHINE-B',
    ]);
  });

  it('I4 a customer sees what it waits for and until when, without costs and without other parties', async () => {
    const {body} = await world.get('/api/v1/my/backorders', bearer['CUS-B']);
    expect(body.backorders).toHaveLength(1);
    expect(body.backorders[0]).toMatchObject({equipmentId: 'MACHINE-B', state: 'late'});
    const text = JSON.stringify(body);
    for (const hidden of ['Minor', 'currency', '-A', 'SUP', 'SVC', 'OWN']) expect(text).not.toContain(hidden);
  });

  it('I9 of a line that waits a report is kept, and opens nothing', async () => {
    const answer = await report('SVC-A', {
      demandId: need['MACHINE-A'],
      problem: 'part-missing',
      sourceKey: 'r-1',
    });
    expect(answer).toMatchObject({status: 200, body: {result: {openedDemandId: null}}});
    expect(await jobs('SVC-A')).toHaveLength(1);
  });

  it('I9 what was handed out and is wrong or dead is asked for anew: once, and never more than came', async () => {
    const demandId = need['MACHINE-A']!;
    const stock = {part: {number: 'PART-A'}, depotId: 'D-C'};
    await world.post(
      '/api/v1/stock/receipts',
      {...stock, qty: 5, fromLoc: 'supplier:SUP-A', sourceKey: 'in'},
      OWNER,
    );
    const issue = {...stock, qty: 2, customerPartyId: 'CUS-A', demandId, sourceKey: 'out'};
    expect(await world.post('/api/v1/stock/issues', issue, OWNER)).toMatchObject({status: 200});
    expect((await jobs('SVC-A'))[0]).toMatchObject({state: 'filled', filledAt: expect.any(String)});

    const dead = {demandId, problem: 'dead-on-arrival', pieces: 1, note: 'no current', sourceKey: 'r-2'};
    const first = await report('SVC-A', dead);
    expect(first).toMatchObject({status: 200, body: {repeated: false}});
    expect(await report('SVC-A', dead)).toMatchObject({status: 200, body: {repeated: true}});
    const anew = (await jobs('SVC-A')).filter(({state}) => state !== 'filled');
    expect(anew).toMatchObject([
      {demandId: first.body.result.openedDemandId, qty: 1, equipmentId: 'MACHINE-A', partId: 'PART-A'},
    ]);
    const {body} = await world.get(`/api/v1/demand/${first.body.result.openedDemandId}`, OWNER);
    expect(body.line).toMatchObject({
      cause: 'dead-on-arrival',
      tier: 'gold',
      customerPartyId: 'CUS-A',
      state: 'open',
    });

    expect(await report('SVC-A', {demandId, pieces: 2})).toMatchObject({
      status: 422,
      body: {error: 'over-report', message: expect.stringContaining('1 of its pieces')},
    });
    expect(await report('SVC-A', {demandId})).toMatchObject({status: 200});
    expect(await report('SVC-A', {demandId})).toMatchObject({status: 422, body: {error: 'over-report'}});
  });

  it('K3 another’s need is as unknown as one that does not exist', async () => {
    const missing = 'c0000000-0000-4000-8000-000000000001';
    const foreign = await report('SVC-B', {demandId: need['MACHINE-A']});
    const none = await report('SVC-B', {demandId: missing});
    expect(foreign).toMatchObject({status: 404, body: {error: 'unknown-demand'}});
    expect(none.body.message.replace(missing, '…')).toBe(
      foreign.body.message.replace(need['MACHINE-A']!, '…'),
    );
    const own = await report('SVC-B', {demandId: need['MACHINE-B'], partyId: 'SVC-A'});
    expect(own).toMatchObject({status: 403, body: {error: 'foreign-party'}});
  });

  it('I9 a party reads its own reports, the planners read all', async () => {
    const problems = async (headers: Record<string, string>): Promise<string[]> =>
      (await world.get('/api/v1/part-reports', headers)).body.partReports
        .map((row: {problem: string}) => row.problem)
        .sort();
    const all = ['dead-on-arrival', 'part-missing', 'wrong-part'];
    expect(await problems(bearer['SVC-A']!)).toEqual(all);
    expect(await problems(bearer['SVC-B']!)).toEqual([]);
    expect(await problems(OWNER)).toEqual(all);
  });

  it('I9 a planner answers a report, and calls off what it opened; the technician reads the answer, and nobody else', async () => {
    const path = '/api/v1/part-reports';
    const open = (await world.get(`${path}?state=open`, OWNER)).body.partReports as {
      reportId: string;
      problem: string;
      openedDemandId: string | null;
    }[];
    expect(open).toHaveLength(3);
    const waits = open.find(({openedDemandId}) => openedDemandId === null)!;
    const dead = open.find(({problem}) => problem === 'dead-on-arrival')!;
    expect(dead).toMatchObject({
      answer: null,
      need: {
        demandId: dead.openedDemandId,
        partId: 'PART-A',
        depotId: 'D-C',
        equipmentId: 'MACHINE-A',
        state: 'open',
      },
    });
    const answer = (
      reportId: string,
      body: object,
      who: Record<string, string> | undefined = OWNER,
    ): Promise<Answer> => world.post(`${path}/${reportId}/answer`, body, who);
    expect(await answer(dead.reportId, {answer: ' '})).toMatchObject({
      status: 400,
      body: {details: [{path: 'body.answer'}]},
    });
    expect(await answer(dead.reportId, {answer: 'mine'}, bearer['SVC-A'])).toMatchObject({status: 403});
    expect(await answer(need['MACHINE-A']!, {answer: 'which?'})).toMatchObject({
      status: 404,
      body: {error: 'unknown-report'},
    });
    expect(await answer(waits.reportId, {answer: 'it waits', callOff: true})).toMatchObject({
      body: {error: 'demand-closed', message: expect.stringContaining('has opened no need')},
    });
    expect((await world.get(`${path}?state=open`, OWNER)).body.partReports).toHaveLength(3);

    const said = {answer: 'it was the fuse; the piece is good', callOff: true};
    expect(await answer(dead.reportId, said)).toMatchObject({status: 200, body: {result: {cancelledQty: 1}}});
    expect((await world.get(`/api/v1/demand/${dead.openedDemandId}`, OWNER)).body.line).toMatchObject({
      state: 'cancelled',
      cancelledQty: 1,
    });
    const own = (await world.get(`${path}?state=answered`, bearer['SVC-A'])).body.partReports;
    expect(own).toMatchObject([
      {
        reportId: dead.reportId,
        answer: said.answer,
        answeredAt: expect.any(String),
        need: {state: 'cancelled'},
      },
    ]);
    expect((await world.get(`${path}?state=answered`, bearer['SVC-B'])).body.partReports).toEqual([]);
    expect((await world.get(`${path}?state=open`, OWNER)).body.partReports).toHaveLength(2);
    await answer(dead.reportId, {answer: 'corrected'});
    expect((await world.get(`${path}?state=answered`, OWNER)).body.partReports).toMatchObject([
      {answer: 'corrected'},
    ]);
  });

  it('I4 reads its list page by page: what waits, then what was handed out, each once', async () => {
    const path = '/api/v1/my/jobs?limit=1';
    const whole = await jobs('OWN');
    expect(new Set(whole.map(({state}) => state))).toEqual(new Set(['late', 'waiting', 'filled']));
    const paged: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const {body}: Answer = await world.get(
        cursor === '' ? path : `${path}&cursor=${cursor}`,
        bearer['OWN'],
      );
      paged.push(...(body.jobs as unknown[]));
      cursor = body.nextCursor as string | null;
    }
    expect(paged).toEqual(whole);
    expect(await world.get(`${path}&cursor=gossip`, bearer['OWN'])).toMatchObject({
      status: 400,
      body: {details: [{path: 'query.cursor', what: 'is no cursor of this list; start without it'}]},
    });
    // Another's cursor says where to go on, not whose rows are shown.
    const {body: foreign} = await world.get(path, bearer['SVC-A']);
    const {body: own} = await world.get(`${path}&cursor=${foreign.nextCursor}`, bearer['SVC-B']);
    expect(JSON.stringify(own)).not.toContain('MACHINE-A');

    const reports = (await world.get('/api/v1/part-reports', OWNER)).body.partReports;
    const first = (await world.get('/api/v1/part-reports?limit=2', OWNER)).body;
    const rest = (await world.get(`/api/v1/part-reports?cursor=${first.nextCursor}`, OWNER)).body;
    expect(reports.length).toBeGreaterThan(2);
    expect([...first.partReports, ...rest.partReports]).toEqual(reports);
  });
});
