import {groupBy} from '../../../domain/group-by.ts';
import {DAY_MS} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {supersessionChain} from '../../../network/core/supersession.ts';
import {visibleExposures} from '../demand/censored-demand.ts';
import type {MixedDemand} from '../demand/censored-demand.ts';
import {MONTH_DAYS, monthStart, nextMonth} from './calendar-month.ts';
import type {AskedMonth, DemandBooks, PlannedPart, StockOut} from './demand-books.ts';

/** The demand of one planned part, month by month, oldest first. */
export interface DemandSeries {
  readonly planned: PlannedPart;
  /** The part at the end of the chain that supersedes it here; null while it is asked for itself. */
  readonly heir: string | null;
  readonly months: readonly SeriesMonth[];
}

export interface SeriesMonth {
  readonly month: EpochMs;
  readonly pieces: number;
  /** In mean months: how long it was on record, and how much of that could be seen. */
  readonly onRecord: number;
  readonly visible: number;
  /** Whether the month is over and was on record from its first day. */
  readonly whole: boolean;
}

/** A part of a month that is shorter says next to nothing, and its few days would weigh as if they said much of the spread. */
const DAYS_MIN = 7;

/**
 * Demand histories of all planned parts. What a superseded part was asked for is its heir's, at the chain's ratio, from the first day:
 * who needed the old part will need the new one. Without a shelf of the heir at that depot the demand stays where it is.
 *
 * Example: A → B → C (2:1), 3 pieces of A asked for in May → 6 of C, none of A and B.
 */
export function demandSeries(books: DemandBooks): DemandSeries[] {
  const byPair = new Map(books.planned.map((planned) => [key(planned), planned]));
  const heirs = new Map(books.planned.map((planned) => [key(planned), heirOf(planned, books, byPair)]));
  const asked = groupBy(books.asked, key);
  const stockOuts = groupBy(books.stockOuts, key);
  const families = groupBy(
    books.planned.map((planned) => ({planned, ...heirs.get(key(planned))!})),
    ({planned, partId}) => key({partId, depotId: planned.depotId}),
  );
  return books.planned.map((planned) => {
    const {partId} = heirs.get(key(planned))!;
    if (partId !== planned.partId) return {planned, heir: partId, months: []};
    const family = families.get(key(planned)) ?? [];
    const members = family.map((one) => ({
      ratio: one.ratio,
      asked: new Map((asked.get(key(one.planned)) ?? []).map((month) => [month.month, month])),
      stockOuts: stockOuts.get(key(one.planned)) ?? [],
    }));
    const firstSigns = family.map((one) => books.partSince.get(one.planned.partId) ?? Infinity);
    const since = Math.max(
      books.from,
      books.depotSince.get(planned.depotId) ?? Infinity,
      Math.min(...firstSigns),
    );
    return {planned, heir: null, months: monthsOf(members, since, books.asOf)};
  });
}

type Pair = Pick<PlannedPart, 'partId' | 'depotId'>;

function key({partId, depotId}: Pair): string {
  return JSON.stringify([partId, depotId]);
}

/** The last of its chain that is planned at the depot; with two successors the first of them by id. */
function heirOf(
  {partId, depotId}: Pair,
  {relations, asOf}: DemandBooks,
  byPair: ReadonlyMap<string, PlannedPart>,
): {readonly partId: string; readonly ratio: number} {
  const chain = supersessionChain(partId, relations, asOf);
  const last = chain.filter((link) => supersessionChain(link.partId, relations, asOf).length === 1);
  return last.find((link) => byPair.has(key({partId: link.partId, depotId}))) ?? {partId, ratio: 1};
}

interface Member {
  readonly ratio: number;
  readonly asked: ReadonlyMap<EpochMs, AskedMonth>;
  readonly stockOuts: readonly StockOut[];
}

function monthsOf(members: readonly Member[], since: number, asOf: EpochMs): SeriesMonth[] {
  const found: {month: EpochMs; whole: boolean; mixed: MixedDemand}[] = [];
  if (!(since < asOf)) return []; // also where nothing is on record: since Infinity
  const shelves = members.filter(handsOut).map(({stockOuts}) => stockOuts);
  for (let at = since; at < asOf; at = nextMonth(at)) {
    const until = nextMonth(at);
    const days = (Math.min(until, asOf) - at) / DAY_MS;
    if (days < DAYS_MIN) continue;
    const month = monthStart(at);
    const sum = (of: 'recorded' | 'handedOut'): number =>
      members.reduce((all, {asked, ratio}) => all + ratio * (asked.get(month)?.[of] ?? 0), 0);
    // A piece of any member serves who asks for the family.
    const inStockShare = shelves.reduce(
      (most, stockOuts) => Math.max(most, 1 - shareWithin(stockOuts, at, Math.min(until, asOf))),
      shelves.length === 0 ? 1 : 0,
    );
    const mixed = {
      recorded: sum('recorded'),
      handedOut: sum('handedOut'),
      exposure: days / MONTH_DAYS,
      inStockShare,
    };
    found.push({month, whole: at === month && until <= asOf, mixed});
  }
  const visible = visibleExposures(found.map(({mixed}) => mixed));
  return found.map(({month, whole, mixed}, i) => ({
    month,
    whole,
    pieces: mixed.recorded + mixed.handedOut,
    onRecord: mixed.exposure,
    visible: visible[i]!,
  }));
}

function handsOut({asked}: Member): boolean {
  return [...asked.values()].some(({handedOut}) => handedOut > 0);
}

function shareWithin(stockOuts: readonly StockOut[], from: number, until: number): number {
  let ms = 0;
  for (const out of stockOuts) ms += Math.max(0, Math.min(out.until, until) - Math.max(out.from, from));
  return ms / (until - from);
}
