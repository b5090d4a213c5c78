import type {DepotId} from '../../domain/ids.ts';
import type {Option, Reason} from '../../domain/decision.ts';
import {PPM} from '../../domain/quantity.ts';
import type {Impact} from './backorder-impact.ts';
import {backorderImpacts} from './backorder-impact.ts';
import {pricedByContracts} from './contract-price.ts';
import {demandReasons} from './demand-reasons.ts';
import type {DepotPlan} from './depot-plan.ts';
import {isOverridden, planDepots, positionOf} from './depot-plan.ts';
import {essenceOfAction} from './essence.ts';
import {donorRisks, optionsFor, unaidedMinor, waitingOption} from './options.ts';
import type {DonorRisks} from './options.ts';
import {releaseReason, reservedFor, reviewReservations} from './reservation.ts';
import type {Lapse} from './reservation.ts';
import {waitsForRescue} from './shelf.ts';
import {supplyReasons} from './supply-reasons.ts';
import type {Situation} from './situation.ts';

/** Options listed beside the chosen one at most; the cheapest first. */
const ALTERNATIVES_MAX = 12;
/** Components named in the reasons at most. */
const COMPONENTS_NAMED = 3;

export interface Decision {
  readonly depotId: string;
  readonly option: Option;
  /** Against meeting failures as they come; negative for an order that only keeps the shelf at its level. */
  readonly savingMinor: number;
  readonly alternatives: readonly Option[];
  readonly reasons: readonly Reason[];
  /** Essence of everything that some depot of the group wants done now, this decision's own included. */
  readonly wants: readonly string[];
  /** Reservations that hold nothing any more, of every depot of the group. */
  readonly lapses: readonly Lapse[];
  /** Every depot of the group whose customers will, or will no longer, feel it. */
  readonly impacts: readonly Impact[];
}

interface Candidate {
  readonly plan: DepotPlan;
  readonly option: Option;
  readonly options: readonly Option[];
  readonly savingMinor: number;
}

/**
 * Decides one planning group: the one action that saves most, or nothing, with reasons. What else the group needs is decided
 * next, from the situation that this decision leaves behind, so each decision has one effect at most (I4). What was asked for already,
 * and waits for a planner or was turned down, comes after all that was not.
 *
 * A depot orders when it is below its target, and only then. Every rescue (a transfer before the failure, an expedited delivery, an emergency buy) must
 * save more than the margin against what happens to the depot unaided, wherever its position stands.
 */
export function decide(recorded: Situation): Decision {
  const {situation, lapses} = reviewReservations(pricedByContracts(recorded));
  const plans = planDepots(situation);
  const donors = donorRisks(situation);
  const candidates = [...plans.values()].map((plan) => candidate(situation, plans, donors, plan));
  const acting = candidates.filter(({option}) => option.action !== 'nothing').sort(bySaving);
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
    reasons: [...reasonsFor(situation, chosen), ...lapses.map(releaseReason)],
    wants: acting.map(essence),
    lapses,
    impacts: backorderImpacts(
      situation,
      plans,
      new Map(candidates.map((c) => [c.plan.depot.depotId, c.options])),
    ),
  };
}

function candidate(
  situation: Situation,
  plans: ReadonlyMap<string, DepotPlan>,
  donors: DonorRisks,
  plan: DepotPlan,
): Candidate {
  const waiting = waitingOption(plan);
  const atStake = plan.belowTarget || plan.reactiveMinor >= situation.policy.marginMinor;
  if (!atStake) return {plan, option: waiting, options: [waiting], savingMinor: 0};
  const options = [...optionsFor(situation, plans, donors, plan), waiting];
  const allowed = options
    .filter((option) => option.excluded === null && option.action !== 'nothing')
    .sort(byTotal);
  const best = allowed.find((option) => pays(situation, plan, option));
  if (best === undefined) return {plan, option: waiting, options, savingMinor: 0};
  return {plan, option: best, options, savingMinor: plan.reactiveMinor - best.totalMinor};
}

function pays(situation: Situation, plan: DepotPlan, option: Option): boolean {
  if (option.action === 'order') {
    // Ahead of need a parent sends what its own customers will not miss more than ours.
    return plan.belowTarget && plan.reactiveMinor - option.downtimeMinor >= option.donorRiskMinor;
  }
  // Customers have waited too long: whoever can deliver is asked, at whatever it saves.
  if (option.action === 'emergency' && isOverridden(plan.depot) && plan.belowTarget) return true;
  // Beyond the target a second rescue would only race the first.
  if (option.sourceKind !== 'order' && !plan.belowTarget && waitsForRescue(plan.depot)) return false;
  return savingOf(situation, plan, option) >= marginMinor(situation, plan);
}

/** A rescue is compared with what the depot would do without it: meet failures as they come, or order. */
function savingOf(situation: Situation, plan: DepotPlan, option: Option): number {
  return unaidedMinor(situation, plan, plan.net, option.quantity) - option.totalMinor;
}

function marginMinor({policy}: Situation, plan: DepotPlan): number {
  return Math.max(policy.marginMinor, Math.round(policy.marginShare * plan.reactiveMinor));
}

const byTotal = (a: Option, b: Option): number =>
  a.totalMinor - b.totalMinor ||
  compare(
    `${a.action}|${String(a.sourceId)}|${a.quantity}`,
    `${b.action}|${String(b.sourceId)}|${b.quantity}`,
  );
const bySaving = (a: Candidate, b: Candidate): number =>
  b.savingMinor - a.savingMinor || compare(a.plan.depot.depotId, b.plan.depot.depotId);
const byExposure = (a: Candidate, b: Candidate): number =>
  b.plan.waitingMinor - a.plan.waitingMinor || compare(a.plan.depot.depotId, b.plan.depot.depotId);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function reasonsFor(situation: Situation, {plan, option, options, savingMinor}: Candidate): Reason[] {
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
  const owed = depot.needs.reduce((sum, need) => sum + need.quantity, 0);
  if (owed > 0) {
    const perHourMinor = depot.needs.reduce((sum, need) => sum + need.quantity * need.shortageMinorPerH, 0);
    reasons.push({code: 'backorders-open', pieces: owed, perHourMinor});
  }
  reasons.push(...supplyReasons(depot, plan.source), ...componentsNamed(plan), ...demandReasons(depot));
  if (option.action === 'nothing') reasons.push(...whyNothing(situation, plan, options));
  else {
    if (savingMinor > 0) reasons.push({code: 'saves-against-waiting', savingMinor, currency});
    if (option.action === 'transfer') {
      reasons.push({
        code: 'donor-can-spare',
        donorDepotId: option.sourceId as DepotId,
        donorRiskMinor: option.donorRiskMinor,
      });
    }
    reasons.push(...rounding(plan, option), ...reservedFor(situation, plan, option));
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
  const {waiting, capPieces} = supplyShock;
  return [{code: 'reorder-point-overridden', overrideId, usualTarget, waiting, capPieces}];
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

function whyNothing(situation: Situation, plan: DepotPlan, options: readonly Option[]): Reason[] {
  const real = options.filter((option) => option.action !== 'nothing');
  if (plan.depot.maxStock !== null && positionOf(plan.depot) >= plan.depot.maxStock) {
    return [{code: 'stock-capped', maxStock: plan.depot.maxStock}];
  }
  const allowed = real.filter((option) => option.excluded === null).sort(byTotal);
  const reasons: Reason[] = [];
  if (plan.belowTarget && !allowed.some((option) => option.action === 'order'))
    reasons.push({code: 'no-source'});
  const best = allowed.find((option) => option.action !== 'order');
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

function rounding(plan: DepotPlan, option: Option): Reason[] {
  const source = plan.depot.sources.find((s) => s.sourceId === option.sourceId);
  if (source === undefined || option.action === 'transfer') return [];
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
