import {HOUR_MS} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {planDepots} from '../decision/depot-plan.ts';
import type {DepotPlan} from '../decision/depot-plan.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {mean, quantile} from '../probability/pmf.ts';
import type {Evidence} from './root-cause.ts';
import type {Situation} from '../decision/situation.ts';

/** A model that gave a failure less than this within the lead time did not see it coming. */
const MISSED_BELOW = 0.1;
/** A year of demand that a right forecast would bring less often than this says that the forecast is wrong. */
const SIGNIFICANCE = 0.05;
/** Demand is a spike when it was given less than this share of the risk of any shortage at all, which the plan took knowingly. */
const SPIKE_SHARE = 0.1;
/** Forecasts that look at the machine itself; an age says nothing of it. */
const SEEING_METHODS: ReadonlySet<string> = new Set(['model', 'pooled']);

/** An order to the depot that waits, as its books stood when the need came. */
export interface OrderFact {
  readonly orderId: string;
  readonly fromSupplier: boolean;
  /** Pieces that had not arrived by then. */
  readonly missing: number;
  readonly orderedAt: EpochMs;
  /** What was promised first, else what we expected. */
  readonly dueAt: EpochMs;
  /** How often the promise was moved back. */
  readonly slips: number;
  /** It was called off before the need came. */
  readonly calledOff: boolean;
}

/** What the books say about one backorder; nothing in it is a guess. */
export interface ShortageFacts {
  readonly partId: string;
  readonly depotId: string;
  readonly neededAt: EpochMs;
  /** Pieces that the need did not find. */
  readonly missing: number;
  readonly orders: readonly OrderFact[];
  /** Counts that found fewer pieces than the books had. */
  readonly shrinkage: readonly {readonly movementId: string; readonly pieces: number}[];
  /** Transfers to the depot that were proposed and that nobody carried out. */
  readonly unanswered: readonly {
    readonly decisionId: string;
    readonly pieces: number;
    readonly state: string;
  }[];
  /** Flag or successor that says the part is not made any more. */
  readonly discontinuedBy: string | null;
  /** What a decision a lead time before the need knew; null where none was recorded. */
  readonly known: Known | null;
  /** The machine and position whose failure asks for the part; null where somebody just ordered it. */
  readonly failed: {readonly equipmentId: string; readonly positionId: string | null} | null;
  readonly demand: DemandFacts | null;
}

export interface Known {
  readonly decisionId: string;
  readonly situation: Situation;
  /** What that decision planned for the depot that waits; null where it knew of no such depot. */
  readonly plan: DepotPlan | null;
}

export function knownAt(decisionId: string, situation: Situation, depotId: string): Known {
  return {decisionId, situation, plan: planDepots(situation).get(depotId) ?? null};
}

/** Pieces asked for within the window that the shelf was planned for, and before it. */
export interface DemandFacts {
  readonly pieces: number;
  readonly pastPieces: number;
  readonly pastH: number;
}

/** Every recorded thing that would have had pieces on the shelf, had it gone right. */
export function shortageEvidence(facts: ShortageFacts): Evidence[] {
  const plan = facts.known?.plan ?? null;
  return [
    ...facts.orders.flatMap((order) => orderEvidence(facts, plan, order)),
    ...facts.unanswered.map(({decisionId, pieces, state}): Evidence => ({
      cause: 'transfer-blocked',
      pieces,
      kind: 'decision',
      ref: decisionId,
      detail: {state},
    })),
    ...facts.shrinkage.map(({movementId, pieces}): Evidence => ({
      cause: 'parameter-error',
      pieces,
      kind: 'movement',
      ref: movementId,
      detail: {wrong: 'count'},
    })),
    ...(facts.discontinuedBy === null ? [] : [discontinued(facts, facts.discontinuedBy)]),
    ...(plan === null ? [] : planEvidence(facts, plan)),
  ];
}

/** The window that the depot's shelf was planned for, and the depots whose demand it serves. */
export function plannedWindow(
  known: Known,
  depotId: string,
): {readonly hours: number; readonly depotIds: readonly string[]} | null {
  const {plan} = known;
  if (plan === null) return null;
  return {hours: windowH(plan, known), depotIds: served(known.situation, depotId)};
}

function windowH(plan: DepotPlan, {situation}: Known): number {
  return (plan.source?.meanH ?? 0) + situation.policy.reviewH;
}

function served(situation: Situation, depotId: string): string[] {
  const fed = situation.depots.filter((depot) => depot.parentDepotId === depotId);
  return [depotId, ...fed.flatMap((depot) => served(situation, depot.depotId))];
}

function orderEvidence({neededAt}: ShortageFacts, plan: DepotPlan | null, order: OrderFact): Evidence[] {
  const {orderId, missing, orderedAt, dueAt, slips} = order;
  const evidence = (cause: Evidence['cause'], detail: Evidence['detail']): Evidence[] => [
    {cause, pieces: missing, kind: 'order', ref: orderId, detail},
  ];
  const lateH = Math.round((neededAt - dueAt) / HOUR_MS);
  if (!order.fromSupplier) {
    if (order.calledOff) return evidence('transfer-blocked', {state: 'called-off'});
    return lateH >= 0 ? evidence('transfer-blocked', {lateH}) : [];
  }
  if (order.calledOff) return [];
  if (lateH >= 0) return evidence('supplier-late', {lateH, slips});
  const source = plan?.source;
  if (source?.sourceKind !== 'supplier') return [];
  // It was promised for later from the start, though by the lead time of the books, two standard deviations included, it would be here.
  const usualH = source.meanH + 2 * source.sdH;
  if (orderedAt + usualH * HOUR_MS > neededAt) return [];
  const takesH = Math.round((dueAt - orderedAt) / HOUR_MS);
  return evidence('parameter-error', {wrong: 'lead-time', takesH, usualH: Math.round(usualH)});
}

function discontinued({partId, missing}: ShortageFacts, by: string): Evidence {
  return {cause: 'end-of-life', pieces: missing, kind: 'part', ref: partId, detail: {by}};
}

function planEvidence(facts: ShortageFacts, plan: DepotPlan): Evidence[] {
  const wanted = Math.max(quantile(plan.demand, plan.criticalRatio), plan.depot.mustStock ? 1 : 0);
  return [
    ...targetEvidence(facts, plan, wanted),
    ...demandEvidence(facts, plan, wanted),
    ...missedEvidence(facts, plan),
  ];
}

/** The books kept the shelf below what its demand asks for, or named nobody to buy from. */
function targetEvidence(facts: ShortageFacts, plan: DepotPlan, wanted: number): Evidence[] {
  const {partId, depotId, missing, discontinuedBy} = facts;
  const base = {cause: 'parameter-error', kind: 'part', ref: `${partId}@${depotId}`} as const;
  if (plan.source === null)
    return discontinuedBy === null ? [{...base, pieces: missing, detail: {wrong: 'no-source'}}] : [];
  const {mayStock, maxStock} = plan.depot;
  const allowed = mayStock ? Math.min(wanted, maxStock ?? Infinity) : 0;
  return allowed < wanted
    ? [{...base, pieces: wanted - allowed, detail: {wrong: 'target', allowed, wanted}}]
    : [];
}

/**
 * Demand above what the shelf was planned for. What a forecast that had been too low for a year left out is its error; of the rest, demand
 * that nobody had to reckon with is a spike, and demand within the risk that the plan took is neither.
 *
 * Example: planned for 2, 5 came in a month; 24 a year came before where 6 were forecast, 2 a month against 0.5 → error 1.5, spike 1.5.
 */
function demandEvidence({known, demand}: ShortageFacts, plan: DepotPlan, wanted: number): Evidence[] {
  if (known === null || demand === null) return [];
  const excess = demand.pieces - wanted;
  if (excess <= 0) return [];
  const hours = windowH(plan, known);
  const expected = mean(plan.demand);
  const {pastPieces, pastH} = demand;
  const expectedPast = (expected / hours) * pastH;
  const law = negativeBinomialPmf(expectedPast, expectedPast * plan.depot.backgroundVmr);
  const isLow = pastH > 0 && pastPieces > expectedPast && reaches(law, pastPieces) < SIGNIFICANCE;
  const error = isLow ? Math.min(excess, (pastPieces / pastH) * hours - expected) : 0;
  const isSpike = reaches(plan.demand, demand.pieces) <= SPIKE_SHARE * reaches(plan.demand, wanted + 1);
  const base = {kind: 'decision', ref: known.decisionId} as const;
  const detail = {
    asked: demand.pieces,
    plannedFor: wanted,
    expected: round(expected),
    withinH: Math.round(hours),
  };
  const past = {pastPieces, expectedPast: round(expectedPast)};
  const found: Evidence[] = [
    {...base, cause: 'forecast-error', pieces: error, detail: {...detail, ...past}},
    {...base, cause: 'demand-spike', pieces: isSpike ? excess - error : 0, detail},
  ];
  return found.filter(({pieces}) => pieces > 0);
}

/** P(D ≥ pieces), summed from the top: small where 1 − P(D < pieces) would be rounding. */
function reaches({p, tail}: DemandPmf, pieces: number): number {
  let sum = tail;
  for (let i = p.length - 1; i >= pieces; i -= 1) sum += p[i]!;
  return sum;
}

/** A failure that the model gave next to no chance, when there still was time to bring the piece. */
function missedEvidence({known, failed}: ShortageFacts, plan: DepotPlan): Evidence[] {
  if (known === null || failed === null) return [];
  const withinH = Math.round(windowH(plan, known));
  return plan.risks
    .filter(
      ({component, within}) =>
        component.equipmentId === failed.equipmentId &&
        component.positionId === failed.positionId &&
        SEEING_METHODS.has(component.method) &&
        within(withinH) < MISSED_BELOW,
    )
    .map(({component, within}) => ({
      cause: 'prediction-missed',
      pieces: component.quantity,
      kind: 'component',
      ref: component.componentId,
      detail: {
        probabilityPpm: Math.round(within(withinH) * 1_000_000),
        withinH,
        modelVersion: component.modelVersion,
        decisionId: known.decisionId,
      },
    }));
}

/** To the hundredth. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
