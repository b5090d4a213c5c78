import {OperationalFault} from '../domain/fault.ts';
import type {Pool} from './pg.ts';

/** Writes the partition count on the first start; refuses another one ever after. */
export async function keepPartitions(pool: Pool, partitions: number): Promise<void> {
  await pool.query(
    `INSERT INTO platform.installation (key, value) VALUES ('partitions', $1) ON CONFLICT (key) DO NOTHING`,
    [JSON.stringify(partitions)],
  );
  const found = await pool.query<{value: number}>(
    `SELECT value FROM platform.installation WHERE key = 'partitions'`,
  );
  const installed = found.rows[0]!.value;
  if (installed !== partitions) {
    throw new OperationalFault(
      'partitions-fixed',
      `this installation has ${installed} partitions and FORESTOCK_PARTITIONS says ${partitions}; the count is fixed at installation`,
      {retryable: false},
    );
  }
}
