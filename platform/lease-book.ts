import {hasCome} from './come-due.ts';
import {inTransaction} from './pg.ts';
import type {Client, Pool} from './pg.ts';
import type {Lease, Share} from './share-out.ts';

/** One process' wish to go on holding its share of a stage. */
export interface Renewal {
  readonly stage: string;
  readonly owner: string;
  /** Random, one for each life of a process: its row says that it is alive. */
  readonly member: number;
  readonly leaseMs: number;
}

/** What is in the book when a process looks, nobody else looking meanwhile. */
export interface LeasesFound {
  readonly leases: readonly Lease[];
  /** Processes that are alive, the asking one included. */
  readonly members: number;
}

/** The leases of all processes. Both books pass test/platform/lease-book-contract.ts. */
export interface LeaseBook {
  /**
   * Shows what is in the book, and writes down what `choose` makes of it. A rejection may come from a commit whose answer was lost.
   *
   * @returns the epoch and the fencing number of each partition that was taken.
   */
  renew(renewal: Renewal, choose: (found: LeasesFound) => Share): Promise<ReadonlyMap<number, Taken>>;
  /** Ends all leases of the owner. */
  giveBack(stage: string, owner: string): Promise<void>;
}

/** A partition that has just been taken. */
export interface Taken {
  /** Of the lease: raised each time somebody takes it. */
  readonly epoch: number;
  /** What the partition's rows are guarded by. */
  readonly fence: number;
}

/** Runs in the transaction that takes partitions; returns the fencing number of each. */
export type Fence = (client: Client, partitions: readonly number[]) => Promise<ReadonlyMap<number, number>>;

/**
 * The book in PostgreSQL. Processes that are alive have a row as well, under stage '<stage>.member' with a random number for the
 * partition. Wall time is the database's, so that one clock judges all.
 *
 * @param fence  Default: the lease's epoch guards the rows, too.
 */
export function pgLeaseBook(pool: Pool, fence?: Fence): LeaseBook {
  return {
    renew: (renewal, choose) => inTransaction(pool, (client) => renew(client, renewal, choose, fence)),
    async giveBack(stage, owner) {
      await pool.query(
        'UPDATE platform.partition_lease SET until_wall = $3 WHERE stage IN ($1, $2) AND owner = $4',
        [stage, memberStage(stage), '-infinity', owner],
      );
    },
  };
}

async function renew(
  client: Client,
  {stage, owner, member, leaseMs}: Renewal,
  choose: (found: LeasesFound) => Share,
  fence: Fence | undefined,
): Promise<ReadonlyMap<number, Taken>> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`lease:${stage}`]);
  await client.query(
    `DELETE FROM platform.partition_lease WHERE stage = $1 AND ${hasCome('until_wall', '$2')}`,
    [memberStage(stage), leaseMs / 1000],
  );
  await hold(client, memberStage(stage), owner, [[member, 0]], leaseMs);
  const found = await client.query<Lease>(
    `SELECT partition_no AS "partitionNo", owner, epoch, ${hasCome('until_wall', '$2')} AS expired
       FROM platform.partition_lease WHERE stage = $1 ORDER BY partition_no`,
    [stage, leaseMs / 1000],
  );
  const members = await client.query<{count: number}>(
    'SELECT count(*)::int AS count FROM platform.partition_lease WHERE stage = $1',
    [memberStage(stage)],
  );
  const share = choose({leases: found.rows, members: members.rows[0]!.count});
  const epochs = new Map(found.rows.map((lease) => [lease.partitionNo, lease.epoch]));
  const taken = share.taken.map((no): [number, number] => [no, (epochs.get(no) ?? 0) + 1]);
  const kept = share.kept.map((no): [number, number] => [no, epochs.get(no)!]);
  await hold(client, stage, owner, [...kept, ...taken], leaseMs);
  await client.query(
    `UPDATE platform.partition_lease SET until_wall = '-infinity' WHERE stage = $1 AND partition_no = ANY($2::int[])`,
    [stage, share.released],
  );
  const fences = await fence?.(client, share.taken);
  return new Map(taken.map(([no, epoch]) => [no, {epoch, fence: fences?.get(no) ?? epoch}]));
}

const memberStage = (stage: string): string => `${stage}.member`;

async function hold(
  client: Client,
  stage: string,
  owner: string,
  rows: readonly (readonly [number, number])[],
  leaseMs: number,
): Promise<void> {
  await client.query(
    `INSERT INTO platform.partition_lease (stage, partition_no, owner, epoch, until_wall)
     SELECT $1, k.no, $2, k.epoch, clock_timestamp() + make_interval(secs => $5)
       FROM unnest($3::int[], $4::bigint[]) AS k(no, epoch)
     ON CONFLICT (stage, partition_no) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, until_wall = excluded.until_wall`,
    [stage, owner, rows.map(([no]) => no), rows.map(([, epoch]) => epoch), leaseMs / 1000],
  );
}
