import {YEAR_DAYS} from '../../domain/time.ts';
import {
  advanceDemand,
  alarmProbability,
  alarmStillToCome,
  unannouncedDemand,
  type SignalQuality,
  type WarningWindow,
} from '../../replenish/core/advance-demand.ts';
import {criticalRatio} from '../../replenish/core/newsvendor.ts';
import {quantile, type DemandPmf} from '../../replenish/core/pmf.ts';
import {poissonPmf} from '../../replenish/core/poisson.ts';
import {streamOf} from '../../simulator/random.ts';
import {estimate} from './paired.ts';
import {signalDays, type SignalDay} from './signal-world.ts';
import {StockPoints} from './stock-point.ts';

/** One stock point, one sort of alarm. */
export interface AlarmSetting {
  readonly failuresPerYear: number;
  readonly recall: number;
  readonly precision: number;
  readonly window: WarningWindow;
  readonly leadTimeDays: number;
  readonly holdingPerYear: number;
  readonly emergencyCost: number;
}

export interface RunLength {
  readonly days: number;
  readonly seeds: number;
}

/** What a rule saves against the tuned base stock, as a share of its cost; the half width is of a 95 % interval over seeds. */
export interface Saving {
  readonly saving: number;
  readonly ci95: number;
}

export interface AlarmValue {
  readonly baseStock: number;
  readonly baseCostPerDay: number;
  /** Service level that the probability rule was tuned to. */
  readonly level: number;
  readonly ours: Saving;
  /** The probability rule at the critical ratio of its costs, nothing tuned. */
  readonly untuned: Saving;
  /** The base stock, tuned again, plus a piece for every open alarm. */
  readonly onePerAlarm: Saving;
  /** Our rule, told twice the precision. */
  readonly overconfident: Saving;
}

/** Levels that the tuning may choose from, from cautious to generous. */
const LEVELS = [0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999];
const BASE_STOCK_MAX = 14;
const BASE_STOCKS = Array.from({length: BASE_STOCK_MAX + 1}, (_, s) => s);
/** Days of the start that count for nothing. */
const WARM_UP_SHARE = 0.05;
const TUNING_SEEDS = 4;

/**
 * What imperfect alarms are worth at one stock point: the order-up-to level from the exact demand of the lead time
 * (`advanceDemand`) against a base stock that hears nothing, both tuned on seeds of their own and then compared on others,
 * all on the same days.
 */
export function valueOfAlarms(setting: AlarmSetting, {days, seeds}: RunLength): AlarmValue {
  const tuning = add(Array.from({length: TUNING_SEEDS}, (_, i) => runSeed(setting, days, `tuning-${i}`)));
  const baseStock = cheapest(tuning.base);
  const level = cheapest(tuning.ours.slice(0, LEVELS.length));
  const alarmStock = cheapest(tuning.onePerAlarm);

  const runs = Array.from({length: seeds}, (_, i) => runSeed(setting, days, `judged-${i}`));
  const against = (cost: (run: SeedCosts) => number): Saving =>
    saving(runs.map((run) => ({cost: cost(run), base: run.base[baseStock]!})));
  const counted = days * (1 - WARM_UP_SHARE) * seeds;
  return {
    baseStock,
    baseCostPerDay: add(runs).base[baseStock]! / counted,
    level: LEVELS[level]!,
    ours: against((run) => run.ours[level]!),
    untuned: against((run) => run.ours[LEVELS.length]!),
    onePerAlarm: against((run) => run.onePerAlarm[alarmStock]!),
    overconfident: against((run) => run.overconfident[level]!),
  };
}

/** Cost of every rule over one seed's days. */
interface SeedCosts {
  readonly base: Float64Array;
  /** A level each, and last the untuned one. */
  readonly ours: Float64Array;
  readonly onePerAlarm: Float64Array;
  readonly overconfident: Float64Array;
}

function runSeed(setting: AlarmSetting, days: number, stream: string): SeedCosts {
  const {leadTimeDays, holdingPerYear, emergencyCost, precision} = setting;
  const holdingPerDay = holdingPerYear / YEAR_DAYS;
  const ratio = criticalRatio({underage: emergencyCost, overage: holdingPerDay * leadTimeDays});
  const ourLevels = [...LEVELS, ratio];
  const point = (rules: number) => new StockPoints(rules, {leadTimeDays, holdingPerDay, emergencyCost});
  const base = point(BASE_STOCKS.length);
  const ours = point(ourLevels.length);
  const onePerAlarm = point(BASE_STOCKS.length);
  const overconfident = point(LEVELS.length);
  const demand = demandOfAlarms(setting, precision);
  const inflated = demandOfAlarms(setting, Math.min(1, 2 * precision));

  const world = signalDays(qualityOf(setting), setting.window, streamOf(1, 'alarms', stream));
  for (let day = 0; day < days; day += 1) {
    const today = world.next().value;
    const counted = day >= days * WARM_UP_SHARE;
    base.day(today.failures, BASE_STOCKS, counted);
    const perAlarm = BASE_STOCKS.map((s) => s + today.open);
    onePerAlarm.day(today.failures, perAlarm, counted);
    ours.day(today.failures, upTo(demand(today), ourLevels), counted);
    overconfident.day(today.failures, upTo(inflated(today), LEVELS), counted);
  }
  return {
    base: base.costs(),
    ours: ours.costs(),
    onePerAlarm: onePerAlarm.costs(),
    overconfident: overconfident.costs(),
  };
}

function upTo(demand: DemandPmf, levels: readonly number[]): number[] {
  return levels.map((level) => quantile(demand, level));
}

/** Demand of the next lead time as seen from a day's open alarms, by who believes in `precision`. */
function demandOfAlarms(setting: AlarmSetting, precision: number): (day: SignalDay) => DemandPmf {
  const {window, leadTimeDays} = setting;
  const quality = qualityOf(setting);
  const byAge = Array.from({length: window.toDays + 1}, (_, age) =>
    alarmProbability(precision, window, age, leadTimeDays),
  );
  const unheard = unannouncedDemand(quality, leadTimeDays) + alarmStillToCome(quality, window, leadTimeDays);
  const background = poissonPmf(unheard);
  return ({openByAge}) => {
    const probabilities: number[] = [];
    for (let age = 0; age < openByAge.length; age += 1) {
      for (let open = openByAge[age]!; open > 0; open -= 1) probabilities.push(byAge[age]!);
    }
    return advanceDemand(probabilities, background);
  };
}

function qualityOf({failuresPerYear, recall, precision}: AlarmSetting): SignalQuality {
  return {failureRatePerDay: failuresPerYear / YEAR_DAYS, recall, precision};
}

function add(runs: readonly SeedCosts[]): SeedCosts {
  const sum = (pick: (run: SeedCosts) => Float64Array) =>
    pick(runs[0]!).map((_, i) => runs.reduce((total, run) => total + pick(run)[i]!, 0));
  return {
    base: sum((run) => run.base),
    ours: sum((run) => run.ours),
    onePerAlarm: sum((run) => run.onePerAlarm),
    overconfident: sum((run) => run.overconfident),
  };
}

function cheapest(costs: Float64Array): number {
  return costs.indexOf(Math.min(...costs));
}

function saving(seeds: readonly {readonly cost: number; readonly base: number}[]): Saving {
  const total = seeds.reduce((sum, {cost, base}) => ({cost: sum.cost + cost, base: sum.base + base}));
  const {ci95} = estimate(seeds.map(({cost, base}) => 1 - cost / base));
  return {saving: 1 - total.cost / total.base, ci95};
}
