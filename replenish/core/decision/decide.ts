import type {DepotId} from '../../../domain/ids.ts';
import type {Option, Reason, SubstituteUse} from '../../../domain/decision.ts';
import {PPM} from '../../../domain/quantity.ts';
import type {Impact} from '../backorder/backorder-impact.ts';
import {backorderImpacts} from '../backorder/backorder-impact.ts';
import {allowed, byTotal, candidate, compare, marginMinor, savingOf} from './candidate.ts';
import type {Candidate} from './candidate.ts';
import {contractReasons, pricedByContracts} from '../supply/contract-price.ts';
import {isDue} from '../demand/dated-need.ts';
import {withinReach} from '../demand/planned-need.ts';
import {demandReasons, lotReasons, plannedReasons} from '../demand/demand-reasons.ts';
import {sharedLots} from '../demand/depot-demand.ts';
import type {DepotPlan} from './depot-plan.ts';
import {planDepots, positionOf} from './depot-plan.ts';
import {essenceOfAction} from './essence.ts';
import {frozenOrders} from './frozen-order.ts';
import {jointly} from './joint-choice.ts';
import {inLots} from './order-lot.ts';
import {plannedMoves} from './planned-move.ts';
import {releaseReason, reservedFor, reviewReservations} from './reservation.ts';
import type {Lapse} from './reservation.ts';
import {supplyReasons} from '../supply/supply-reasons.ts';
import {recurrenceReasons} from './service-floor.ts';
import type {Situation} from './situation.ts';
import {donorsOf} from './unaided.ts';
import {unplannedDepots} from './unplanned.ts';
import type {Unplanned} from './unplanned.ts';

/** Options listed beside the chosen one at most; the cheapest first. */
const ALTERNATIVES_MAX = 12;
/** Components named in the reasons at most. */
const COMPONENTS_NAMED = 3;

export interface Decision {
  readonly depotId: string;
  readonly option: Option;
  /**
   * Against meeting failures as they come; negative for an order that only keeps the shelf at its level. Of what is needed: what a lot saves
   * beyond it is said in its reason.
   */
  readonly savingMinor: number;
  readonly alternatives: readonly Option[];
  readonly reasons: readonly Reason[];
  /** Essence of everything that some depot of the group wants done now, this decision's own included. */
  readonly wants: readonly string[];
  /** Reservations that hold nothing any more, of every depot of the group. */
  readonly lapses: readonly Lapse[];
  /** Every depot of the group whose customers will, or will no longer, feel it. */
  readonly impacts: readonly Impact[];
  /** Depots of the group that nobody can refill today. */
  readonly unplanned: readonly Unplanned[];
}

/**
 * Decides one planning group: the one action that saves most, or nothing, with reasons. What else the group needs is decided
 * next, from the situation that this decision leaves behind, so each decision has one effect at most (I4). Depots that want the same pieces
 * of one donor are looked at together: the act is the greatest of what all of them do at least cost (joint-choice.ts). What was asked for already,
 * and waits for a planner or was turned down, comes after all that was not.
 *
 * A depot orders when it is below its target, and only then; an order asked for a short while ago stands (frozen-order.ts). Every rescue (a
 * transfer before the failure, an expedited delivery, an emergency buy) must
 * save more than the margin against what happens to the depot unaided, wherever its position stands.
 *
 * @param limits jointStatesMax: states that a joint choice is worked out over at most.
 */
export function decide(recorded: Situation, limits: {readonly jointStatesMax?: number} = {}): Decision {
  const known = withinReach(recorded);
  const {situation, lapses} = reviewReservations(pricedByContracts(known));
  const plans = planDepots(situation);
  const donors = donorsOf(situation, plans);
  const candidates = [...plans.values()].map((plan) => candidate(situation, donors, plan));
  const frozen = frozenOrders(situation, donors);
  const isFrozen = ({plan, option}: Candidate): boolean =>
    option.action === 'order' && frozen.some((one) => one.plan === plan);
  const joint = jointly(situation, donors, candidates.filter(acts), limits.jointStatesMax);
  const thawed = [...joint.candidates.filter(acts), ...plannedMoves(situation, donors)].filter(
    (one) => !isFrozen(one),
  );
  const acting = [...thawed.map((one) => inLots(situation, one)), ...frozen].sort(bySaving);
  const essence = ({plan, option}: Candidate): string =>
    essenceOfAction(situation.part.partId, plan.depot.depotId, option);
  const asked = new Set(situation.asked?.map((one) => one.essence));
  const act = acting.find((one) => !asked.has(essence(one))) ?? acting[0];
  const chosen = act ?? candidates.sort(byExposure)[0]!;
  const {plan, option, options} = chosen;
  return {
    depotId: plan.depot.depotId,
    option,
    savingMinor: chosen.savingMinor,
    alternatives: [...options]
      .filter((other) => other !== option)
      .sort(byTotal)
      .slice(0, ALTERNATIVES_MAX),
    reasons: [
      ...reasonsFor(situation, chosen),
      ...(joint.approximated === null ? [] : [joint.approximated]),
      ...contractReasons(known, plan.depot),
      ...lapses.map(releaseReason),
    ],
    wants: acting.map(essence),
    unplanned: unplannedDepots(plans.values()),
    lapses,
    impacts: backorderImpacts(
      situation,
      plans,
      new Map(candidates.map((c) => [c.plan.depot.depotId, c.options])),
    ),
  };
}

const acts = ({option}: Candidate): boolean => option.action !== 'nothing';
const bySaving = (a: Candidate, b: Candidate): number =>
  b.savingMinor - a.savingMinor || compare(a.plan.depot.depotId, b.plan.depot.depotId);
const byExposure = (a: Candidate, b: Candidate): number =>
  b.plan.waitingMinor - a.plan.waitingMinor || compare(a.plan.depot.depotId, b.plan.depot.depotId);

function reasonsFor(
  situation: Situation,
  {plan, option, options, savingMinor, reasons: own = [], lot}: Candidate,
): Reason[] {
  const {currency} = situation.part;
  const {depot, target, position} = plan;
  const reasons: Reason[] = [];
  const probabilityPpm = Math.round(plan.covered * PPM);
  if (plan.belowTarget) {
    const leadTimeH = Math.round(plan.source?.meanH ?? 0);
    const wantedPpm = Math.round(plan.criticalRatio * PPM);
    reasons.push({code: 'position-below-target', position, target, leadTimeH, probabilityPpm, wantedPpm});
  } else reasons.push({code: 'position-covers-demand', position, target, probabilityPpm});
  reasons.push(...shockReasons(plan));
  const due = depot.needs.filter(isDue);
  if (due.length > 0) {
    const pieces = due.reduce((sum, need) => sum + need.quantity, 0);
    const perHourMinor = due.reduce((sum, need) => sum + need.quantity * need.shortageMinorPerH, 0);
    reasons.push({code: 'backorders-open', pieces, perHourMinor, currency});
  }
  reasons.push(...plannedReasons(depot));
  reasons.push(
    ...supplyReasons(depot, plan.source),
    ...componentsNamed(plan),
    ...demandReasons(depot, situation.now),
  );
  reasons.push(...lotsNamed(situation, plan));
  reasons.push(...recurrenceReasons(situation.policy, depot));
  if (option.action === 'nothing') reasons.push(...whyNothing(situation, plan, options));
  else {
    if (own.length > 0) reasons.push(...own);
    else if (savingMinor > 0) reasons.push({code: 'saves-against-waiting', savingMinor, currency});
    if (option.substitute !== undefined) reasons.push(standsIn(plan, option.substitute));
    const {action, sourceId} = option;
    if (action === 'transfer' || (action === 'substitute' && sourceId !== depot.depotId)) {
      reasons.push({
        code: 'donor-can-spare',
        donorDepotId: sourceId as DepotId,
        donorRiskMinor: option.donorRiskMinor,
      });
    }
    reasons.push(
      ...(lot === undefined ? rounding(plan, option) : [lot]),
      ...termReasons(option),
      ...reservedFor(situation, plan, option),
    );
  }
  return reasons;
}

function shockReasons({depot: {supplyShock}, usualTarget, target}: DepotPlan): Reason[] {
  if (supplyShock === undefined) return [];
  const {overrideId} = supplyShock;
  if (supplyShock.phase === 'recovery') {
    const {step, steps} = supplyShock;
    return [{code: 'supply-recovering', overrideId, usualTarget, target, step, steps}];
  }
  const {waiting, capPieces, ordered} = supplyShock;
  return [{code: 'reorder-point-overridden', overrideId, usualTarget, waiting, capPieces, ordered}];
}

function componentsNamed(plan: DepotPlan): Reason[] {
  const withinH = Math.round(plan.source?.meanH ?? 168);
  return plan.risks
    .map(({component, within}) => ({component, probability: within(withinH)}))
    .sort(
      (a, b) => b.probability - a.probability || compare(a.component.componentId, b.component.componentId),
    )
    .slice(0, COMPONENTS_NAMED)
    .map(({component, probability}) => ({
      code: 'failure-expected',
      equipmentId: component.equipmentId,
      positionId: component.positionId,
      componentId: component.componentId,
      probabilityPpm: Math.round(probability * PPM),
      withinH,
      method: component.method,
      modelVersion: component.modelVersion,
      signals: component.topSignals,
    }));
}

function lotsNamed(situation: Situation, plan: DepotPlan): Reason[] {
  if (sharedLots(plan.echelon).length === 0) return [];
  const apart = planDepots({...situation, policy: {...situation.policy, lotShare: 0}});
  return lotReasons(plan, apart.get(plan.depot.depotId)!);
}

function whyNothing(situation: Situation, plan: DepotPlan, options: readonly Option[]): Reason[] {
  if (plan.depot.maxStock !== null && positionOf(plan.depot) >= plan.depot.maxStock) {
    return [{code: 'stock-capped', maxStock: plan.depot.maxStock}];
  }
  const open = allowed(options);
  const reasons: Reason[] = [];
  const fills = ({action}: Option): boolean => action === 'order' || action === 'repair';
  if (plan.belowTarget && !open.some(fills)) {
    const left = options.flatMap(termReasons).filter(({term}) => term === 'vmiBand');
    reasons.push(...(left.length > 0 ? left.slice(0, 1) : [{code: 'no-source'} as const]));
  }
  const best = open.find((option) => !fills(option));
  if (best === undefined) return reasons;
  const savingMinor = savingOf(situation, plan, best);
  const margin = marginMinor(situation, plan);
  if (savingMinor >= margin) return reasons; // a rescue is under way already
  return [
    ...reasons,
    {
      code: 'saving-below-margin',
      savingMinor,
      marginMinor: margin,
      currency: situation.part.currency,
    },
  ];
}

function termReasons({terms = [], sourceId}: Option): Extract<Reason, {code: 'contract-term'}>[] {
  return terms.map((effect) => ({code: 'contract-term', sourceId, ...effect}));
}

function standsIn({depot}: DepotPlan, {partId, ratio, demandId, serves}: SubstituteUse): Reason {
  const need = depot.needs.find((one) => one.demandId === demandId);
  return {
    code: 'substitute-approved',
    partId,
    ratio,
    demandId,
    serves,
    equipmentId: need?.equipmentId ?? null,
  };
}

function rounding(plan: DepotPlan, option: Option): Reason[] {
  const source = plan.depot.sources.find((s) => s.sourceId === option.sourceId);
  if (source === undefined || option.action === 'transfer' || option.action === 'substitute') return [];
  const wanted = Math.max(1, plan.target - plan.position);
  if (option.quantity > wanted) {
    return [
      {
        code: 'rounded-up',
        wanted,
        ordered: option.quantity,
        minimum: source.minimum,
        multiple: source.multiple,
      },
    ];
  }
  if (option.quantity < wanted)
    return [{code: 'source-short', sourceId: source.sourceId, wanted, available: option.quantity}];
  return [];
}
