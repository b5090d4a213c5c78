import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {RiskyComponent} from '../core/decision/situation.ts';

/**
 * What a waiting machine `e` costs per hour: its downtime, plus the plain penalty of the contract version in force `at` (a
 * parameter's name). A version with typed penalty terms charges by those instead (contract-rows.ts).
 */
export const shortageMinorPerH = (at: string): string => `coalesce(e.downtime_minor_per_h, 0) + coalesce((
  SELECT CASE WHEN EXISTS (SELECT FROM partners.contract_term t WHERE t.contract_id = c.contract_id AND t.version = c.version
                              AND t.type = 'penalty' AND t.effective @> ${at}::timestamptz) THEN 0 ELSE c.penalty_minor_per_h END
    FROM network.contract c WHERE c.contract_id = e.contract_id AND c.status = 'active' AND c.valid @> ${at}::timestamptz
   ORDER BY c.version DESC LIMIT 1), 0)`;

/**
 * The depot at which a need of equipment `equipment` for part `part` will show `at` (all three SQL): the first serving depot that
 * stocks it, else the first. So the books place needs (network/core/position-change.ts), and what is expected stands where it will fall.
 */
export const servingDepot = (equipment: string, part: string, at: string): string => `
  SELECT s.depot_id FROM network.service_area s
    LEFT JOIN network.part_depot k ON k.depot_id = s.depot_id AND k.part_id = ${part} AND k.may_stock
   WHERE s.equipment_no = ${equipment} AND s.valid_from <= ${at} AND s.valid_to > ${at}
   ORDER BY k.part_id IS NULL, s.priority, s.transit_h, s.depot_id LIMIT 1`;

/** Forecasts that name signals: an age says nothing about them. */
const METHODS_WITH_SIGNALS: ReadonlySet<string> = new Set(['model', 'pooled']);

interface ComponentRow {
  readonly depot_id: string;
  readonly component_id: string;
  readonly equipment_id: string;
  readonly position_id: string;
  readonly lot: string | null;
  readonly quantity: number;
  readonly as_of: number;
  readonly revision: number;
  readonly model_version_id: string;
  readonly method: string;
  readonly horizons_h: number[];
  readonly cumulative_ppm: number[];
  readonly tail_hazard_ppb_per_h: number;
  readonly shortage: number;
  readonly contract_id: string | null;
}
/**
 * Installed components whose failure will ask for the part (what the bill of materials says today, whatever of the part's family
 * was built in), with their newest forecast. A position that has failed is an open need, not a risk.
 *
 * OFFSET 0 keeps each step a look-up, where a plan may read every machine's rows. The family comes from its own table: a kept plan
 * takes an array parameter for ten parts, and seems so dear that the server plans anew for every decision.
 */
const COMPONENTS = `
  WITH down AS MATERIALIZED (
    SELECT l.equipment_no, v.position_id, l.part_id FROM network.demand_line l
      LEFT JOIN network.position_event v ON v.equipment_no = l.equipment_no AND v.event_key = l.source_key AND l.source = 'event'
     WHERE l.state = 'open' AND l.cause = 'failure')
  SELECT a.depot_id, i.component_id, e.equipment_id, i.position_id, c.lot, coalesce(b.qty, 1) AS quantity, f.as_of, f.revision, f.model_version_id,
         f.method, f.horizons_h, f.cumulative_ppm, f.tail_hazard_ppb_per_h, (${shortageMinorPerH('$2')})::bigint AS shortage,
         e.contract_id
    FROM network.part p JOIN network.part m USING (group_id) JOIN network.component c ON c.part_id = m.part_id
    CROSS JOIN LATERAL (SELECT i.* FROM network.installation i WHERE i.component_id = c.component_id AND i.removed_at IS NULL OFFSET 0) i
    CROSS JOIN LATERAL (SELECT f.* FROM predict.forecast_current f WHERE f.component_id = c.component_id OFFSET 0) f
    CROSS JOIN LATERAL (SELECT e.* FROM network.equipment e WHERE e.equipment_no = i.equipment_no AND e.state = 'active' OFFSET 0) e
    JOIN LATERAL (${servingDepot('e.equipment_no', '$1', '$2')}) a ON true
    LEFT JOIN LATERAL (SELECT b.qty, b.part_id FROM network.bom_position b WHERE b.model_id = e.model_id AND b.position_id = i.position_id
                         AND b.valid_from <= $2 AND b.valid_to > $2 ORDER BY b.valid_from DESC, b.part_id LIMIT 1) b ON true
   WHERE p.part_id = $1 AND coalesce(b.part_id, c.part_id) = $1
     AND NOT EXISTS (SELECT FROM down d WHERE d.equipment_no = e.equipment_no
                        AND (d.position_id = i.position_id OR (d.position_id IS NULL AND d.part_id = $1)))
   ORDER BY i.component_id COLLATE "C"`;

/** The components whose failure will ask for a part, by the depot that serves them, sorted by id. */
export async function loadComponents(
  db: Queryable,
  partId: string,
  now: EpochMs,
): Promise<ReadonlyMap<string, RiskyComponent[]>> {
  const {rows} = await db.query<ComponentRow>(COMPONENTS, [partId, timestamp(now)]);
  const signals = await topSignals(
    db,
    rows.filter((row) => METHODS_WITH_SIGNALS.has(row.method)),
  );
  const byDepot = new Map<string, RiskyComponent[]>();
  for (const row of rows) {
    const component = toComponent(row, signals.get(row.component_id) ?? []);
    const served = byDepot.get(row.depot_id);
    if (served === undefined) byDepot.set(row.depot_id, [component]);
    else served.push(component);
  }
  return byDepot;
}

// The oldest and newest as-of let the planner leave out every other partition; a plain join has to plan for all of them.
const TOP_SIGNALS = `
  SELECT h.component_id, h.top_signals FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[]) AS k(component_id, as_of, version, revision)
    JOIN predict.forecast h ON h.component_id = k.component_id AND h.as_of = k.as_of AND h.model_version_id = k.version AND h.revision = k.revision
   WHERE h.as_of BETWEEN $5 AND $6`;

/** What the newest forecasts say of their causes, by component, the weightiest first. */
async function topSignals(
  db: Queryable,
  rows: readonly ComponentRow[],
): Promise<ReadonlyMap<string, string[]>> {
  if (rows.length === 0) return new Map();
  const asOfs = rows.map((row) => row.as_of);
  const found = await db.query<{component_id: string; top_signals: {text: string}[]}>(TOP_SIGNALS, [
    rows.map((row) => row.component_id),
    asOfs.map(timestamp),
    rows.map((row) => row.model_version_id),
    rows.map((row) => row.revision),
    timestamp(Math.min(...asOfs)),
    timestamp(Math.max(...asOfs)),
  ]);
  return new Map(found.rows.map((row) => [row.component_id, row.top_signals.map(({text}) => text)]));
}

function toComponent(row: ComponentRow, signals: string[]): RiskyComponent {
  return {
    componentId: row.component_id,
    equipmentId: row.equipment_id,
    positionId: row.position_id,
    ...(row.lot === null ? {} : {lot: row.lot}),
    quantity: row.quantity,
    asOf: row.as_of,
    revision: row.revision,
    modelVersion: row.model_version_id,
    method: row.method,
    horizonsH: row.horizons_h,
    cumulativePpm: row.cumulative_ppm,
    tailHazardPpbPerH: row.tail_hazard_ppb_per_h,
    shortageMinorPerH: row.shortage,
    ...(row.contract_id === null ? {} : {contractId: row.contract_id}),
    topSignals: signals,
  };
}
