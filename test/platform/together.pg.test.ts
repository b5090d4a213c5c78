import {beforeAll, describe, expect, it} from 'vitest';
import {inTransaction, together} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';

let pool: Pool;

beforeAll(async () => {
  pool = (await openTestDatabase()).poolFor('forestock_replenish');
});

describe('queries that are sent together', () => {
  it('run in their order, each answer to its own question', async () => {
    const answers = await inTransaction(pool, async (client) => {
      await client.query('CREATE TEMP TABLE said (word text) ON COMMIT DROP');
      return together([
        client.query<{n: number}>('SELECT count(*)::int AS n FROM said'),
        client.query(`INSERT INTO said VALUES ('one')`),
        client.query<{n: number}>({name: 'count-said', text: 'SELECT count(*)::int AS n FROM said'}),
        client.query<{n: number}>({name: 'count-said', text: 'SELECT count(*)::int AS n FROM said'}),
      ]);
    });
    expect([answers[0], answers[2], answers[3]].map(({rows}) => rows[0]!.n)).toEqual([0, 1, 1]);
  });

  it('throw what went wrong first, and not what failed because of it', async () => {
    const failing = inTransaction(pool, (client) =>
      together([
        client.query('SELECT 1').then(() => client.query('SELECT 2')), // comes after the fault, in a transaction that has ended
        client.query('SELECT 1 / 0'),
        client.query('SELECT 3'),
      ]),
    );
    await expect(failing).rejects.toMatchObject({code: '22012'});
    expect((await pool.query('SELECT 4 AS four')).rows).toEqual([{four: 4}]);
  });

  it('have all ended when the transaction is rolled back', async () => {
    const ended: string[] = [];
    const slow = async (client: {query(sql: string): Promise<unknown>}): Promise<void> => {
      await client.query('SELECT 1');
      await client.query('SELECT 2').catch(() => ended.push('second'));
    };
    const failing = inTransaction(pool, (client) =>
      together([client.query('SELECT 1 / 0'), slow(client)]).finally(() => ended.push('together')),
    );
    await expect(failing).rejects.toMatchObject({code: '22012'});
    expect(ended.at(-1)).toBe('together');
  });
});
