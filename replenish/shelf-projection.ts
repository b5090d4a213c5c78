import {PPM} from '../domain/quantity.ts';
import {DAY_MS, HOUR_MS, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {inTransaction} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';
import {policyAt} from './adapters/replenish-store.ts';
import {loadSituations} from './adapters/situation-rows.ts';
import {planDepots} from './core/decision/depot-plan.ts';
import type {DepotPlan} from './core/decision/depot-plan.ts';
import {reviewReservations} from './core/decision/reservation.ts';
import type {Situation} from './core/decision/situation.ts';
import {allNeeds} from './core/demand/dated-need.ts';
import {withinReach} from './core/demand/planned-need.ts';
import {PROJECTED_LEVELS, projectedStock} from './core/demand/projected-stock.ts';
import type {ProjectedStock} from './core/demand/projected-stock.ts';
import {pricedByContracts} from './core/supply/contract-price.ts';

/** Components that are listed, the likeliest to fail first. */
const COMPONENTS_MAX = 20;
/** What the models' longest horizon is, in hours. */
const MONTH_H = 672;

export interface ShelfProjection {
  readonly partId: string;
  readonly depotId: string;
  readonly currency: string;
  readonly unitCostMinor: number;
  readonly now: EpochMs;
  readonly onHand: number;
  readonly owed: number;
  readonly target: number;
  readonly position: number;
  /** P(demand until an order placed now is here is covered), and what is wanted. */
  readonly coveredShare: number;
  readonly wantedShare: number;
  readonly riskMinor: number;
  readonly horizonH: number;
  /** Depots that it feeds: their demand is in the projection, as if each passed on what it is asked for. */
  readonly feeds: readonly string[];
  readonly receipts: readonly {
    readonly orderId: string;
    readonly kind: string;
    readonly quantity: number;
    readonly expectedAt: EpochMs;
    readonly sdH: number;
  }[];
  readonly components: readonly {
    readonly componentId: string;
    readonly equipmentId: string;
    readonly positionId: string;
    readonly quantity: number;
    /** P(failure within four weeks). */
    readonly probabilityPpm: number;
    readonly method: string;
    readonly asOf: EpochMs;
  }[];
  readonly levels: typeof PROJECTED_LEVELS;
  readonly days: readonly (ProjectedStock & {readonly at: EpochMs})[];
}

/**
 * How a shelf is expected to stand day by day when nothing more is ordered, from what a decision of this instant would be taken from. Reads
 * only; null: the part has no shelf there.
 */
export function projectShelf(
  pool: Pool,
  {partId, depotId, days}: {readonly partId: string; readonly depotId: string; readonly days: number},
  now: EpochMs,
): Promise<ShelfProjection | null> {
  return inTransaction(
    pool,
    async (client) => {
      await client.query('SET TRANSACTION READ ONLY');
      const found = await client.query<{group_id: string}>(
        'SELECT p.group_id FROM network.part p JOIN network.part_depot d USING (part_id) WHERE p.part_id = $1 AND d.depot_id = $2',
        [partId, depotId],
      );
      const [family] = found.rows;
      if (family === undefined) return null;
      const policy = await policyAt(client, now, 'shadow'); // what may go out unasked moves no stock that is projected
      const recorded = await loadSituations(client, family.group_id, now, policy);
      const situation = recorded.find((one) => one.part.partId === partId);
      return situation === undefined ? null : projected(situation, depotId, days);
    },
    'repeatable read',
  );
}

function projected(recorded: Situation, depotId: string, days: number): ShelfProjection | null {
  const {situation} = reviewReservations(pricedByContracts(withinReach(recorded)));
  const plan = planDepots(situation).get(depotId);
  if (plan === undefined) return null;
  const {depot, supplies, echelon: source, outlook} = plan;
  const now = situation.now as EpochMs;
  const needs = allNeeds(depot);
  const hours = Array.from({length: days + 1}, (_, day) => day * 24);
  return {
    partId: situation.part.partId,
    depotId,
    currency: situation.part.currency,
    unitCostMinor: situation.part.unitCostMinor,
    now,
    onHand: depot.onHand,
    owed: needs.reduce((sum, {quantity}) => sum + quantity, 0),
    target: plan.target,
    position: plan.position,
    coveredShare: plan.covered,
    wantedShare: plan.criticalRatio,
    riskMinor: plan.waitingMinor,
    horizonH: outlook.horizonH,
    feeds: fedBy(situation, depotId),
    receipts: depot.receipts.map(({orderId, kind, quantity, meanH, sdH}) => ({
      ...{orderId, kind, quantity, sdH},
      expectedAt: plusMs(now, Math.round(meanH * HOUR_MS)),
    })),
    components: likeliest(plan),
    levels: PROJECTED_LEVELS,
    days: projectedStock({source, onHand: depot.onHand, needs, supplies}, hours).map((one, day) => ({
      at: plusMs(now, day * DAY_MS),
      ...one,
    })),
  };
}

function fedBy({depots}: Situation, depotId: string): string[] {
  const children = depots.filter(({parentDepotId}) => parentDepotId === depotId);
  return children.flatMap((child) => [child.depotId, ...fedBy({depots} as Situation, child.depotId)]);
}

function likeliest({risks}: DepotPlan): ShelfProjection['components'] {
  return risks
    .map(({component, within}) => ({
      componentId: component.componentId,
      equipmentId: component.equipmentId,
      positionId: component.positionId,
      quantity: component.quantity,
      probabilityPpm: Math.round(within(MONTH_H) * PPM),
      method: component.method,
      asOf: component.asOf as EpochMs,
    }))
    .sort((a, b) => b.probabilityPpm - a.probabilityPpm || (a.componentId < b.componentId ? -1 : 1))
    .slice(0, COMPONENTS_MAX);
}
