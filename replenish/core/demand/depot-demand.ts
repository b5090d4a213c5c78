import {HOUR_MS, YEAR_DAYS} from '../../../domain/time.ts';
import {advanceDemand} from './advance-demand.ts';
import type {DemandAhead} from './demand-ahead.ts';
import {timePoints} from '../lead-time/time-points.ts';
import type {UncertainTime} from '../lead-time/time-points.ts';
import {failureAhead} from '../probability/hazard.ts';
import type {FailureAhead} from '../probability/hazard.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {convolve, mean, mixture} from '../probability/pmf.ts';
import {allOrNothing, lotDemand} from '../probability/shared-cause.ts';
import type {OpenNeed, RiskyComponent} from '../decision/situation.ts';

const YEAR_H = YEAR_DAYS * 24;

/** An installed component, and P(it fails within so many hours from now | it has not failed since its forecast). */
export interface Risk {
  readonly component: RiskyComponent;
  readonly within: FailureAhead;
}

export function riskOf(component: RiskyComponent, now: number): Risk {
  return {component, within: failureAhead(component, Math.max(0, now - component.asOf) / HOUR_MS)};
}

export interface DemandSource extends DemandAhead {
  /** Sorted by component id. */
  readonly risks: readonly Risk[];
  readonly backgroundPerYear: number;
  readonly backgroundVmr: number;
}

export function backgroundWithin({backgroundPerYear, paced}: DemandSource, hours: number): number {
  return (backgroundPerYear * (paced === undefined ? hours : paced(hours))) / YEAR_H;
}

/**
 * Pieces asked for within `hours` from now: exact Poisson-binomial of the monitored components in the order given (by id),
 * convolved with everything not monitored and with the campaigns of that time. A position with several pieces asks for all of them at once. Where the policy
 * knows that components of a lot fail together, a lot of several is a mixture over its common cause.
 */
export function demandWithin(source: DemandSource, hours: number): DemandPmf {
  const singles: number[] = [];
  const background = backgroundWithin(source, hours);
  let several = negativeBinomialPmf(background, background * source.backgroundVmr);
  if (source.dated !== undefined) several = convolve(several, source.dated(hours));
  const {alone, lots} = byLot(source);
  for (const {component, within} of alone) {
    if (component.quantity === 1) singles.push(within(hours));
    else several = convolve(several, allOrNothing(component.quantity, within(hours)));
  }
  for (const lot of lots) {
    const members = lot.map(({component, within}) => ({
      pieces: component.quantity,
      probability: within(hours),
    }));
    several = convolve(several, lotDemand(members, source.lotShare!));
  }
  return advanceDemand(singles, several);
}

/** Lots with several components, which may fail for a cause in common; none where the policy knows of no such cause. */
export function sharedLots(source: DemandSource): readonly (readonly Risk[])[] {
  return byLot(source).lots;
}

/** Components that may fail for a cause in common, lot by lot, and all the others. */
function byLot({risks, lotShare = 0}: DemandSource): {
  readonly alone: readonly Risk[];
  readonly lots: readonly (readonly Risk[])[];
} {
  if (lotShare === 0) return {alone: risks, lots: []};
  const lots = new Map<string, Risk[]>();
  for (const risk of risks) {
    const {lot} = risk.component;
    if (lot !== undefined) lots.set(lot, [...(lots.get(lot) ?? []), risk]);
  }
  const isShared = ({component: {lot}}: Risk): boolean => lot !== undefined && lots.get(lot)!.length > 1;
  return {
    alone: risks.filter((risk) => !isShared(risk)),
    lots: [...lots.values()].filter(({length}) => length > 1),
  };
}

/**
 * Demand until an order placed now is here, plus the review interval: a mixture over its lead time, never a demand at the mean. One late order
 * is late for everything that is asked for meanwhile, so demand is over-dispersed:
 *
 *   P(D = k) = Σ_L P(L) · P(D(L) = k),   variance λ E[L] + λ² Var[L] for Poisson demand
 *
 * This holds where no order overtakes another: of a source that keeps their order, and of lots, between which more time passes than
 * lead times differ. See `demandOverOwnLeadTimes` for orders that may cross.
 */
export function demandOverLeadTime(
  source: DemandSource,
  leadTime: UncertainTime,
  reviewH: number,
): DemandPmf {
  return mixture(
    timePoints(leadTime).map(({hours, weight}) => ({
      weight,
      demand: demandWithin(source, hours + reviewH),
    })),
  );
}

/**
 * The same where every piece asked for is ordered by itself and travels by itself, as fast as it happens to. What a level must cover then are the pieces
 * under way, and each has its own lead time: it is mixed over for each machine, not for all of them together.
 *
 *   D = Σ_i Bernoulli(E[p_i(L)]) + background over E[L]
 *
 * Poisson demand stays Poisson whatever the lead time's law; so does compound Poisson, which the negative binomial background is. Pieces asked for on
 * a date stay a mixture: those of one campaign come together.
 *
 * Source: Palm's theorem; Feeney & Sherbrooke (1966), The (s−1, s) inventory policy under compound Poisson demand, Management Science 12.
 * Example: one piece a day, 30 ± 10 days → Poisson of 30, level 43 for 0.99; one lead time for all would ask for 64.
 */
export function demandOverOwnLeadTimes(
  source: DemandSource,
  leadTime: UncertainTime,
  reviewH: number,
): DemandPmf {
  const points = timePoints(leadTime);
  const meanOf =
    (of: (hours: number) => number) =>
    (laterH: number): number =>
      points.reduce((sum, {hours, weight}) => sum + weight * of(hours + laterH), 0);
  const {dated, paced} = source;
  const spread: DemandSource = {
    ...source,
    risks: source.risks.map(({component, within}) => ({component, within: meanOf(within)})),
    paced: meanOf(paced ?? ((hours) => hours)),
    ...(dated === undefined
      ? {}
      : {
          dated: (laterH) =>
            mixture(points.map(({hours, weight}) => ({weight, demand: dated(hours + laterH)}))),
        }),
  };
  return demandWithin(spread, reviewH);
}

/** How far ahead the usual rate of demand, and whose machine will wait, are looked for. */
const USUAL_H = 672;

/** Expected pieces per hour over the next 28 days: how soon an early piece finds its use. */
export function demandRatePerH(source: DemandSource): number {
  let expected = backgroundWithin(source, USUAL_H);
  if (source.dated !== undefined) expected += mean(source.dated(USUAL_H));
  for (const {component, within} of source.risks) expected += component.quantity * within(USUAL_H);
  return expected / USUAL_H;
}

/**
 * Pieces an hour that are sure to be asked for in the long run: background, and failures of `overH` hours that begin when an order placed now is
 * here and today's alarms are over. A machine that is about to fail hardly counts: afterwards it has a new component.
 *
 * Example: 12 a year and no machine that can fail → 12 / 8766.
 */
export function steadyRatePerH(source: DemandSource, leadTimeH: number, overH: number): number {
  const fromH = Math.max(leadTimeH, USUAL_H);
  const toH = fromH + overH;
  let expected = backgroundWithin(source, toH) - backgroundWithin(source, fromH);
  for (const {component, within} of source.risks)
    expected += component.quantity * (within(toH) - within(fromH));
  return Math.max(0, expected) / overH;
}

/** What one missing piece costs per hour here: the machines' costs weighted by how likely each is the one that waits. */
export function shortageMinorPerH(
  risks: readonly Risk[],
  needs: readonly OpenNeed[],
  floorMinorPerH: number,
): number {
  let weight = 0;
  let sum = 0;
  for (const {component, within} of risks) {
    const p = within(USUAL_H) + 1e-9; // equal weights where every probability is zero
    weight += p;
    sum += p * component.shortageMinorPerH;
  }
  for (const need of needs) {
    weight += need.quantity;
    sum += need.quantity * need.shortageMinorPerH;
  }
  return Math.max(floorMinorPerH, weight > 0 ? sum / weight : 0);
}
