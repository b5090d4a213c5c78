import {DelayScorecard} from './delay-law.ts';
import type {DelayLaw, DelayRecord} from './delay-law.ts';
import {leadTimeMoments, plannedDelays, thinned} from './lead-time-law.ts';

/** Where a part comes from: supplier or depot, to one depot, at its normal, its emergency or its repair terms. */
export interface SupplyLane {
  readonly partId: string;
  readonly depotId: string;
  readonly sourceKind: 'supplier' | 'depot';
  readonly sourceId: string;
  readonly kind: 'normal' | 'emergency' | 'repair';
}

/** An order that its source was left to carry out in its own time, as far as it went. */
export interface SupplyRecord extends SupplyLane {
  /** Lead time that the master data had when it was ordered. */
  readonly planDays: number;
  /** From the order to its first promised date; null: never promised. */
  readonly promisedDays: number | null;
  /** From the order to its last piece, or until we stopped looking: today, or when it was hurried or called off. */
  readonly tookDays: number;
  readonly open: boolean;
}

/** A lane's lead time as its master data has it. */
export interface PlannedLane extends SupplyLane {
  readonly planDays: number;
  readonly planSdDays: number;
}

export interface LearnedLeadTime {
  readonly lane: PlannedLane;
  /** Of the lead time of an order placed now. */
  readonly meanDays: number;
  readonly sdDays: number;
  /** Deliveries of this source behind it, and orders late by now. */
  readonly evidence: number;
  /** Delays against the lead time of the master data. */
  readonly lead: DelayLaw;
  /** Delays against the first promised date. */
  readonly promise: DelayLaw;
}

/** Fewer weigh less than the plan (PRIOR_DELIVERIES), and decisions stay with the master data. */
export const EVIDENCE_MIN = 5;
/** Points kept of a law. */
const POINTS_MAX = 50;
/** Delays are told apart by the hour. */
const GRAINS_PER_DAY = 24;

/**
 * Lead time of every lane whose source has delivered, or is late: the plan of the master data, moved first by what its source does
 * everywhere, then on the lane, then with the part. An open order says "at least so long", so one that is late moves the
 * estimate before it is here.
 *
 * Example: a plan of 10 ± 0 days and 5 deliveries after 14 → each weighs as much as the plan at each of three levels:
 * P(14 d) = 1 − ½³, mean 13.5 days.
 */
export function learnLeadTimes(
  records: readonly SupplyRecord[],
  lanes: readonly PlannedLane[],
): LearnedLeadTime[] {
  if (records.length === 0) return [];
  const lead = new DelayScorecard(records.map((one) => recordOf(one, one.planDays)));
  const promised = records.flatMap((one) =>
    one.promisedDays === null ? [] : [recordOf(one, one.promisedDays)],
  );
  const promise = promised.length === 0 ? null : new DelayScorecard(promised);
  return lanes.flatMap((lane) => {
    const groups = groupsOf(lane);
    const evidence = lead.evidence(0, groups[0]!);
    if (evidence === 0) return [];
    const plan = plannedDelays(lane.planDays, lane.planSdDays);
    const law = lead.law(groups, -Infinity, plan);
    return [
      {
        lane,
        ...leadTimeMoments(law, lane.planDays),
        evidence,
        lead: thinned(law, POINTS_MAX),
        promise: thinned(promise?.law(groups, -Infinity, plan) ?? plan, POINTS_MAX),
      },
    ];
  });
}

function recordOf(record: SupplyRecord, dueDays: number): DelayRecord {
  return {
    groups: groupsOf(record),
    days: Math.round((record.tookDays - dueDays) * GRAINS_PER_DAY) / GRAINS_PER_DAY,
    open: record.open,
  };
}

/** The source at its terms, its lane to the depot, the part on that lane. */
function groupsOf({kind, sourceKind, sourceId, depotId, partId}: SupplyLane): readonly string[] {
  const source = `${kind} ${sourceKind}:${sourceId}`;
  return [source, `${source} → ${depotId}`, `${source} → ${depotId} · ${partId}`];
}
