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
 * P(failure) above which sending a piece ahead of it pays:
 *
 *   (outlay + return) / (reactive − late + return)
 *
 * A reservation is made for a machine above it, and kept while it stays near (reservation.ts).
 *
 * Source: expected cost of the two acts, set equal. Example: outlay 85, return 50, late 0, reactive 3930 → 0.0339.
 */
export function breakEvenProbability({
  outlay,
  reactiveCost,
  lateCost = 0,
  returnCost = 0,
}: {
  /** Freight, and holding of the piece until it is used. */
  readonly outlay: number;
  /** Of a failure that nobody foresaw. */
  readonly reactiveCost: number;
  /** Of a failure before the piece is there. */
  readonly lateCost?: number;
  /** Of taking it back where nothing fails. */
  readonly returnCost?: number;
}): number {
  return (outlay + returnCost) / (reactiveCost - lateCost + returnCost);
}

/**
 * What both acts cost for one machine alone. Decisions weigh them as options over the whole demand of the depot (options.ts), and share the
 * break-even.
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
    breakEvenProbability: breakEvenProbability({outlay, reactiveCost, lateCost, returnCost}),
  };
}
