import {expect, it} from 'vitest';
import {openPool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';

it('a statement with parameters is prepared once a connection, also where it fails; one without is not', async () => {
  const database = await openTestDatabase();
  const pool = openPool({url: database.ownerUrl, role: 'forestock_ingest', max: 1});
  const [halve, plain] = ['SELECT 10 / $1::int AS half', 'SELECT 5 AS half'];
  const halves = [];
  for (const by of [2, 5]) halves.push((await pool.query<{half: number}>(halve, [by])).rows[0]!.half);
  await expect(pool.query(halve, [0])).rejects.toMatchObject({code: '22012'});
  halves.push((await pool.query<{half: number}>(halve, [1])).rows[0]!.half);
  expect(halves).toEqual([5, 2, 10]);
  await pool.query(plain);
  const {rows} = await pool.query<{statement: string}>('SELECT statement FROM pg_prepared_statements');
  expect(rows).toEqual([{statement: halve}]);
  await pool.end();
});
