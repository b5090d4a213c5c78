import {invariant} from '../../domain/invariant.ts';
import {YEAR_DAYS} from '../../domain/time.ts';
import {quantile} from '../../replenish/core/probability/pmf.ts';
import {streamOf} from '../../simulator/random.ts';
import {AlarmDemand} from './alarm-demand.ts';
import {qualityOf, type AlarmSetting} from './alarm-setting.ts';
import {DecidedOrders, RuledOrders} from './core-orders.ts';
import {estimate} from './paired.ts';
import {signalDays} from './signal-world.ts';
import {StockPoints} from './stock-point.ts';

export interface RunLength {
  readonly days: number;
  readonly seeds: number;
}

/** What a rule saves against another's cost, as a share of that; the half width is of a 95 % interval over seeds with the same days. */
export interface Saving {
  readonly saving: number;
  readonly ci95: number;
}

export interface AlarmValue {
  readonly baseStock: number;
  readonly baseCostPerDay: number;
  /** The decision core, against the base stock. */
  readonly ours: Saving;
  /** The decision core told twice the precision. */
  readonly overconfident: Saving;
  /** A base stock and a piece for every open alarm. */
  readonly onePerAlarm: Saving;
  /** The reference's rule: up to the smallest level that covers the lead time's demand at its tuned share. */
  readonly published: Saving;
  /** The decision core, against the reference's rule. */
  readonly oursAgainstPublished: Saving;
  /** Orders that `decide` was asked for as well. */
  readonly ordersChecked: number;
}

const BASE_STOCK_MAX = 9;
const BASE_STOCKS = Array.from({length: BASE_STOCK_MAX + 1}, (_, s) => s);
/** Days of the start that count for nothing. */
const WARM_UP_SHARE = 0.05;
/** So many orders of each seed are asked of `decide` itself, which takes a millisecond each. */
const ORDERS_CHECKED = 20;

/**
 * What imperfect alarms are worth at one stock point to the decision core, against a base stock that hears nothing. The core is told the figures of the
 * setting and tunes nothing; base stock and one-per-alarm are the cheapest in hindsight, chosen on the very days they are compared on.
 *
 * @param publishedLevel The share that the reference's rule was tuned to.
 */
export function valueOfAlarms(
  setting: AlarmSetting,
  {days, seeds}: RunLength,
  publishedLevel: number,
): AlarmValue {
  const runs = Array.from({length: seeds}, (_, i) => runSeed(setting, days, `judged-${i}`, publishedLevel));
  const baseStock = cheapest(runs.map(({base}) => base));
  const perAlarm = cheapest(runs.map(({onePerAlarm}) => onePerAlarm));
  const baseCost = ({base}: SeedCosts): number => base[baseStock]!;
  const counted = days * (1 - WARM_UP_SHARE) * seeds;
  return {
    baseStock,
    baseCostPerDay: runs.reduce((sum, run) => sum + baseCost(run), 0) / counted,
    ours: saving(runs, (run) => run.ours, baseCost),
    overconfident: saving(runs, (run) => run.overconfident, baseCost),
    onePerAlarm: saving(runs, (run) => run.onePerAlarm[perAlarm]!, baseCost),
    published: saving(runs, (run) => run.published, baseCost),
    oursAgainstPublished: saving(
      runs,
      (run) => run.ours,
      (run) => run.published,
    ),
    ordersChecked: runs.reduce((sum, run) => sum + run.ordersChecked, 0),
  };
}

/** Cost of every rule over one seed's days. */
interface SeedCosts {
  /** A base stock each. */
  readonly base: Float64Array;
  readonly onePerAlarm: Float64Array;
  readonly ours: number;
  readonly overconfident: number;
  readonly published: number;
  readonly ordersChecked: number;
}

/** The rules that hear alarms share a world, and each has its own shelf. */
const [OURS, OVERCONFIDENT, PUBLISHED] = [0, 1, 2] as const;

function runSeed(setting: AlarmSetting, days: number, stream: string, publishedLevel: number): SeedCosts {
  const {leadTimeDays, holdingPerYear, emergencyCost, precision} = setting;
  const costs = {leadTimeDays, holdingPerDay: holdingPerYear / YEAR_DAYS, emergencyCost};
  const base = new StockPoints(BASE_STOCKS.length, costs);
  const onePerAlarm = new StockPoints(BASE_STOCKS.length, costs);
  const hearing = new StockPoints(3, costs);
  const decided = new DecidedOrders(setting);
  const ours = new RuledOrders(setting);
  const overconfident = new RuledOrders({...setting, precision: Math.min(1, 2 * precision)});
  const {orderedNext} = new AlarmDemand(setting);
  let checked = 0;

  const world = signalDays(qualityOf(setting), setting.window, streamOf(1, 'alarms', stream));
  for (let day = 0; day < days; day += 1) {
    const {failures, ages} = world.next().value;
    const counted = day >= days * WARM_UP_SHARE;
    base.day(failures, BASE_STOCKS, counted);
    onePerAlarm.day(failures, BASE_STOCKS, counted, ages.length);

    hearing.serve(failures, counted);
    const pieces = ours.order(ages, hearing.position(OURS));
    if (pieces > 0 && checked < ORDERS_CHECKED) {
      checked += 1;
      const own = decided.order(ages, hearing.shelf(OURS));
      invariant(own === pieces, `the core orders ${own} pieces, not ${pieces}`);
    }
    hearing.order(OURS, pieces);
    hearing.order(OVERCONFIDENT, overconfident.order(ages, hearing.position(OVERCONFIDENT)));
    const position = hearing.position(PUBLISHED);
    if (orderedNext.atMost(position, ages) < publishedLevel)
      hearing.order(PUBLISHED, quantile(orderedNext.pmf(ages), publishedLevel) - position);
  }
  const heard = hearing.costs();
  return {
    base: base.costs(),
    onePerAlarm: onePerAlarm.costs(),
    ours: heard[OURS]!,
    overconfident: heard[OVERCONFIDENT]!,
    published: heard[PUBLISHED]!,
    ordersChecked: checked,
  };
}

/** Of rules that every seed has run, the index of the one with the least cost over all of them. */
function cheapest(costs: readonly Float64Array[]): number {
  const total = costs[0]!.map((_, rule) => costs.reduce((sum, seed) => sum + seed[rule]!, 0));
  return total.indexOf(Math.min(...total));
}

function saving(
  runs: readonly SeedCosts[],
  own: (run: SeedCosts) => number,
  other: (run: SeedCosts) => number,
): Saving {
  const total = (cost: (run: SeedCosts) => number): number => runs.reduce((sum, run) => sum + cost(run), 0);
  const {ci95} = estimate(runs.map((run) => 1 - own(run) / other(run)));
  return {saving: 1 - total(own) / total(other), ci95};
}
