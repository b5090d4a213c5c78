import type {DepotSituation, OpenNeed} from '../decision/situation.ts';

/** A machine waits now. */
export function isDue({inH}: OpenNeed): boolean {
  return inH === undefined;
}

/** Whether or not an order for them is due. */
export function allNeeds({needs, planned = []}: DepotSituation): readonly OpenNeed[] {
  return [...needs, ...planned];
}

/** Pieces of planned needs that an order can wait for; `withinH`: of those needed within so many hours only. */
export function plannedPieces({planned = []}: DepotSituation, withinH = Infinity): number {
  return planned.reduce((sum, {inH = 0, quantity}) => (inH <= withinH ? sum + quantity : sum), 0);
}

/** Every need, planned ones too, as `change` leaves it. */
export function withEachNeed(depot: DepotSituation, change: (need: OpenNeed) => OpenNeed): DepotSituation {
  const {planned} = depot;
  return {
    ...depot,
    needs: depot.needs.map(change),
    ...(planned === undefined ? {} : {planned: planned.map(change)}),
  };
}

/** Pieces for needs whose date is still to come, among those owed. */
export function comingPieces({needs}: DepotSituation): number {
  return needs.reduce((sum, need) => (isDue(need) ? sum : sum + need.quantity), 0);
}
