import {YEAR_DAYS} from '../../../domain/time.ts';
import {backgroundWithin, type DemandSource} from './depot-demand.ts';
import {mean} from '../probability/pmf.ts';
import type {DepotSituation, OpenNeed, RiskyComponent} from '../decision/situation.ts';

const YEAR_H = YEAR_DAYS * 24;
/** The last horizon of a forecast: from here on the alarms of today are over. */
const SETTLED_H = 672;

/** What a depot is asked for year after year. */
export interface LongRunDemand {
  readonly perYear: number;
  /** Variance to mean of the pieces of any time; 1 = Poisson. */
  readonly vmr: number;
}

/**
 * Failures of a monitored position a year, once today's alarms are over: who failed has a new component, so each position goes on failing by
 * the hazard that its forecast ends with, an alarm or not.
 *
 * Example: 114,077 ppb/h → 1.
 */
export function failuresPerYear({tailHazardPpbPerH}: RiskyComponent): number {
  return tailHazardPpbPerH * 1e-9 * YEAR_H;
}

/**
 * Everything not monitored and the failures of what is, as a mean year has them: no season, no campaign, no alarm. A position with several
 * pieces asks for all of them at once, and so spreads more than single ones.
 *
 *   vmr = (Σ k² · failures of k pieces + background · its vmr) / pieces
 *
 * Source: mean and variance of compound Poisson demand. Example: 4 a year in the background, vmr 2, and 2 failures of 3 pieces → 10 a year, 2.6.
 */
export function longRunDemand({
  components,
  backgroundPerYear,
  backgroundVmr,
}: Pick<DepotSituation, 'components' | 'backgroundPerYear' | 'backgroundVmr'>): LongRunDemand {
  let perYear = backgroundPerYear;
  let spread = backgroundPerYear * backgroundVmr;
  for (const component of components) {
    const pieces = component.quantity * failuresPerYear(component);
    perYear += pieces;
    spread += component.quantity * pieces;
  }
  return {perYear, vmr: perYear > 0 ? Math.max(1, spread / perYear) : 1};
}

/** Pieces that the coming hours are expected to ask for: alarms, season and campaigns, and after them what the long run does. */
export function expectedWithin(source: DemandSource, hours: number): number {
  const later = Math.max(0, hours - SETTLED_H);
  let expected = backgroundWithin(source, hours);
  if (source.dated !== undefined) expected += mean(source.dated(hours));
  for (const {component, within} of source.risks)
    expected += component.quantity * (within(hours - later) + (failuresPerYear(component) * later) / YEAR_H);
  return expected;
}

/** What one missing piece costs an hour in the long run: the machines' costs weighed by how often each fails; where none is monitored, by who waits today. */
export function longRunShortageMinorPerH(
  components: readonly RiskyComponent[],
  needs: readonly OpenNeed[],
  floorMinorPerH: number,
): number {
  const waiting =
    components.length > 0
      ? components.map((one) => ({...one, weight: one.tailHazardPpbPerH + 1e-9})) // equal where none ever fails
      : needs.map((need) => ({...need, weight: need.quantity}));
  const weight = waiting.reduce((sum, one) => sum + one.weight, 0);
  const cost = waiting.reduce((sum, one) => sum + one.weight * one.shortageMinorPerH, 0);
  return Math.max(floorMinorPerH, weight > 0 ? cost / weight : 0);
}
