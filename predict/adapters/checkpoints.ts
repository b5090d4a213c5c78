import {OperationalFault} from '../../domain/fault.ts';
import type {Client, Queryable} from '../../platform/pg.ts';
import type {CheckpointMove} from '../ports.ts';

type Moves = readonly CheckpointMove[];

/** Checkpoints that say how far a partition's log has been followed … */
export const FOLLOWING = 'predict';
/** … and those that count the rounds in which the forecasts of its silent equipment were renewed. */
export const RENEWAL = 'predict-renewal';

/**
 * Holds checkpoints where they stand, until the transaction ends. They are the fence: a second predictor that did the same work, or
 * started from what has changed meanwhile, finds one moved, and its transaction ends.
 *
 * @returns What moves them on.
 */
export async function holdCheckpoints(
  client: Client,
  following: Moves,
  renewal: Moves,
): Promise<{write(): Promise<void>}> {
  const moves = [
    ...following.map((move) => ({stage: FOLLOWING, ...move})),
    ...renewal.map((move) => ({stage: RENEWAL, ...move})),
  ];
  const keys = [moves.map(({stage}) => stage), moves.map(({partitionNo}) => partitionNo)];
  const held = await lock(client, keys);
  const rows = held.length === moves.length ? held : await begin(client, keys);
  const at = new Map(rows.map((row) => [`${row.stage}|${row.partition_no}`, row.log_seq]));
  for (const {stage, partitionNo, from} of moves) {
    if (at.get(`${stage}|${partitionNo}`) === from) continue;
    throw new OperationalFault(
      'checkpoint-moved',
      `another predictor has moved on in partition ${partitionNo}`,
      {retryable: true},
    );
  }
  return {
    async write() {
      await client.query(
        `UPDATE predict.checkpoint c SET log_seq = k.through FROM unnest($1::text[], $2::int[], $3::bigint[]) AS k(stage, no, through)
          WHERE c.stage = k.stage AND c.partition_no = k.no AND c.log_seq <> k.through`,
        [...keys, moves.map(({through}) => through)],
      );
    },
  };
}

/**
 * Moves the following's checkpoints on, by one statement, where a slice of the log led to nothing that is to be written.
 *
 * @returns false where one does not stand where the slice began, or was never begun; those that did stand there have moved.
 */
export async function passAlong(db: Queryable, moves: Moves): Promise<boolean> {
  const {rowCount} = await db.query(
    `WITH held AS (
        SELECT c.partition_no, k.through FROM predict.checkpoint c JOIN unnest($2::int[], $3::bigint[], $4::bigint[]) AS k(no, began, through)
            ON c.stage = $1 AND c.partition_no = k.no AND c.log_seq = k.began ORDER BY 1 FOR UPDATE OF c)
      UPDATE predict.checkpoint c SET log_seq = held.through FROM held WHERE c.stage = $1 AND c.partition_no = held.partition_no`,
    [
      FOLLOWING,
      moves.map(({partitionNo}) => partitionNo),
      moves.map(({from}) => from),
      moves.map(({through}) => through),
    ],
  );
  return rowCount === moves.length;
}

interface CheckpointRow {
  readonly stage: string;
  readonly partition_no: number;
  readonly log_seq: number;
}

async function lock(client: Client, keys: readonly (readonly unknown[])[]): Promise<CheckpointRow[]> {
  const found = await client.query<CheckpointRow>(
    `SELECT c.stage, c.partition_no, c.log_seq FROM predict.checkpoint c JOIN unnest($1::text[], $2::int[]) AS k(stage, no)
         ON c.stage = k.stage AND c.partition_no = k.no ORDER BY 1, 2 FOR UPDATE OF c`,
    [...keys],
  );
  return found.rows;
}

/** The first time that a partition is followed. */
async function begin(client: Client, keys: readonly (readonly unknown[])[]): Promise<CheckpointRow[]> {
  await client.query(
    `INSERT INTO predict.checkpoint (stage, partition_no, log_seq) SELECT k.stage, k.no, 0 FROM unnest($1::text[], $2::int[]) AS k(stage, no)
      ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    [...keys],
  );
  return lock(client, keys);
}
