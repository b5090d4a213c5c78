import type {z} from 'zod';
import type {Situation} from '../../../replenish/core/decision/situation.ts';
import {rowsOf, type MasterData, type MasterRow} from '../../../simulator/master-data.ts';
import {BOUGHT_PARTS, SUBSTITUTE} from '../../../simulator/parts.ts';

export type SituationInput = z.input<typeof Situation>;
export type DepotInput = SituationInput['depots'][number];
export type SourceInput = DepotInput['sources'][number];
export type LaneInput = SituationInput['lanes'][number];

/** A depot as one part sees it. */
export interface DepotSite {
  readonly depotId: string;
  readonly parentDepotId: string | null;
  /** Pieces a year that machines without telemetry ask for. */
  readonly backgroundPerYear: number;
  readonly holdingRatePerYear: number;
  readonly sources: readonly SourceInput[];
  /** Mean over the machines served from here: what a machine without telemetry is taken to cost as well. */
  readonly shortageMinorPerH: number;
}

/** A place in a machine whose failure asks for the part. */
export interface Position {
  readonly equipmentId: string;
  readonly positionId: string;
  readonly depotId: string;
  /** Downtime of the machine plus the penalty of its contract. */
  readonly shortageMinorPerH: number;
}

/** One part of the reference network: where it may lie, how it travels, what asks for it. Parts do not compete for anything. */
export interface PartWorld {
  readonly partId: string;
  readonly groupId: string;
  readonly componentClassId: string;
  readonly unitCostMinor: number;
  readonly currency: string;
  /** Sorted by id. */
  readonly sites: readonly DepotSite[];
  readonly centralId: string;
  readonly lanes: readonly LaneInput[];
  readonly positions: readonly Position[];
}

/** Every part that the network fits today: superseded and substitute parts are asked for by nobody here. */
export function partWorlds(network: MasterData): PartWorld[] {
  const rows = (table: string): readonly MasterRow[] => rowsOf(network, table);
  const penalty = new Map(
    rows('contract').map((row) => [row['contract_id'], num(row['penalty_minor_per_h'])]),
  );
  const depotOf = new Map(
    rows('service_area').flatMap((row) =>
      row['priority'] === 1 ? [[row['equipment_id'], text(row['depot_id'])]] : [],
    ),
  );
  const machines = rows('equipment').map((row) => ({
    equipmentId: text(row['equipment_id']),
    modelId: row['model_id'],
    depotId: depotOf.get(row['equipment_id'])!,
    shortageMinorPerH: num(row['downtime_minor_per_h']) + (penalty.get(row['contract_id']) ?? 0),
  }));
  const parents = new Map(
    rows('depot').map((row) => [text(row['depot_id']), text(row['parent_depot_id']) || null]),
  );
  const centralId = [...parents].find(([, parent]) => parent === null)![0];

  return BOUGHT_PARTS.filter(({partId}) => partId !== SUBSTITUTE.to).map((part): PartWorld => {
    const mine = (table: string): MasterRow[] => rows(table).filter((row) => row['part_id'] === part.partId);
    const places = new Map(
      rows('bom_position')
        .filter((row) => row['class_id'] === part.componentClassId)
        .map((row) => [row['model_id'], text(row['position_id'])]),
    );
    const positions = machines.flatMap(({modelId, ...machine}) => {
      const positionId = places.get(modelId);
      return positionId === undefined ? [] : [{...machine, positionId}];
    });
    const sourcing = mine('sourcing');
    return {
      partId: part.partId,
      groupId: part.groupId,
      componentClassId: part.componentClassId,
      unitCostMinor: part.costEur * 100,
      currency: 'EUR',
      centralId,
      positions,
      lanes: rows('lane')
        .filter((row) => part.flags === '' || !text(row['forbidden_flags']).split('|').includes(part.flags))
        .map(laneOf),
      sites: mine('part_depot')
        .map((row): DepotSite => {
          const depotId = text(row['depot_id']);
          const served = positions.filter((position) => position.depotId === depotId);
          return {
            depotId,
            parentDepotId: parents.get(depotId) ?? null,
            backgroundPerYear: num(row['background_per_year']),
            holdingRatePerYear: num(row['holding_rate_per_year']),
            sources: sourcing.filter((one) => one['depot_id'] === depotId).map(sourceOf),
            shortageMinorPerH: Math.round(meanShortage(served.length > 0 ? served : positions)),
          };
        })
        .sort((a, b) => (a.depotId < b.depotId ? -1 : 1)),
    };
  });
}

function meanShortage(positions: readonly Position[]): number {
  return (
    positions.reduce((sum, {shortageMinorPerH}) => sum + shortageMinorPerH, 0) / Math.max(1, positions.length)
  );
}

function laneOf(row: MasterRow): LaneInput {
  return {
    fromDepotId: text(row['from_depot_id']),
    toDepotId: text(row['to_depot_id']),
    mode: text(row['mode']),
    meanH: num(row['transit_mean_h']),
    sdH: num(row['transit_sd_h']),
    costMinor: num(row['cost_minor']),
    costPerPieceMinor: num(row['cost_per_piece_minor']),
  };
}

function sourceOf(row: MasterRow): SourceInput {
  const optional = (value: MasterRow[string] | undefined): number | null =>
    value === '' ? null : num(value);
  const expediteD = optional(row['expedite_mean_d']);
  return {
    sourceKind: row['source_kind'] === 'depot' ? 'depot' : 'supplier',
    sourceId: text(row['source_id']),
    kind: row['kind'] === 'emergency' ? 'emergency' : 'normal',
    meanH: num(row['lead_time_mean_d']) * 24,
    sdH: num(row['lead_time_sd_d']) * 24,
    priceMinor: num(row['price_minor']),
    orderCostMinor: num(row['order_cost_minor']),
    minimum: num(row['moq']),
    multiple: num(row['multiple']),
    expediteMeanH: expediteD === null ? null : expediteD * 24,
    expediteFeeMinor: optional(row['expedite_fee_minor']),
  };
}

function num(value: MasterRow[string] | undefined): number {
  return Number(value);
}

function text(value: MasterRow[string] | undefined): string {
  return String(value ?? '');
}
