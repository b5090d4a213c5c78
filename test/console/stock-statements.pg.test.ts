/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {withRows} from '../replenish/reference.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
/** P-1 is of segment C, P-2 of A. */
const DATA = (() => {
  const network = withRows(tinyNetwork(), {
    party: [{party_id: 'PAR', kind: 'partner', name: 'Partner'}],
    depot: [
      {depot_id: 'D-P', site_id: 'SITE-1', party_id: 'PAR', echelon: 'regional', parent_depot_id: 'D-C'},
    ],
  });
  const criticality: Readonly<Record<string, string>> = {'P-1': 'C', 'P-2': 'A'};
  return {
    ...network,
    part: network['part']!.map((row) => ({...row, criticality: criticality[String(row['part_id'])] ?? 'B'})),
  };
})();

describe('stated stock at the API', () => {
  let world: ConsoleWorld;
  const bearer: Record<string, {authorization: string}> = {};
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: DATA, apiToken: 'the-installation-token'});
    for (const [name, standing] of Object.entries({
      partner: {role: 'technician', partyId: 'PAR'},
      segment: {role: 'technician', partyId: 'PAR', segments: ['A']},
      planner: {role: 'planner', depotIds: ['D-C']},
      planning: {role: 'planner', depotIds: ['D-C'], segments: ['C']},
      supplier: {role: 'supplier', partyId: 'SUP'},
      auditor: {role: 'auditor'},
    })) {
      const {body} = await world.send('PUT', `/api/v1/tokens/${name}`, standing, OWNER);
      bearer[name] = {authorization: `Bearer ${body.token}`};
    }
  });
  afterAll(() => world.stop());

  const at = (hours: number): string => toIso(epochMs(START + hours * HOUR_MS));
  const state = (who: string, depotId: string, more: object = {}, headers = {}): Promise<Answer> =>
    world.post(
      '/api/v1/stock/statements',
      {statements: [{part: {number: 'P-1'}, depotId, onHand: 2, countedAt: at(-1), ...more}]},
      {...bearer[who], ...headers},
    );
  const list = async (query = ''): Promise<any[]> =>
    (await world.get(`/api/v1/stock/statements${query}`, bearer['auditor'])).body.statements;

  it('A6 a partner states its own depot under its own name, and is told nothing of the ledger', async () => {
    const said = await state('partner', 'D-P', {}, {'idempotency-key': 'k-1'});
    expect(said).toEqual({status: 200, body: {repeated: false, result: {stated: 1, known: 0}}});
    expect(await state('partner', 'D-P', {}, {'idempotency-key': 'k-1'})).toMatchObject({
      body: {repeated: true},
    });
    expect(await state('partner', 'D-P', {}, {'idempotency-key': 'k-2'})).toMatchObject({
      body: {repeated: false, result: {stated: 1, known: 1}},
    });
    const statements = await list('?depotId=D-P');
    expect(statements).toMatchObject([
      {source: 'PAR', partyId: 'PAR', statedQty: 2, ledgerQty: 0, differenceQty: 2, agrees: false},
    ]);
    expect(statements[0].openCase).toMatchObject({owner: null, heldBackQty: 0});
    expect(await world.get('/api/v1/stock/statements', bearer['partner'])).toMatchObject({status: 403});
  });

  it.each([
    ['partner', 'D-C', {}, 'unknown-depot'],
    ['supplier', 'D-P', {}, 'unknown-depot'],
    ['segment', 'D-P', {}, 'foreign-segment'],
    ['planner', 'D-P', {}, 'foreign-depot'],
    ['planning', 'D-C', {part: {number: 'P-2'}}, 'foreign-segment'],
    ['planner', 'D-C', {countedAt: at(1)}, 'counted-ahead'],
    ['planner', 'D-C', {part: {number: '77'}}, 'ambiguous-part'],
    ['planner', 'D-C', {onHand: -1}, 'invalid-request'],
    ['auditor', 'D-C', {}, 'not-permitted'],
  ])('A6 %s at %s with %o is refused: %s', async (who, depotId, more, code) => {
    const before = await list();
    expect(await state(who, depotId, more)).toMatchObject({body: {error: code}});
    expect(await list()).toEqual(before);
  });

  it('A6 who sees one segment states parts of it', async () => {
    expect(await state('segment', 'D-P', {part: {number: 'P-2'}, onHand: 0})).toMatchObject({status: 200});
    expect(await state('planning', 'D-C', {onHand: 10})).toMatchObject({status: 200});
  });

  it('A6 more than 500 statements are too many for one call', async () => {
    const one = {part: {number: 'P-1'}, depotId: 'D-C', onHand: 10, countedAt: at(-2)};
    const send = (statements: object[]): Promise<Answer> =>
      world.post('/api/v1/stock/statements', {statements}, bearer['planner']);
    expect(await send(Array.from({length: 501}, () => one))).toMatchObject({
      body: {error: 'invalid-request'},
    });
    expect(await send(Array.from({length: 500}, () => one))).toMatchObject({body: {result: {stated: 1}}});
  });

  it('A6 the case is closed with what was found, its rule is tuned, and the list is to be had as CSV', async () => {
    const change = {onHand: {tolerancePieces: 0, tolerancePct: 0, wins: 'lower'}};
    const tuned = {change, actor: 'ops-1'};
    expect(
      await world.send('PUT', '/api/v1/parameters/network.stock-statements', tuned, OWNER),
    ).toMatchObject({
      status: 200,
    });
    expect(await state('planner', 'D-C', {onHand: 7, countedAt: at(0)})).toMatchObject({status: 200});
    const atp = async (): Promise<unknown> =>
      (await world.get('/api/v1/atp?partId=P-1&depotId=D-C', OWNER)).body.available[0].available;
    expect(await atp()).toBe(7);
    const [row] = await list('?depotId=D-C&agrees=false');
    expect(row).toMatchObject({statedQty: 7, ledgerQty: 10, openCase: {heldBackQty: 3}});
    const csv = await fetch(`${world.url}/api/v1/stock/statements.csv?agrees=false&depotId=D-C`, {
      headers: bearer['auditor']!,
    });
    expect(await csv.text()).toContain('statedQty [pieces]');
    const found = {actor: 'planner-1', resolution: 'wrong-data', note: 'counted again'};
    const path = `/api/v1/alerts/${row.openCase.alertId}/resolve`;
    expect(await world.post(path, found, bearer['planner'])).toMatchObject({status: 200});
    expect(await atp()).toBe(10);
    expect(await list('?depotId=D-C&agrees=false')).toMatchObject([{openCase: null}]);
  });
});
