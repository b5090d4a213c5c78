import type {EpochMs} from '../../domain/time.ts';
import {plainArray, timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {SequenceState} from '../core/sequence.ts';
import type {Boot, MovedBoot} from './database.ts';

export async function sequencesOf(
  client: Client,
  boots: readonly Boot[],
): Promise<readonly (Boot & {readonly state: SequenceState})[]> {
  const found = await client.query<{
    equipment_no: number;
    boot: number;
    first_seq: number;
    last_seq: number;
    gaps: [number, number][];
  }>(
    `SELECT s.equipment_no, s.boot, s.first_seq, s.last_seq,
            coalesce((SELECT json_agg(json_build_array(g.first_missing, g.last_missing) ORDER BY g.first_missing)
               FROM ingest.sequence_gap g WHERE g.equipment_no = s.equipment_no AND g.boot = s.boot AND g.closed_at IS NULL), '[]') AS gaps
       FROM ingest.sequence_state s JOIN unnest($1::int[], $2::int[]) AS k(equipment_no, boot) USING (equipment_no, boot)`,
    [plainArray(boots.map((each) => each.equipmentNo)), plainArray(boots.map((each) => each.boot))],
  );
  return found.rows.map((row) => ({
    equipmentNo: row.equipment_no,
    boot: row.boot,
    state: {
      first: row.first_seq,
      last: row.last_seq,
      gaps: row.gaps.map(([first, last]) => ({first, last})),
    },
  }));
}

export async function saveSequences(
  client: Client,
  moved: readonly MovedBoot[],
  now: EpochMs,
): Promise<void> {
  await client.query(
    `INSERT INTO ingest.sequence_state (equipment_no, boot, first_seq, last_seq)
     SELECT * FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
     ON CONFLICT (equipment_no, boot) DO UPDATE SET first_seq = excluded.first_seq, last_seq = excluded.last_seq`,
    [
      plainArray(moved.map((each) => each.equipmentNo)),
      plainArray(moved.map((each) => each.boot)),
      plainArray(moved.map((each) => each.after.first)),
      plainArray(moved.map((each) => each.after.last)),
    ],
  );
  await saveGaps(client, moved, now);
}

async function saveGaps(client: Client, moved: readonly MovedBoot[], now: EpochMs): Promise<void> {
  const closed: GapRow[] = [];
  const open: GapRow[] = [];
  for (const {equipmentNo, boot, before, after} of moved) {
    const [was, is] = [before?.gaps ?? [], after.gaps];
    if (was === is) continue;
    const stays = new Set(is.map((gap) => gap.first));
    for (const gap of was) if (!stays.has(gap.first)) closed.push([equipmentNo, boot, gap.first, gap.last]);
    for (const gap of is) open.push([equipmentNo, boot, gap.first, gap.last]);
  }
  if (closed.length > 0) {
    await client.query(
      `UPDATE ingest.sequence_gap g SET closed_at = $4 FROM unnest($1::int[], $2::int[], $3::bigint[]) AS k(equipment_no, boot, first_missing)
        WHERE g.equipment_no = k.equipment_no AND g.boot = k.boot AND g.first_missing = k.first_missing`,
      [...columns(closed).slice(0, 3), timestamp(now)],
    );
  }
  if (open.length > 0) {
    await client.query(
      `INSERT INTO ingest.sequence_gap (equipment_no, boot, first_missing, last_missing, seen_at)
       SELECT k.*, $5::timestamptz FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS k
       ON CONFLICT (equipment_no, boot, first_missing) DO UPDATE SET last_missing = excluded.last_missing, closed_at = NULL`,
      [...columns(open), timestamp(now)],
    );
  }
}

type GapRow = readonly [equipmentNo: number, boot: number, first: number, last: number];

function columns(rows: readonly GapRow[]): string[] {
  return [0, 1, 2, 3].map((column) => plainArray(rows.map((row) => row[column]!)));
}
