import {z} from 'zod';
import {epochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {SparkplugBirth} from '../core/sparkplug.ts';
import type {SparkplugBirthStore} from '../ports.ts';

const Metrics = z.array(z.object({name: z.string(), alias: z.int().optional(), datatype: z.int()}));

export class PgSparkplugBirths implements SparkplugBirthStore {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  async loadAll(): Promise<readonly SparkplugBirth[]> {
    const {rows} = await this.#database.query<{
      edge_node: string;
      device: string;
      bd_seq: number | null;
      metrics: unknown;
      born_at: number;
      stale: boolean;
    }>('SELECT edge_node, device, bd_seq, metrics, born_at, stale FROM ingest.sparkplug_birth');
    return rows.map((row) => ({
      edgeNode: row.edge_node,
      device: row.device,
      ...(row.bd_seq === null ? {} : {bdSeq: row.bd_seq}),
      metrics: Metrics.parse(row.metrics).map(({name, alias, datatype}) => ({
        name,
        datatype,
        ...(alias === undefined ? {} : {alias}),
      })),
      bornAt: epochMs(row.born_at),
      stale: row.stale,
    }));
  }

  /** One that is stale is a DEATH: the silence timer of its equipment is due with it. */
  async save({edgeNode, device, bdSeq, metrics, bornAt, stale}: SparkplugBirth): Promise<void> {
    await this.#database.query(
      `WITH birth AS (
         INSERT INTO ingest.sparkplug_birth (edge_node, device, bd_seq, metrics, born_at, stale) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (edge_node, device) DO UPDATE
            SET bd_seq = excluded.bd_seq, metrics = excluded.metrics, born_at = excluded.born_at, stale = excluded.stale
         RETURNING CASE device WHEN '' THEN split_part(edge_node, '/', 2) ELSE device END AS equipment_id, born_at, stale
       )
       UPDATE platform.world_timer t SET due_at = least(t.due_at, b.born_at)
         FROM birth b WHERE b.stale AND t.kind = 'silence' AND t.key = b.equipment_id`,
      [edgeNode, device, bdSeq ?? null, JSON.stringify(metrics), timestamp(bornAt), stale],
    );
  }
}
