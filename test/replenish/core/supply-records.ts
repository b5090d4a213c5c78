import type {PlannedLane, SupplyRecord} from '../../../replenish/core/lead-time/lead-time.ts';

const LANE = {
  partId: 'P-1',
  depotId: 'D-C',
  sourceKind: 'supplier',
  sourceId: 'SUP',
  kind: 'normal',
} as const;

/** A lane with a plan of 10 days sharp. */
export function lane(more: Partial<PlannedLane> = {}): PlannedLane {
  return {...LANE, planDays: 10, planSdDays: 0, ...more};
}

/** A delivery today, after so many days. */
export function delivered(tookDays: number, more: Partial<SupplyRecord> = {}): SupplyRecord {
  return {...LANE, planDays: 10, promisedDays: null, tookDays, open: false, ...more};
}

/** An order that has been open for so long. */
export function late(tookDays: number, more: Partial<SupplyRecord> = {}): SupplyRecord {
  return delivered(tookDays, {open: true, ...more});
}
