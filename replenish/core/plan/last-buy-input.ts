import {DAY_MS, HOUR_MS, YEAR_DAYS} from '../../../domain/time.ts';
import {pricedByContracts} from '../supply/contract-price.ts';
import {allNeeds, plannedPieces} from '../demand/dated-need.ts';
import {demandAhead} from '../demand/demand-ahead.ts';
import {riskOf, shortageMinorPerH, type Risk} from '../demand/depot-demand.ts';
import {failuresPerYear} from '../demand/long-run-demand.ts';
import {positionOf} from '../decision/depot-plan.ts';
import type {LastBuyCosts, LastLot} from './last-buy.ts';
import {convolve} from '../probability/pmf.ts';
import type {RepairsAt} from './plan-input.ts';
import {normalSource} from '../decision/refill.ts';
import type {RemainingLife} from '../demand/remaining-need.ts';
import {NO_REPAIRS, pooledHistory, repairedShare, repairYield} from './repair-loop.ts';
import type {DepotSituation, Situation, Source} from '../decision/situation.ts';
import {sourceBill} from '../supply/tariff.ts';

/** What a planner says about the last order of a part. */
export interface LastBuyTerms {
  /** Machines are served until then at the latest. */
  readonly until: number;
  /** How long a machine stands when no piece is left, until another way is found. */
  readonly waitDays: number;
  /** Of the unit cost, what a piece that nobody needed still brings. */
  readonly salvageShare: number;
  /** Of the machines, those that are given up each year before their time. */
  readonly yearlyDecline: number;
}

/** Positions that ask for the part, and when their machines' contracts end; null: nobody knows. */
export type FleetEnds = readonly {readonly positions: number; readonly endsAt: number | null}[];

export interface LastBuyInput {
  readonly life: RemainingLife;
  /** On hand + on order − owed, and of what lies broken the pieces that will be repaired. */
  readonly position: number;
  readonly costs: LastBuyCosts;
  readonly lot: LastLot;
  /** Who sells it; null: nobody any more, then the unit cost is the price. */
  readonly sourceId: string | null;
}

/** Whoever states pieces a year is taken to have seen a year of them; less than one piece is no evidence, and the rate may be wrong by as much as itself. */
const STATED_YEARS = 1;
const EVIDENCE_MIN = 1;
/** A prior is worth ten times what was seen at most. */
const CREDIBILITY_MIN = 0.1;

/**
 * What the last order of a part has to answer, from the situation that decisions see: the rate of a year that begins when today's alarms
 * are over, the fleet by the ends of its contracts, stock, and what holding, being left and missing a piece cost.
 *
 * @param depotIds The depots that the order is for.
 */
export function lastBuyInput(
  recorded: Situation,
  depotIds: ReadonlySet<string>,
  fleet: FleetEnds,
  terms: LastBuyTerms,
  repairsAt: RepairsAt,
): LastBuyInput {
  const situation = pricedByContracts(recorded);
  const {part, policy, now} = situation;
  const depots = situation.depots.filter(({depotId}) => depotIds.has(depotId));
  const risks = depots.flatMap(({components}) => components.map((component) => riskOf(component, now)));
  const history = pooledHistory(depots.map(({depotId}) => repairsAt(depotId) ?? NO_REPAIRS));
  const workshop = depots.flatMap(({sources}) => sources).find(isWorkshop);
  const broken = depots.reduce((sum, {repairable = 0}) => sum + repairable, 0);
  const source = supplierOf(depots);
  const price = source === null ? part.unitCostMinor : pieceMinor(situation, source);
  const perH = shortageMinorPerH(risks, depots.flatMap(allNeeds), policy.shortageFloorMinorPerH);
  const holdingRate = Math.max(...depots.map(({holdingRatePerYear}) => holdingRatePerYear));
  return {
    life: {
      ...demandOf(depots, risks),
      fleet: fleetShares(fleet, now, terms.until),
      declinePerDay: -Math.log1p(-terms.yearlyDecline) / YEAR_DAYS,
      repairedShare: workshop === undefined ? 0 : repairedShare(history),
      turnaroundDays: workshop === undefined ? 0 : workshop.meanH / 24,
      ...campaignsOf(depots, now),
    },
    position:
      depots.reduce((sum, depot) => sum + positionOf(depot) - plannedPieces(depot), 0) +
      (workshop === undefined ? 0 : Math.floor(broken * repairYield(history))),
    costs: {
      price,
      holdingPerDay: (part.unitCostMinor * holdingRate) / YEAR_DAYS,
      salvage: part.unitCostMinor * terms.salvageShare,
      shortage: perH * 24 * terms.waitDays,
    },
    lot: source === null ? {minimum: 1, multiple: 1} : source,
    sourceId: source?.sourceId ?? null,
  };
}

/**
 * Rate, spread and how sure the rate is. Failures are those of a year in which each position that failed has a new component; a background
 * rate is worth the pieces seen, its prior included: cv² = vmr / (rate · years), years = months on record / 12 / credibility, one at least.
 *
 * Source: for the background, a gamma rate with that many pieces of evidence has a squared variation of one over them.
 * Example: 12 a year from 24 months, credibility 0.8, Poisson → 30 pieces of evidence, cv² 1/30.
 */
function demandOf(
  depots: readonly DepotSituation[],
  risks: readonly Risk[],
): Pick<RemainingLife, 'ratePerDay' | 'vmr' | 'rateCv2'> {
  let perYear = 0;
  for (const {component} of risks) perYear += component.quantity * failuresPerYear(component);
  let spread = perYear;
  let unsure = 0;
  for (const {backgroundPerYear, backgroundVmr, background} of depots) {
    const {historyMonths = 0, credibility = 1} = background ?? {};
    const years = Math.max(STATED_YEARS, historyMonths / 12 / Math.max(CREDIBILITY_MIN, credibility));
    const evidence = Math.max(EVIDENCE_MIN, backgroundPerYear * years);
    perYear += backgroundPerYear;
    spread += backgroundPerYear * backgroundVmr;
    unsure += (backgroundPerYear ** 2 * backgroundVmr) / evidence;
  }
  if (perYear === 0) return {ratePerDay: 0, vmr: 1, rateCv2: 0};
  return {ratePerDay: perYear / YEAR_DAYS, vmr: spread / perYear, rateCv2: unsure / perYear ** 2};
}

/** Without a machine on record the whole demand is served until the end. */
function fleetShares(fleet: FleetEnds, now: number, until: number): RemainingLife['fleet'] {
  const positions = fleet.reduce((sum, one) => sum + one.positions, 0);
  const dayOf = (at: number): number => Math.max(0, (Math.min(at, until) - now) / DAY_MS);
  if (positions === 0) return [{share: 1, untilDay: dayOf(until)}];
  return fleet.map(({positions: some, endsAt}) => ({
    share: some / positions,
    untilDay: dayOf(endsAt ?? until),
  }));
}

function campaignsOf(depots: readonly DepotSituation[], now: number): Pick<RemainingLife, 'dated'> {
  const dated = depots.flatMap((depot) => demandAhead(depot, now).dated ?? []);
  if (dated.length === 0) return {};
  return {dated: (day) => dated.map((each) => each((day * DAY_MS) / HOUR_MS)).reduce(convolve)};
}

function isWorkshop({kind, barred}: Source): boolean {
  return kind === 'repair' && barred === undefined;
}

/** Of the depots that a supplier fills, the first one's. */
function supplierOf(depots: readonly DepotSituation[]): Source | null {
  return depots.map(normalSource).find((source) => source?.sourceKind === 'supplier') ?? null;
}

/** One more piece on the shelf: price, freight by weight, duty. */
function pieceMinor({part}: Situation, source: Source): number {
  const landed = (pieces: number): number =>
    sourceBill(part, source, pieces, {usualMinor: source.priceMinor}).landedMinor;
  return landed(2) - landed(1);
}
