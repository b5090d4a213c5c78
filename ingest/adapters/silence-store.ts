import {epochMs, SECOND_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {SilenceRule, SilenceVerdict, WatchedEquipment} from '../core/silence.ts';
import type {SilenceFacts, SilenceStore} from '../silence-service.ts';

/** Equipment judged in one round; the rest is still due in the next. */
const ROUND_MAX = 5000;
const OUTAGE = 'telemetry-outage';
const SILENT = 'equipment-silent';
/** There is one line to the equipment, and so one subject. */
const ALL = 'all';

// NOT IN, because it is always hashed: on tables without statistics yet, as after a first import, NOT EXISTS became a nested
// loop, 1.9 s against 4 ms for 2,000 equipment, every second.
/** The timer of an equipment carries its state, so that one row says all: {silentSince: ms | null, alerted, dead?: true}. */
const WATCH = `
  INSERT INTO platform.world_timer (kind, key, due_at, payload)
  SELECT 'silence', e.equipment_id,
         greatest(coalesce(k.last_received_at, '-infinity'), $1::timestamptz) + make_interval(secs => coalesce(e.expected_interval_s, c.expected_interval_s) * $2::float8),
         '{"silentSince": null, "alerted": false}'
    FROM network.equipment e
    JOIN network.equipment_model m USING (model_id)
    JOIN network.equipment_class c USING (equipment_class_id)
    LEFT JOIN ingest.equipment_contact k USING (equipment_no)
   WHERE e.monitored AND e.state = 'active'
     AND e.equipment_id NOT IN (SELECT t.key FROM platform.world_timer t WHERE t.kind = 'silence')
  ON CONFLICT DO NOTHING`;

const UNWATCH = `
  DELETE FROM platform.world_timer t WHERE t.kind = 'silence'
     AND t.key NOT IN (SELECT e.equipment_id FROM network.equipment e WHERE e.monitored AND e.state = 'active')
  RETURNING t.key`;

// A DEATH makes the timer due (sparkplug-births.ts), so the equipment that died is among the due ones; what is silent is looked at
// again when it has spoken, or is not reported dead any more. An equipment that moved lives where it was born last.
const DUE = `
  WITH dead AS (
    SELECT CASE device WHEN '' THEN split_part(edge_node, '/', 2) ELSE device END AS equipment_id
      FROM ingest.sparkplug_birth GROUP BY 1 HAVING bool_and(stale)
  )
  SELECT t.key AS equipment_id, e.customer_party_id AS party_id, e.site_id, coalesce(e.expected_interval_s, c.expected_interval_s) AS expected_interval_s, k.last_received_at,
         (t.payload->>'silentSince')::float8 AS silent_since, (t.payload->>'alerted')::boolean AS alerted,
         t.key IN (SELECT d.equipment_id FROM dead d) AS dead, t.payload ? 'dead' AS was_dead
    FROM platform.world_timer t
    JOIN network.equipment e ON e.equipment_id = t.key
    JOIN network.equipment_model m USING (model_id)
    JOIN network.equipment_class c USING (equipment_class_id)
    LEFT JOIN ingest.equipment_contact k USING (equipment_no)
   WHERE t.kind = 'silence'
     AND (t.due_at <= $1
          OR (t.payload->>'silentSince' IS NOT NULL
              AND (t.payload->>'alerted' = 'false' OR (t.payload ? 'dead') <> (t.key IN (SELECT d.equipment_id FROM dead d))
                   OR extract(epoch FROM k.last_received_at) * 1000 > (t.payload->>'silentSince')::float8)))
   ORDER BY t.key LIMIT ${ROUND_MAX}
     FOR UPDATE OF t SKIP LOCKED`;

const COUNTS = `
  SELECT count(*)::int AS expected, count(*) FILTER (WHERE payload->>'silentSince' IS NOT NULL)::int AS silent,
         EXISTS (SELECT 1 FROM replenish.alert WHERE kind = '${OUTAGE}' AND state <> 'cleared') AS outage_open
    FROM platform.world_timer WHERE kind = 'silence'`;

const REARM = `
  UPDATE platform.world_timer t SET due_at = d.due_at, payload = d.payload
    FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[]) AS d(key, due_at, payload)
   WHERE t.kind = 'silence' AND t.key = d.key`;

export class PgSilenceStore implements SilenceStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async round(
    {
      now,
      listeningSince,
      rule,
    }: {readonly now: EpochMs; readonly listeningSince: EpochMs; readonly rule: SilenceRule},
    decide: (facts: SilenceFacts) => SilenceVerdict,
  ): Promise<SilenceVerdict> {
    return inTransaction(this.#pool, async (client) => {
      await client.query(WATCH, [timestamp(listeningSince), rule.intervals]);
      const gone = await client.query<{key: string}>(UNWATCH);
      for (const {key} of gone.rows) await clearAlert(client, SILENT, key, now);
      const facts = await load(client, now);
      const verdict = decide(facts);
      await commit(client, facts, verdict);
      return verdict;
    });
  }
}

async function load(client: Client, now: EpochMs): Promise<SilenceFacts> {
  const due = await client.query<{
    equipment_id: string;
    party_id: string;
    site_id: string;
    expected_interval_s: number;
    last_received_at: number | null;
    silent_since: number | null;
    alerted: boolean;
    dead: boolean;
    was_dead: boolean;
  }>(DUE, [timestamp(now)]);
  const counts = await client.query<{expected: number; silent: number; outage_open: boolean}>(COUNTS);
  const {expected, silent, outage_open: outageOpen} = counts.rows[0]!;
  const watched = due.rows.map((row): WatchedEquipment => ({
    equipmentId: row.equipment_id,
    partyId: row.party_id,
    siteId: row.site_id,
    expectedIntervalS: row.expected_interval_s,
    lastReceivedAt: row.last_received_at === null ? null : epochMs(row.last_received_at),
    silentSince: row.silent_since === null ? null : epochMs(row.silent_since),
    alerted: row.alerted,
    dead: row.dead,
    wasDead: row.was_dead,
  }));
  return {now, watched, expectedCount: expected, silentCount: silent, outageOpen};
}

async function commit(
  client: Client,
  {now, outageOpen, expectedCount}: SilenceFacts,
  verdict: SilenceVerdict,
): Promise<void> {
  const {timers, raise, clear, outage, silentCount} = verdict;
  if (timers.length > 0) {
    await client.query(REARM, [
      timers.map(({equipmentId}) => equipmentId),
      timers.map(({dueAt}) => timestamp(dueAt)),
      timers.map(({silentSince, alerted, dead}) =>
        JSON.stringify({silentSince, alerted, ...(dead && {dead})}),
      ),
    ]);
  }
  for (const equipment of raise) {
    const body = {
      equipmentId: equipment.equipmentId,
      siteId: equipment.siteId,
      lastHeardAt: equipment.lastReceivedAt === null ? null : toIso(equipment.lastReceivedAt),
      silentForS: Math.round((now - equipment.silentSince) / SECOND_MS),
      expectedIntervalS: equipment.expectedIntervalS,
      because: equipment.dead ? 'reported-dead' : 'nothing-heard',
    };
    await openAlert(client, SILENT, equipment.equipmentId, equipment.partyId, now, body);
  }
  for (const equipmentId of clear) await clearAlert(client, SILENT, equipmentId, now);
  if (outage && !outageOpen)
    await openAlert(client, OUTAGE, ALL, null, now, {silent: silentCount, expected: expectedCount});
  if (!outage && outageOpen) await clearAlert(client, OUTAGE, ALL, now);
}

async function openAlert(
  client: Client,
  kind: string,
  subject: string,
  partyId: string | null,
  now: EpochMs,
  body: object,
): Promise<void> {
  await client.query('SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6)', [
    causeId('alert', kind, subject, now),
    kind,
    subject,
    partyId,
    timestamp(now),
    JSON.stringify(body),
  ]);
}

async function clearAlert(client: Client, kind: string, subject: string, now: EpochMs): Promise<void> {
  await client.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [kind, subject, timestamp(now), '{}']);
}
