import {HOUR_MS, YEAR_DAYS, type EpochMs} from '../../../domain/time.ts';
import {quantile} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import type {Books} from './books.ts';
import type {Demand} from './demand-stream.ts';
import {totalMinor} from './figures.ts';
import {levelPolicy, type Level} from './level-policy.ts';
import type {PartWorld} from './part-world.ts';
import {runPart, type Stretch} from './run-part.ts';

/** Demands of one seed, to tune on or to be judged by. */
export interface Trial {
  readonly stretch: Stretch;
  readonly demands: readonly Demand[];
  /** Pieces more than the level that a policy wants at a depot, and when that changes; nothing where it hears no alarms. */
  readonly alarms: Alarms;
}

export interface Alarms {
  readonly openAt: (depotId: string, books: Books) => number;
  readonly looksAt: readonly EpochMs[];
}

export const NO_ALARMS: Alarms = {openAt: () => 0, looksAt: []};

/** Order-up-to level by depot; the central depot's counts the stock of all. */
export type Levels = ReadonlyMap<string, number>;

/** Pieces a year that the trials ask for, by depot. */
export function ratesOf(world: PartWorld, trials: readonly Trial[]): ReadonlyMap<string, number> {
  const years = trials.reduce(
    (sum, {stretch}) => sum + (stretch.to - stretch.from) / (YEAR_DAYS * 24 * HOUR_MS),
    0,
  );
  const rates = new Map(world.sites.map(({depotId}) => [depotId, 0]));
  for (const {demands} of trials)
    for (const {depotId} of demands) rates.set(depotId, rates.get(depotId)! + 1 / years);
  return rates;
}

/** Min and max by the rule of the trade: demand of the lead time is met with probability `service`; the lot is the economic one. */
export function ruleLevels(
  world: PartWorld,
  rates: ReadonlyMap<string, number>,
  service: number,
): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  let regions = 0;
  const total = [...rates.values()].reduce((sum, rate) => sum + rate, 0);
  for (const {depotId, parentDepotId, sources, holdingRatePerYear} of [...world.sites].sort(centralLast)) {
    const {meanH, orderCostMinor} = sources.find(({kind}) => kind === 'normal')!;
    const perYear = parentDepotId === null ? total : rates.get(depotId)!;
    const holding = world.unitCostMinor * holdingRatePerYear;
    const lot = Math.max(1, Math.round(Math.sqrt((2 * orderCostMinor * perYear) / holding)));
    const min =
      quantile(poissonPmf((perYear * meanH) / (YEAR_DAYS * 24)), service) +
      (parentDepotId === null ? regions : 0);
    levels.set(depotId, {min, upTo: min + lot});
    regions += min + lot;
  }
  return levels;
}

const centralLast = (a: {parentDepotId: string | null}, b: {parentDepotId: string | null}): number =>
  Number(a.parentDepotId === null) - Number(b.parentDepotId === null);

/** What lies where at the start, the same for every policy: the rule's levels at 99 %. */
export function openingStock(
  world: PartWorld,
  rates: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const levels = ruleLevels(world, rates, 0.99);
  const opening = new Map([...levels].map(([depotId, {min}]) => [depotId, min]));
  const regions = world.sites.reduce(
    (sum, {depotId}) => sum + (depotId === world.centralId ? 0 : levels.get(depotId)!.upTo),
    0,
  );
  opening.set(world.centralId, Math.max(0, levels.get(world.centralId)!.upTo - regions));
  return opening;
}

export function costOf(
  world: PartWorld,
  opening: ReadonlyMap<string, number>,
  trials: readonly Trial[],
  levels: ReadonlyMap<string, Level>,
): number {
  return trials.reduce((sum, trial) => sum + totalMinor(runLevels(world, opening, trial, levels)), 0);
}

export function runLevels(
  world: PartWorld,
  opening: ReadonlyMap<string, number>,
  {stretch, demands, alarms}: Trial,
  levels: ReadonlyMap<string, Level>,
): ReturnType<typeof runPart> {
  return runPart(world, demands, opening, stretch, () =>
    levelPolicy({
      looksAt: alarms.looksAt,
      levelAt(depotId, books) {
        const {min, upTo} = levels.get(depotId)!;
        const open = alarms.openAt(depotId, books);
        return {min: min + open, upTo: upTo + open};
      },
    }),
  );
}

/** A base stock of S: each piece taken is ordered again. */
export function baseStock(levels: Levels): ReadonlyMap<string, Level> {
  return new Map([...levels].map(([depotId, upTo]) => [depotId, {min: upTo - 1, upTo}]));
}

const STEPS = [-3, -1, 1, 3];
const SWEEPS_MAX = 6;

/**
 * The cheapest base stock of every depot, by trying: one level after the other up and down, until no step saves anything on the
 * trials. The bill is that of the comparison itself, rescues and downtime included.
 */
export function tunedBaseStock(
  world: PartWorld,
  opening: ReadonlyMap<string, number>,
  trials: readonly Trial[],
  start: Levels,
): Levels {
  let levels = start;
  let cost = costOf(world, opening, trials, baseStock(levels));
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    const before = cost;
    for (const depotId of levels.keys()) {
      for (const step of STEPS) {
        // A level lowered at a region leaves the pieces of the whole network as they are.
        const tried = new Map(levels).set(depotId, Math.max(0, levels.get(depotId)! + step));
        const triedCost = costOf(world, opening, trials, baseStock(tried));
        if (triedCost >= cost) continue;
        levels = tried;
        cost = triedCost;
      }
    }
    if (cost === before) break;
  }
  return levels;
}
