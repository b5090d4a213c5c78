import type {Queryable} from '../../platform/pg.ts';

/** What the rows tell about the state of the service. */
export interface Gauges {
  readonly forecasts: readonly {readonly method: string; readonly n: number}[];
  readonly decisions: readonly {readonly action: string; readonly state: string; readonly n: number}[];
  readonly alerts: readonly {readonly kind: string; readonly n: number}[];
  /** What the last night found of each class as a whole, at the longest horizon; shadows left out. */
  readonly watched: readonly {
    readonly equipmentClass: string;
    readonly said: string;
    readonly expected: number;
    readonly observed: number;
    readonly breached: number;
  }[];
  readonly outbox: {readonly pending: number; readonly dead: number; readonly oldestS: number};
  /** Entries of the audit trail that wait for their seal, and since when the oldest does. */
  readonly audit: {readonly unsealed: number; readonly oldestS: number};
  readonly lag: {readonly network: number; readonly predict: number; readonly signals: number};
  /** World time of each stage's last complete nightly round, and kinds of rows that its last one failed at. */
  readonly maintenance: readonly {
    readonly stage: string;
    readonly completedAt: number | null;
    readonly failing: number;
  }[];
}

/** Rows of the log that a stage has still to follow, over all partitions. */
const behind = (stage: 'network' | 'predict'): string =>
  `(SELECT coalesce(sum(h.last_log_seq - coalesce(c.log_seq, 0)), 0) FROM ingest.partition_head h
     LEFT JOIN (SELECT partition_no, log_seq FROM ${stage}.checkpoint WHERE stage = '${stage}') c USING (partition_no))::bigint`;

export async function readGauges(db: Queryable): Promise<Gauges> {
  const rows = async <T extends object>(sql: string): Promise<T[]> => (await db.query<T>(sql)).rows;
  const [forecasts, decisions, alerts, outbox, lag, maintenance, watched, audit] = await Promise.all([
    rows<Gauges['forecasts'][number]>(
      'SELECT method, count(*) AS n FROM predict.forecast_current GROUP BY 1',
    ),
    rows<Gauges['decisions'][number]>(
      'SELECT action, state, count(*) AS n FROM replenish.decision GROUP BY 1, 2',
    ),
    rows<Gauges['alerts'][number]>(
      `SELECT kind, count(*) AS n FROM replenish.alert WHERE state <> 'cleared' GROUP BY 1`,
    ),
    rows<Gauges['outbox']>(
      `SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'dead') AS dead,
              coalesce(max(extract(epoch FROM clock_timestamp() - next_wall))
                FILTER (WHERE state = 'pending' AND attempts > 0 AND next_wall <= clock_timestamp()), 0)::float8 AS "oldestS"
         FROM platform.outbox WHERE state <> 'delivered'`,
    ),
    rows<Gauges['lag']>(
      `SELECT ${behind('network')} AS network, ${behind('predict')} AS predict,
              (SELECT count(*) FROM replenish.demand_signal WHERE pending) AS signals`,
    ),
    rows<Gauges['maintenance'][number]>(
      `SELECT key AS stage, (payload->>'completedAt')::timestamptz AS "completedAt",
              (SELECT count(*) FROM jsonb_object_keys(coalesce(payload->'failed', '{}'))) AS failing
         FROM platform.world_timer WHERE kind = 'maintenance' ORDER BY key`,
    ),
    rows<Gauges['watched'][number]>(
      `SELECT equipment_class_id AS "equipmentClass", CASE WHEN said IN ('weibull-age', 'base-rate') THEN 'age' ELSE 'model' END AS said,
              sum((figures->'calibration'->-1->>'expected')::float8) AS expected, sum((figures->'calibration'->-1->>'observed')::float8) AS observed,
              max((breaches <> '{}')::int) AS breached
         FROM predict.model_watch w WHERE w.night = (SELECT max(night) FROM predict.model_watch) AND w.depot_id = ''
          AND (w.said IN ('weibull-age', 'base-rate') OR 'champion' = (SELECT s.state FROM predict.model_state s
                WHERE s.model_version_id = w.said AND s.equipment_class_id = w.equipment_class_id ORDER BY s.state_no DESC LIMIT 1))
        GROUP BY 1, 2 ORDER BY 1, 2`,
    ),
    rows<Gauges['audit']>(
      `SELECT count(*) AS unsealed, coalesce(extract(epoch FROM clock_timestamp() - min(wall_at)), 0)::float8 AS "oldestS"
         FROM platform.audit_unsealed JOIN platform.audit_entry USING (audit_id)`,
    ),
  ]);
  return {
    ...{forecasts, decisions, alerts, maintenance, watched},
    ...{outbox: outbox[0]!, lag: lag[0]!, audit: audit[0]!},
  };
}
