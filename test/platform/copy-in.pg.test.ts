import {beforeEach, describe, expect, it} from 'vitest';
import {copyIn} from '../../platform/copy-in.ts';
import {inTransaction, together} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';

const LOG_ROWS = 'COPY network.checkpoint (stage, partition_no, log_seq) FROM STDIN';
const rows = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);
const line = (partitionNo: number, logSeq: number | string = 7): string => `test\t${partitionNo}\t${logSeq}`;

describe('a COPY of what is at hand', () => {
  let pool: Pool;
  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_network');
  });

  const stored = async (): Promise<number> =>
    (await pool.query(`SELECT 1 FROM network.checkpoint WHERE stage = 'test'`)).rowCount!;

  it('is sent between other statements, and each of them has its own answer', async () => {
    const [before, copied, after] = await inTransaction(pool, (client) =>
      together([
        client.query<{n: number}>('SELECT 1 AS n'),
        copyIn(client, LOG_ROWS, rows([line(1), line(2)])),
        client.query<{n: number}>(`SELECT count(*)::int AS n FROM network.checkpoint WHERE stage = $1`, [
          'test',
        ]),
      ]),
    );
    expect([before.rows[0]!.n, copied, after.rows[0]!.n]).toEqual([1, 2, 2]);
  });

  it('takes no rows, and more of them than a connection holds at once', async () => {
    const many = Array.from({length: 300_000}, (_, i) => line(i + 1));
    await inTransaction(pool, async (client) => {
      expect(await copyIn(client, LOG_ROWS, rows(many))).toBe(300_000);
      expect(await copyIn(client, LOG_ROWS, Buffer.alloc(0))).toBe(0);
    });
    expect(await stored()).toBe(300_000);
  });

  it.each([
    ['a table that there is not', 'COPY network.nothing FROM STDIN', [line(1)], '42P01'],
    [
      'a row that is none, the first of many',
      LOG_ROWS,
      [line(1, 'x'), ...Array<string>(200_000).fill(line(2))],
      '22P02',
    ],
    ['a row that there is already, the last', LOG_ROWS, [line(1), line(2), line(1)], '23505'],
  ])('refused for %s, undoes its transaction; the connection goes on', async (_, command, lines, code) => {
    const server = async (): Promise<unknown> => (await pool.query('SELECT pg_backend_pid() AS pid')).rows;
    const before = await server();
    const lost = inTransaction(pool, (client) =>
      together([copyIn(client, command, rows(lines)), client.query('SELECT 1')]),
    );
    await expect(lost).rejects.toMatchObject({code});
    expect(await server()).toEqual(before);
    expect(await stored()).toBe(0);
  });
});
