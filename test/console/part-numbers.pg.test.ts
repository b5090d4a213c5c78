/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON, and the expectations are what checks them */
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, plusMs, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {partNumberKey} from '../../network/core/part-number-key.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

/** On the tenth day the maker gives the number of one part to another. */
const CHANGE = plusMs(START, 10 * DAY_MS);

function data(): MasterData {
  const network = tinyNetwork();
  delete network['opening_stock'];
  const [first] = network['part']!;
  return {
    ...network,
    part: [...network['part']!, {...first!, part_id: 'P-1B'}],
    part_xref: [
      ...network['part_xref']!,
      {scheme: 'MPN', number: 'KX 200', part_id: 'P-1', valid_to: toIso(CHANGE)},
      {scheme: 'MPN', number: 'KX 200', part_id: 'P-1B', valid_from: toIso(CHANGE)},
      {scheme: 'ACME', number: '4711', part_id: 'P-1'},
    ],
  };
}

describe('part numbers over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: data()});
  });
  afterAll(() => world.stop());

  const receive = (part: object, qty: number) =>
    world.post('/api/v1/stock/receipts', {part, depotId: 'D-1', qty, fromLoc: 'supplier:SUP'});

  it('K2 what came in by the maker’s number, a customer’s and ours is one row of one stock view, found by any of them', async () => {
    for (const [part, qty] of [
      [{scheme: 'MPN', number: '6205'}, 3],
      [{scheme: 'ACME', number: '4711'}, 2],
      [{number: 'p-1'}, 1],
      [{number: ' kx200 '}, 4],
    ] as const)
      expect(await receive(part, qty)).toMatchObject({status: 200, body: {result: {partId: 'P-1'}}});
    const whole = {loc: 'depot:D-1', partId: 'P-1', qty: 10};
    for (const query of [
      'partId=P-1',
      'number=6205',
      'scheme=mpn&number=6205',
      'number=4711',
      'number=P-1',
      'number=KX%20200',
    ]) {
      const {status, body} = await world.get(`/api/v1/stock?${query}`);
      expect({query, status, stock: body.stock}).toMatchObject({query, status: 200, stock: [whole]});
    }
    const {stock} = (await world.get('/api/v1/stock?number=4711')).body;
    expect(stock[0].numbers).toEqual([
      {scheme: 'ACME', number: '4711', revision: ''},
      {scheme: 'MPN', number: '6205', revision: ''},
      {scheme: 'MPN', number: '77', revision: ''},
      {scheme: 'MPN', number: 'KX 200', revision: ''},
    ]);
    expect((await world.get('/api/v1/stock?number=6205&partId=P-2')).body).toEqual({stock: []});
  });

  it('K2 a number that means two parts, or none, is no stock view but a question', async () => {
    const two = await world.get('/api/v1/stock?number=77');
    expect(two).toMatchObject({status: 422, body: {error: 'ambiguous-part'}});
    expect(two.body.message).toContain('P-1 and P-2');
    expect(await world.get('/api/v1/stock?number=nobody')).toMatchObject({
      status: 422,
      body: {error: 'unknown-part'},
    });
    expect(await receive({number: '77'}, 1)).toMatchObject({status: 422, body: {error: 'ambiguous-part'}});
    const kept = (await world.get('/api/v1/quarantine?state=open')).body.quarantine;
    expect(kept).toMatchObject([{kind: 'receive-stock', reason: 'ambiguous-part'}]); // the case that somebody settles
  });

  it('K2 a number that has changed hands means the new part from its day on, and the old one for work done before', async () => {
    await world.clock.advanceTo(plusMs(CHANGE, DAY_MS));
    expect(await receive({scheme: 'MPN', number: 'KX 200'}, 5)).toMatchObject({
      body: {result: {partId: 'P-1B', pieces: 5}},
    });
    expect((await world.get('/api/v1/stock?number=kx200')).body.stock).toMatchObject([
      {partId: 'P-1B', qty: 5},
    ]);
    const report = async (reportedAt: string): Promise<string> => {
      const done = {
        equipmentId: 'M-1',
        positionId: 'compressor',
        finding: 'planned',
        reportedAt,
        partId: 'KX200',
      };
      expect((await world.post('/api/v1/repairs', done)).status).toBe(200);
      const {installed} = (await world.get(`/api/v1/equipment/M-1?asOf=${reportedAt}`)).body;
      return installed[0].partId as string;
    };
    expect(await report(toIso(plusMs(CHANGE, -DAY_MS)))).toBe('P-1');
    expect(await report(toIso(plusMs(CHANGE, DAY_MS / 2)))).toBe('P-1B');
    const asOf = toIso(plusMs(CHANGE, -1));
    expect((await world.get(`/api/v1/parts/resolve?number=KX200&asOf=${asOf}`)).body.partId).toBe('P-1');
    const wrong = {
      equipmentId: 'M-2',
      positionId: 'compressor',
      finding: 'planned',
      reportedAt: asOf,
      partId: '77',
    };
    expect(await world.post('/api/v1/repairs', wrong)).toMatchObject({
      status: 422,
      body: {error: 'ambiguous-part'},
    });
  });

  it('K2 the database reads a number as we do', async () => {
    const pool = world.db.poolFor('forestock_api');
    const numbers = fc.sample(fc.string({unit: 'binary', maxLength: 40}), {numRuns: 300, seed: 7});
    const writable = [...numbers, '6205-2rs c3', 'ß i ı Ä', ' \u00a0\t\u2009x'].filter(
      (text) => !text.includes('\0'),
    );
    const {rows} = await pool.query<{key: string}>(
      'SELECT network.part_number_key(n) AS key FROM unnest($1::text[]) WITH ORDINALITY AS t(n, i) ORDER BY i',
      [writable],
    );
    expect(rows.map(({key}) => key)).toEqual(writable.map(partNumberKey));
  });
});
