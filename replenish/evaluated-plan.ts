import {setImmediate as breathe} from 'node:timers/promises';
import type {Fleet} from './core/plan/availability.ts';
import {evaluated, type EvaluatedSplit} from './core/plan/depot-targets.ts';
import {
  lossAllowed,
  outcomeOf,
  planNetwork,
  type NetworkPlan,
  type PlanCurve,
  type PlanGoal,
  type PlanOutcome,
} from './core/plan/network-plan.ts';

/** How well the two-echelon approximation did where the exact split says. */
export interface Exactness {
  /** Parts at one centre and its depots whose figures are exact. */
  readonly exactSystems: number;
  readonly systems: number;
  /** Pieces short by which VARI-METRIC is off at one depot of these at most; null where none is exact. */
  readonly approximationOff: number | null;
}

export interface EvaluatedPlan extends Omit<NetworkPlan, 'chosen'>, Omit<PlanOutcome, 'loss'>, Exactness {
  /** Worth of what least orders add to the targets on average. */
  readonly lotStockMinor: number;
  /** Of each curve, in their order. */
  readonly splits: readonly EvaluatedSplit[];
}

/** Availabilities closer than this are equal. */
const SLACK = 1e-9;

/**
 * The plan for a goal, with figures as exact as they can be had. The marginal analysis sees VARI-METRIC's; where the exact ones miss an
 * availability by a little, it aims higher by twice as much each time, which ends soon: at the goal, or where no stock reaches it.
 */
export async function evaluatedPlan(
  curves: readonly PlanCurve[],
  goal: PlanGoal,
  fleet: Fleet,
): Promise<EvaluatedPlan | 'out-of-reach' | 'no-machines'> {
  const splits: EvaluatedSplit[] = [];
  let chosen: NetworkPlan['chosen'] = [];
  for (let spare = 0; ;) {
    const plan = planNetwork(curves, goal, fleet, spare);
    if (typeof plan === 'string') return plan;
    for (const [i, split] of plan.chosen.entries()) {
      if (chosen[i] === split) continue;
      await breathe(); // the same process may be taking messages
      splits[i] = evaluated(curves[i]!, split);
    }
    chosen = plan.chosen;
    const {loss, ...outcome} = outcomeOf(
      curves,
      fleet,
      splits.map(({expectedBackorders}) => expectedBackorders),
    );
    const {spendMinor, gap} = plan;
    const lotStockMinor = Math.round(
      splits.reduce((sum, {lotPieces}, i) => sum + lotPieces * curves[i]!.part.unitCostMinor, 0),
    );
    const made = {spendMinor, gap, lotStockMinor, splits, ...outcome, ...exactnessOf(splits)};
    if (goal.kind === 'budget' || outcome.availability! >= goal.availability - SLACK) return made;
    const missed = loss - lossAllowed(curves, goal, fleet)!;
    if (missed <= 0) return 'out-of-reach'; // the logarithm's tangent promised what the machines do not have
    spare = 2 * spare + missed;
  }
}

function exactnessOf(splits: readonly EvaluatedSplit[]): Exactness {
  const off = splits.flatMap(({approximationOff}) => approximationOff ?? []);
  return {
    exactSystems: off.length,
    systems: splits.length,
    approximationOff: off.length === 0 ? null : off.reduce((most, one) => Math.max(most, one), 0),
  };
}
