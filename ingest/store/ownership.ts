import {OperationalFault} from '../../domain/fault.ts';
import type {Client} from '../../platform/pg.ts';

/** The partitions that this process may write, each with the fencing number that it raised when it took over. */
export interface Ownership {
  owned(): ReadonlyMap<number, number>;
}

/**
 * Takes partitions over: raises the fencing number of each, so that a batch of the previous owner finds it moved and writes
 * nothing. Waits for a batch under way.
 */
export async function claimHeads(
  client: Pick<Client, 'query'>,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  const claimed = await client.query<{partition_no: number; epoch: number}>(
    `INSERT INTO ingest.partition_head AS h (partition_no, epoch) SELECT no, 1 FROM unnest($1::int[]) AS k(no) ORDER BY no
     ON CONFLICT (partition_no) DO UPDATE SET epoch = h.epoch + 1 RETURNING partition_no, epoch`,
    [partitions],
  );
  return new Map(claimed.rows.map((row) => [row.partition_no, row.epoch]));
}

/** @throws OperationalFault 'partition-taken' when a head's fencing number is not the owner's. */
export function checkFence(heads: ReadonlyMap<number, number>, owned: ReadonlyMap<number, number>): void {
  for (const [partition, epoch] of heads) {
    if (owned.get(partition) === epoch) continue;
    throw new OperationalFault(
      'partition-taken',
      `partition ${partition} belongs to another store process now`,
      {
        retryable: true,
      },
    );
  }
}
