import {randomInt} from 'node:crypto';
import {hostname} from 'node:os';
import {messageOf} from '../domain/fault.ts';
import {shareOut} from './share-out.ts';
import type {Lease} from './share-out.ts';
import type {Logger} from './log.ts';
import {inTransaction} from './pg.ts';
import type {Client, Pool} from './pg.ts';

export interface LeaseOptions {
  readonly pool: Pool;
  readonly stage: 'store' | 'predict';
  readonly partitions: number;
  /** Unique per process. */
  readonly owner: string;
  readonly log: Logger;
  /** Silence after which others may take over. Renewed three times as often. */
  readonly leaseMs?: number;
  /** Runs inside the transaction that takes partitions; returns the fencing number of each. Default: the lease's epoch. */
  readonly fence?: (client: Client, partitions: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  /** The set has changed: whatever was remembered of partitions may be out of date. */
  readonly changed?: (partitions: readonly number[]) => void;
}

/** 9 s: a process that was killed is replaced within 12 s; a pause of the event loop below 9 s moves nothing. */
const LEASE_MS = 9000;

/**
 * Shares the partitions of a stage among its processes: each holds its fair part under a lease in the database and gives up
 * what is beyond it when another process joins. The lease only keeps two from doing the same work; what keeps them from
 * doing harm is the fencing number, checked in the transaction that writes.
 *
 * Processes that are alive have a row as well, under stage '<stage>.member' with a random number for the partition.
 * Wall time is the database's, so that one clock judges all.
 */
export class PartitionLeases {
  readonly #options: Required<Pick<LeaseOptions, 'leaseMs'>> & LeaseOptions;
  readonly #member = randomInt(2 ** 31);
  #owned: ReadonlyMap<number, number> = new Map();
  #validUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = {leaseMs: LEASE_MS, ...options};
  }

  /** Takes the first share and keeps it renewed. */
  async start(): Promise<void> {
    await this.renew();
    const tick = (): void => {
      if (this.#stopped) return;
      this.#renewing = this.renew().catch((error: unknown) => {
        const {stage, log} = this.#options;
        log.warn({stage, reason: messageOf(error)}, 'leases could not be renewed');
      });
      void this.#renewing.finally(() => (this.#timer = setTimeout(tick, this.#options.leaseMs / 3)));
    };
    this.#timer = setTimeout(tick, this.#options.leaseMs / 3);
  }

  /** Partition → fencing number; empty as soon as our own clock says that the lease may be over. */
  owned(): ReadonlyMap<number, number> {
    return performance.now() < this.#validUntilMs ? this.#owned : NONE;
  }

  async renew(): Promise<void> {
    const {pool, changed, leaseMs} = this.#options;
    const askedAt = performance.now();
    const owned = await inTransaction(pool, (client) => this.#renew(client));
    const before = this.#owned;
    this.#owned = owned;
    this.#validUntilMs = askedAt + leaseMs;
    const same = before.size === owned.size && [...owned].every(([no, epoch]) => before.get(no) === epoch);
    if (!same) changed?.([...owned.keys()]);
  }

  /** Gives everything back, so that others need not wait for the lease to end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    this.#validUntilMs = 0;
    const {pool, stage, owner} = this.#options;
    await pool.query(
      'UPDATE platform.partition_lease SET until_wall = $3 WHERE stage IN ($1, $2) AND owner = $4',
      [stage, memberStage(stage), '-infinity', owner],
    );
  }

  async #renew(client: Client): Promise<ReadonlyMap<number, number>> {
    const {stage, owner, partitions, leaseMs, fence} = this.#options;
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`lease:${stage}`]);
    await client.query(
      'DELETE FROM platform.partition_lease WHERE stage = $1 AND until_wall < clock_timestamp()',
      [memberStage(stage)],
    );
    await hold(client, memberStage(stage), owner, [[this.#member, 0]], leaseMs);
    const found = await client.query<Lease>(
      `SELECT partition_no AS "partitionNo", owner, epoch, until_wall < clock_timestamp() AS expired
         FROM platform.partition_lease WHERE stage = $1 ORDER BY partition_no`,
      [stage],
    );
    const members = await client.query<{count: number}>(
      'SELECT count(*)::int AS count FROM platform.partition_lease WHERE stage = $1',
      [memberStage(stage)],
    );
    // Ours by name but unknown to this object: the answer to an earlier renewal got lost. Taken anew, with a new number.
    const leases = found.rows.map((lease) => ({
      ...lease,
      expired: lease.expired || (lease.owner === owner && !this.#owned.has(lease.partitionNo)),
    }));
    const share = shareOut({leases, owner, members: members.rows[0]!.count, partitions});
    const epochs = new Map(found.rows.map((lease) => [lease.partitionNo, lease.epoch]));
    const taken = share.taken.map((no): [number, number] => [no, (epochs.get(no) ?? 0) + 1]);
    const kept = share.kept.map((no): [number, number] => [no, epochs.get(no)!]);
    await hold(client, stage, owner, [...kept, ...taken], leaseMs);
    await client.query(
      `UPDATE platform.partition_lease SET until_wall = '-infinity' WHERE stage = $1 AND partition_no = ANY($2::int[])`,
      [stage, share.released],
    );
    const fenced = await fence?.(client, share.taken);
    return new Map([
      ...kept.map(([no]): [number, number] => [no, this.#owned.get(no)!]),
      ...taken.map(([no, epoch]): [number, number] => [no, fenced?.get(no) ?? epoch]),
    ]);
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

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

/** Unique among the processes that are alive, and readable in the lease table. */
export function processName(): string {
  return `${hostname()}:${process.pid}:${randomInt(2 ** 31)}`;
}
