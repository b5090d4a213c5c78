import {expectedArrivalHours, expectedLateHours, type Arrival} from './landed-cost.ts';

/** One predicted failure, and a unit that could be sent ahead of it. Costs in one money unit. */
export interface PredictedFailure {
  readonly failureProbability: number;
  /** When the machine fails, if it does. */
  readonly failureTime: Arrival;
  readonly downtimeCostPerHour: number;
  readonly preposition: {readonly freight: number; readonly arrival: Arrival};
  readonly reactive: {readonly freight: number; readonly arrival: Arrival};
  /** Of the unit waiting near the machine. */
  readonly holdingCost: number;
  /** Of sending it back after a false alarm. */
  readonly returnCost: number;
}

export interface PrepositionChoice {
  readonly costNow: number;
  readonly costWait: number;
  readonly decision: 'now' | 'wait';
  /** Sending ahead pays above this probability of failure. */
  readonly breakEvenProbability: number;
}

/**
 * Reference function: decisions weigh sending ahead as one of their options, over the whole demand of the depot (options.ts).
 *
 * Send the unit now, or wait for the failure?
 *
 *   now  = freight + holding + p · downtime · E[(arrival − failure)⁺] + (1 − p) · return
 *   wait = p · (reactive freight + downtime · E[reactive arrival])
 *
 * Both are linear in p, so there is one break-even probability.
 *
 * Source: expected cost of the two acts, set equal.
 * Example: p 0.2 at 96 h, downtime 150, ahead 60 in 48..72 h, reactive 450 in 16..40 h, holding 25, return 50 → 125 against 786,
 * break-even 0.0339.
 */
export function prepositionOrWait(failure: PredictedFailure): PrepositionChoice {
  const {
    failureProbability: p,
    downtimeCostPerHour,
    preposition,
    reactive,
    holdingCost,
    returnCost,
  } = failure;
  const lateHours = failure.failureTime.reduce(
    (sum, {hours, probability}) => sum + probability * expectedLateHours(preposition.arrival, hours),
    0,
  );
  const outlay = preposition.freight + holdingCost;
  const lateCost = downtimeCostPerHour * lateHours;
  const reactiveCost = reactive.freight + downtimeCostPerHour * expectedArrivalHours(reactive.arrival);
  const costNow = outlay + p * lateCost + (1 - p) * returnCost;
  const costWait = p * reactiveCost;
  return {
    costNow,
    costWait,
    decision: costNow < costWait ? 'now' : 'wait',
    breakEvenProbability: (outlay + returnCost) / (reactiveCost - lateCost + returnCost),
  };
}
