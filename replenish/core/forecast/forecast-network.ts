import {groupBy} from '../../../domain/group-by.ts';
import {MONTH_DAYS, monthOfYear} from './calendar-month.ts';
import {forecastBackground, usualSpreadAt, worthOfPriors} from './background-demand.ts';
import type {BackgroundItem, PriorKind} from './background-demand.ts';
import type {DemandBooks, PlannedPart} from './demand-books.ts';
import type {DemandPopulation} from './demand-population.ts';
import type {DemandSeries} from './demand-series.ts';
import {likePartPriors} from './like-parts.ts';
import {NO_SEASON, seasonFactors} from './season.ts';
import type {Season} from './season.ts';

/** What one night makes of one planned part. */
export interface NetworkForecast {
  readonly planned: PlannedPart;
  readonly perYear: number;
  readonly vmr: number;
  /** Null: every month is like the others. */
  readonly season: Season | null;
  readonly priorKind: PriorKind | 'superseded';
  readonly priorPerYear: number;
  readonly credibility: number;
  readonly historyMonths: number;
  readonly pieces: number;
  /** Share of the time on record, in demand, that stock-outs hid. */
  readonly hiddenShare: number;
}

/** With less on record the master data has said all there is to say. */
const MONTHS_MIN = 1;
/** A month of the year has to come twice before it can be told from a bad month. */
const SEASON_MONTHS_MIN = 24;
/** A year of twelve mean months. */
const MONTHS = 12;

/**
 * The forecasts of all planned parts that can be said more of than the master data does: those with a month on record, and new
 * ones whose kin and fleet are known (C10). A superseded part is forecast at 0, its demand is its heir's.
 */
export function forecastNetwork(
  books: DemandBooks,
  series: readonly DemandSeries[],
  population: DemandPopulation,
): NetworkForecast[] {
  const seasons = seasonsOf(series, population);
  const likePart = likePartPriors(series, books.installed);
  const items = series.map((one) => ({one, item: itemOf(one, seasons.get(one.planned.partId)!, likePart)}));
  const worth = worthOfPriors(
    items.filter(({one}) => one.heir === null).map(({item}) => item),
    population,
  );
  return items.flatMap(({one, item}): NetworkForecast[] => {
    const {planned, months, heir} = one;
    if (heir !== null) return [{...NOTHING, planned}];
    const historyMonths = sum(months.map(({onRecord}) => onRecord));
    if (historyMonths < MONTHS_MIN && item.prior?.kind !== 'like-parts') return [];
    const leadTimeMonths = planned.leadTimeDays / MONTH_DAYS;
    const forecast = forecastBackground(item, leadTimeMonths, population, worth);
    if (forecast === null) return [];
    const season = seasons.get(planned.partId)!;
    const visible = sum(months.map((month) => month.visible));
    const said = {
      planned,
      perYear: MONTHS * forecast.perMonth,
      vmr: forecast.vmr,
      season: season === NO_SEASON ? null : season,
      priorKind: forecast.priorKind,
      priorPerYear: MONTHS * (item.prior?.perMonth ?? worth.perMonth),
      credibility: forecast.credibility,
      historyMonths,
      pieces: sum(item.history),
      hiddenShare: historyMonths === 0 ? 0 : Math.max(0, 1 - visible / historyMonths),
    };
    return [said];
  });
}

const NOTHING = {
  perYear: 0,
  vmr: 1,
  season: null,
  priorKind: 'superseded',
  priorPerYear: 0,
  credibility: 1,
  historyMonths: 0,
  pieces: 0,
  hiddenShare: 0,
} as const;

function itemOf(
  {planned, months}: DemandSeries,
  season: Season,
  likePart: ReturnType<typeof likePartPriors>,
): BackgroundItem {
  const {partId, depotId, perYear} = planned;
  const seen = months.filter(({visible}) => visible > 0);
  const like = perYear > 0 ? null : likePart(partId, depotId);
  return {
    history: seen.map(({pieces}) => pieces),
    exposures: seen.map(({visible, month}) => visible * Math.max(SEASON_MIN, season[monthOfYear(month)]!)),
    prior:
      perYear > 0
        ? {kind: 'master-data', perMonth: perYear / MONTHS}
        : like === null
          ? null
          : {kind: 'like-parts', perMonth: like},
  };
}

/** A month in which nobody ever asked still shows a little: one piece then is no proof of any rate whatever. */
const SEASON_MIN = 0.05;

/** By part, over all its depots: what a month of the year asks for is a matter of the machines, not of the shelf. */
function seasonsOf(
  series: readonly DemandSeries[],
  population: DemandPopulation,
): ReadonlyMap<string, Season> {
  const parts = [...groupBy(series, ({planned}) => planned.partId)];
  const cells = parts.map(([, depots]) => {
    const seasonal = depots.filter(({months}) => months.length >= SEASON_MONTHS_MIN);
    const year = Array.from({length: MONTHS}, () => ({seen: 0, expected: 0, spread: 1}));
    for (const {months} of seasonal) {
      const visible = sum(months.map((month) => month.visible));
      const mean = visible === 0 ? 0 : sum(months.map(({pieces}) => pieces)) / visible;
      for (const month of months) {
        const cell = year[monthOfYear(month.month)]!;
        cell.seen += month.pieces;
        cell.expected += mean * month.visible;
        cell.spread = Math.max(cell.spread, usualSpreadAt(mean, population));
      }
    }
    return year;
  });
  const factors = seasonFactors(cells);
  return new Map(parts.map(([partId], i) => [partId, factors[i]!]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
