import {DAY_MS, epochMs} from '../../../../domain/time.ts';
import type {EpochMs} from '../../../../domain/time.ts';
import {MONTH_DAYS, monthStart} from '../../../../replenish/core/forecast/calendar-month.ts';
import type {
  AskedMonth,
  DemandBooks,
  PlannedPart,
  StockOut,
} from '../../../../replenish/core/forecast/demand-books.ts';
import {streamOf} from '../../../../simulator/random.ts';

export const AS_OF = epochMs(Date.UTC(2026, 0, 1));
export const month = (year: number, number: number): EpochMs => epochMs(Date.UTC(year, number - 1, 1));

export function planned(partId: string, more: Partial<PlannedPart> = {}): PlannedPart {
  return {
    partId,
    depotId: 'D-1',
    partyId: 'OWN',
    groupId: `G-${partId}`,
    perYear: 0,
    leadTimeDays: 30,
    ...more,
  };
}

/** Books on record since `from`. */
export function books(
  parts: readonly PlannedPart[],
  asked: readonly AskedMonth[],
  {from = month(2024, 1), ...more}: Partial<DemandBooks> = {},
): DemandBooks {
  return {
    asOf: AS_OF,
    from,
    planned: parts,
    asked,
    stockOuts: [],
    depotSince: new Map(parts.map(({depotId}) => [depotId, from])),
    partSince: new Map(parts.map(({partId}) => [partId, from])),
    relations: [],
    installed: [],
    ...more,
  };
}

/** One part that customers ask for at a true rate, from a shelf that is filled up to `level` on the first of each month. */
export interface ShelfRecord {
  readonly asked: number;
  /** By month, as the two kinds of source tell it. */
  readonly recorded: readonly AskedMonth[];
  readonly handedOut: readonly AskedMonth[];
  readonly stockOuts: readonly StockOut[];
}

export function shelfRecord(
  partId: string,
  {seed, perMonth, level, from}: {seed: number; perMonth: number; level: number; from: EpochMs},
): ShelfRecord {
  const random = streamOf(seed, 'shelf', partId);
  const asked = new Map<EpochMs, number>();
  const given = new Map<EpochMs, number>();
  const stockOuts: StockOut[] = [];
  let count = 0;
  let stock = level;
  let filled = from;
  let emptySince: number | null = null;
  for (let at = from + random.exponential((MONTH_DAYS * DAY_MS) / perMonth); at < AS_OF;) {
    const now = monthStart(at);
    if (now !== filled) {
      if (emptySince !== null)
        stockOuts.push({partId, depotId: 'D-1', from: epochMs(emptySince), until: now});
      emptySince = null;
      stock = level;
      filled = now;
    }
    count += 1;
    asked.set(now, (asked.get(now) ?? 0) + 1);
    if (stock > 0) {
      stock -= 1;
      given.set(now, (given.get(now) ?? 0) + 1);
      if (stock === 0) emptySince = at;
    }
    at += random.exponential((MONTH_DAYS * DAY_MS) / perMonth);
  }
  if (emptySince !== null) stockOuts.push({partId, depotId: 'D-1', from: epochMs(emptySince), until: AS_OF});
  const rows = (of: ReadonlyMap<EpochMs, number>, kind: 'recorded' | 'handedOut'): AskedMonth[] =>
    [...of].map(([at, pieces]) => ({
      partId,
      depotId: 'D-1',
      month: at,
      recorded: 0,
      handedOut: 0,
      [kind]: pieces,
    }));
  return {asked: count, recorded: rows(asked, 'recorded'), handedOut: rows(given, 'handedOut'), stockOuts};
}
