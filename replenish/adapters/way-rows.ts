import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {DepotSituation, Lane, Source} from '../core/decision/situation.ts';
import type {Express} from '../core/supply/express.ts';
import type {Rules} from './rule-rows.ts';

/** What the rules make of a part's ways: lanes between its shelves, and each shelf with its sources. */
export type WaysUnder = (
  rules: Rules,
  shelves: readonly DepotSituation[],
) => {readonly lanes: Lane[]; readonly depots: DepotSituation[]};

/** The ways on which pieces of a part come to its shelves. */
export async function loadWays(db: Queryable, partId: string, now: EpochMs): Promise<WaysUnder> {
  const asked = [partId, timestamp(now)];
  const [lanes, sources] = await together([
    db.query<LaneRow>(LANES, asked),
    db.query<SourceRow>(SOURCES, asked),
  ]);
  const sourcesOf = groupBy(sources.rows, (row) => row.depot_id);
  return (rules, shelves) => {
    const known = new Map(shelves.map((depot) => [depot.depotId, depot]));
    const ruledLanes = lanes.rows.map((row) => toLane(row, partId, rules, known));
    const depots = shelves.map((depot) => ({
      ...depot,
      sources: (sourcesOf.get(depot.depotId) ?? []).map((row) => {
        const source = toSource(row);
        const named = {...source, waived: row.exclusivity_waived};
        return {
          ...source,
          ...rules.source(partId, named, depot, known.get(source.sourceId), ruledLanes),
        };
      }),
    }));
    return {lanes: ruledLanes, depots};
  };
}

/** Every other speed of a source (SQL), the fastest first. */
export const expressOf = (sourcing: string): string => `
  (SELECT json_agg(json_build_object('mode', x.mode, 'meanH', x.lead_time_mean_d * 24, 'feeMinor', x.fee_minor) ORDER BY x.lead_time_mean_d, x.mode)
     FROM network.sourcing_express x WHERE x.part_id = ${sourcing}.part_id AND x.depot_id = ${sourcing}.depot_id
      AND x.source_kind = ${sourcing}.source_kind AND x.source_id = ${sourcing}.source_id)`;

interface SourceRow {
  readonly depot_id: string;
  readonly source_kind: 'supplier' | 'depot';
  readonly source_id: string;
  readonly kind: Source['kind'];
  readonly lead_time_mean_d: number;
  readonly lead_time_sd_d: number;
  readonly price_minor: number;
  readonly order_cost_minor: number;
  readonly moq: number;
  readonly multiple: number;
  readonly expedite_mean_d: number | null;
  readonly expedite_fee_minor: number | null;
  readonly express: Express[] | null;
  readonly freight_minor: number;
  readonly freight_per_kg_minor: number;
  readonly duty_rate: number;
  readonly handling_minor: number;
  readonly exclusivity_waived: boolean;
  readonly crossing: boolean;
}
const SOURCES = `
  SELECT DISTINCT ON (depot_id, kind, source_kind, source_id) depot_id, source_kind, source_id, kind, lead_time_mean_d, lead_time_sd_d, price_minor,
         order_cost_minor, moq, multiple, expedite_mean_d, expedite_fee_minor, freight_minor, freight_per_kg_minor, duty_rate, handling_minor,
         exclusivity_waived, crossing, CASE WHEN kind = 'normal' THEN ${expressOf('s')} END AS express
    FROM network.sourcing s WHERE part_id = $1 AND valid_from <= $2
   ORDER BY depot_id, kind DESC, source_kind, source_id, valid_from DESC`;

function toSource(row: SourceRow): Source {
  return {
    sourceKind: row.source_kind,
    sourceId: row.source_id,
    kind: row.kind,
    meanH: row.lead_time_mean_d * 24,
    sdH: row.lead_time_sd_d * 24,
    priceMinor: row.price_minor,
    orderCostMinor: row.order_cost_minor,
    ...(row.freight_minor > 0 ? {freightMinor: row.freight_minor} : {}),
    ...chargesOf(row, row.freight_per_kg_minor),
    minimum: row.moq,
    multiple: row.multiple,
    expediteMeanH: row.expedite_mean_d === null ? null : row.expedite_mean_d * 24,
    expediteFeeMinor: row.expedite_fee_minor,
    ...(row.express === null ? {} : {express: row.express}),
    ...(row.crossing ? {} : {sequential: true as const}),
  };
}

/** Charges beyond those that every way has; none is left out. */
function chargesOf(
  row: {readonly duty_rate: number; readonly handling_minor: number},
  freightPerKgMinor: number,
): Pick<Lane, 'freightPerKgMinor' | 'dutyRate' | 'handlingMinor'> {
  return {
    ...(freightPerKgMinor > 0 ? {freightPerKgMinor} : {}),
    ...(row.duty_rate > 0 ? {dutyRate: row.duty_rate} : {}),
    ...(row.handling_minor > 0 ? {handlingMinor: row.handling_minor} : {}),
  };
}

interface LaneRow {
  readonly from_depot_id: string;
  readonly to_depot_id: string;
  readonly mode: string;
  readonly transit_mean_h: number;
  readonly transit_sd_h: number;
  readonly cost_minor: number;
  readonly cost_per_piece_minor: number;
  readonly cost_per_kg_minor: number;
  readonly duty_rate: number;
  readonly handling_minor: number;
  readonly forbidden_flags: string[];
}
const LANES = `
  SELECT DISTINCT ON (from_depot_id, to_depot_id, mode) from_depot_id, to_depot_id, mode, transit_mean_h, transit_sd_h, cost_minor, cost_per_piece_minor,
         cost_per_kg_minor, duty_rate, handling_minor, forbidden_flags
    FROM network.lane WHERE valid_from <= $2 AND from_depot_id IN (SELECT depot_id FROM network.part_depot WHERE part_id = $1)
     AND to_depot_id IN (SELECT depot_id FROM network.part_depot WHERE part_id = $1)
   ORDER BY from_depot_id, to_depot_id, mode, valid_from DESC`;

function toLane(
  row: LaneRow,
  partId: string,
  rules: Rules,
  known: ReadonlyMap<string, DepotSituation>,
): Lane {
  const way = {fromDepotId: row.from_depot_id, toDepotId: row.to_depot_id, mode: row.mode};
  const ruled = {...way, forbiddenFlags: row.forbidden_flags};
  return {
    ...way,
    meanH: row.transit_mean_h,
    sdH: row.transit_sd_h,
    costMinor: row.cost_minor,
    costPerPieceMinor: row.cost_per_piece_minor,
    ...chargesOf(row, row.cost_per_kg_minor),
    ...rules.lane(partId, ruled, known.get(way.fromDepotId)!, known.get(way.toDepotId)!),
  };
}
