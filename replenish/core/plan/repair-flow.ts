import {YEAR_DAYS} from '../../../domain/time.ts';
import type {PlannedPart} from './network-plan.ts';
import type {RepairLoop} from './repair-loop.ts';

/** What a repair loop is expected to do, for a planner. */
export interface RepairFlow extends RepairLoop {
  readonly partId: string;
  readonly depotId: string;
  /** In the workshop or on the way to it, on average. */
  readonly inRepair: number;
  readonly repairedPerYear: number;
  /** Condemned, or never returned: what has to be bought to keep the pool as it is. */
  readonly boughtPerYear: number;
}

/**
 * The loops of a part, one for each depot with a workshop: failures × repair time are in repair, and what is condemned is bought.
 *
 *   in repair = Σ rate · share · (turnaround + way back),  bought = Σ rate · (1 − share)
 *
 * Source: Palm's theorem; Muckstadt (2005), Analysis and Algorithms for Service Parts Supply Chains, ch. 3.
 * Example: 0.1 a day, 60 % repaired in 10 days → 0.6 in repair, 21.915 repaired and 14.61 bought a year.
 */
export function repairFlows({partId, depots}: PlannedPart): readonly RepairFlow[] {
  return depots.flatMap((depot): RepairFlow[] => {
    const {depotId, ratePerDay, repair} = depot;
    if (repair === undefined) return [];
    const sendingIn = depots.filter((one) => one.repair === undefined && one.sourceDepotId === depotId);
    const {repairedShare: share, turnaroundDays} = repair;
    const rate = sendingIn.reduce((sum, one) => sum + one.ratePerDay, ratePerDay);
    const pieceDays = sendingIn.reduce(
      (sum, one) => sum + one.ratePerDay * (turnaroundDays + (one.leadTimeDays ?? 0)),
      ratePerDay * turnaroundDays,
    );
    return [
      {
        ...repair,
        partId,
        depotId,
        inRepair: share * pieceDays,
        repairedPerYear: YEAR_DAYS * rate * share,
        boughtPerYear: YEAR_DAYS * rate * (1 - share),
      },
    ];
  });
}
