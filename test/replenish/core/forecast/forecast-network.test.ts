import {describe, expect, it} from 'vitest';
import {epochMs} from '../../../../domain/time.ts';
import type {PartRelation} from '../../../../network/core/supersession.ts';
import type {DemandBooks} from '../../../../replenish/core/forecast/demand-books.ts';
import {demandSeries} from '../../../../replenish/core/forecast/demand-series.ts';
import {forecastNetwork} from '../../../../replenish/core/forecast/forecast-network.ts';
import type {NetworkForecast} from '../../../../replenish/core/forecast/forecast-network.ts';
import {unlearntPopulation} from '../../../../replenish/core/forecast/learn-population.ts';
import {books, month, planned, shelfRecord} from './demand-worlds.ts';

function forecastOf(world: DemandBooks): NetworkForecast[] {
  const series = demandSeries(world);
  const histories = series
    .map(({months}) => months.map(({pieces}) => pieces))
    .filter((history) => history.length >= 2);
  return forecastNetwork(world, series, unlearntPopulation(histories));
}

const asked = (partId: string, at: number, recorded: number) => ({
  partId,
  depotId: 'D-1',
  month: epochMs(at),
  recorded,
  handedOut: 0,
});

const becomes = (fromPart: string, toPart: string, ratio = 1): PartRelation => ({
  fromPart,
  toPart,
  kind: 'supersession',
  validFrom: month(2025, 1),
  validTo: month(2099, 1),
  ratio,
  direction: 'one-way',
  approval: 'approved',
});

describe('the demand of a network', () => {
  const TRUE_PER_MONTH = 8;
  const PARTS = Array.from({length: 20}, (_, i) => `P-${i + 1}`);
  const from = month(2023, 1);
  const shelves = PARTS.map((partId) =>
    shelfRecord(partId, {seed: 20_261_122, perMonth: TRUE_PER_MONTH, level: 5, from}),
  );
  const perMonth = (forecasts: readonly NetworkForecast[]): number =>
    forecasts.reduce((sum, {perYear}) => sum + perYear / 12, 0) / forecasts.length;
  const parts = PARTS.map((partId) => planned(partId));

  it('C2 where stock-outs lose demand the rate is within 5 % of the true one, and usage alone is more than 20 % too low', () => {
    const handedOut = shelves.flatMap((shelf) => shelf.handedOut);
    const stockOuts = shelves.flatMap((shelf) => shelf.stockOuts);
    const usage =
      handedOut.reduce((sum, row) => sum + row.handedOut, 0) / (36 * PARTS.length * TRUE_PER_MONTH);
    expect(usage).toBeLessThan(0.8);
    const forecasts = forecastOf(books(parts, handedOut, {from, stockOuts}));
    expect(forecasts).toHaveLength(PARTS.length);
    expect(Math.abs(perMonth(forecasts) / TRUE_PER_MONTH - 1)).toBeLessThan(0.05);
    expect(forecasts[0]!.hiddenShare).toBeGreaterThan(0.2);
  });

  it('C2 where needs wait on record a stock-out hides nothing, and correcting for it would count them twice', () => {
    const recorded = shelves.flatMap((shelf) => shelf.recorded);
    const stockOuts = shelves.flatMap((shelf) => shelf.stockOuts);
    const forecasts = forecastOf(books(parts, recorded, {from, stockOuts}));
    expect(Math.abs(perMonth(forecasts) / TRUE_PER_MONTH - 1)).toBeLessThan(0.05);
    expect(forecasts.map(({hiddenShare}) => hiddenShare)).toEqual(PARTS.map(() => 0));
  });

  it('C1 a short history stays near the typed rate, a long one leaves it', () => {
    const typed = planned('P', {perYear: 12});
    const short = forecastOf(books([typed], [asked('P', month(2025, 12), 3)], {from: month(2025, 11)}))[0]!;
    const rows = Array.from({length: 24}, (_, i) => asked('P', Date.UTC(2024, i, 1), 3));
    const long = forecastOf(books([typed], rows))[0]!;
    expect(short.priorKind).toBe('master-data');
    expect(short.credibility).toBeLessThan(0.5);
    expect(short.perYear).toBeGreaterThan(12);
    expect(short.perYear).toBeLessThan(20);
    expect(long.credibility).toBeGreaterThan(0.8);
    expect(long.perYear).toBeGreaterThan(32);
  });

  it('C1 before a month is on record the master data has the word', () => {
    expect(
      forecastOf(books([planned('P', {perYear: 12})], [], {from: epochMs(month(2026, 1) - 20 * 86_400_000)})),
    ).toEqual([]);
    expect(forecastOf(books([planned('P')], []))).toEqual([]);
  });

  it('G4 a chain of three hands its demand on, two new pieces for one old', () => {
    const chain = ['A', 'B', 'C'].map((partId) => planned(partId));
    const rows = [
      ...Array.from({length: 12}, (_, i) => asked('A', Date.UTC(2024, i, 1), 2)),
      ...Array.from({length: 12}, (_, i) => asked('B', Date.UTC(2025, i, 1), 2)),
    ];
    const forecasts = forecastOf(books(chain, rows, {relations: [becomes('A', 'B'), becomes('B', 'C', 2)]}));
    expect(forecasts.map(({planned: {partId}, priorKind}) => [partId, priorKind])).toEqual([
      ['A', 'superseded'],
      ['B', 'superseded'],
      ['C', 'population'],
    ]);
    const [a, b, c] = forecasts;
    expect([a!.perYear, b!.perYear]).toEqual([0, 0]);
    expect(c!.pieces).toBe(96);
    expect(c!.perYear).toBeCloseTo(48, 0);
  });

  it('G4 a successor that is not kept at a depot inherits nothing there', () => {
    const rows = [asked('A', month(2025, 6), 12)];
    const [kept] = forecastOf(
      books([planned('A'), planned('B', {depotId: 'D-2'})], rows, {relations: [becomes('A', 'B')]}),
    );
    expect(kept).toMatchObject({planned: {partId: 'A'}, pieces: 12});
  });

  it('C10 a new part starts from what its kin are asked for, times the pieces installed', () => {
    const rows = Array.from({length: 24}, (_, i) => asked('OLD', Date.UTC(2024, i, 1), 2));
    const installed = (partId: string, pieces: number) => ({
      partId,
      depotId: 'D-1',
      classId: 'pump',
      pieces,
    });
    const world = books([planned('NEW'), planned('OLD')], rows, {
      installed: [installed('OLD', 10), installed('NEW', 5)],
    });
    const fresh = {...world, partSince: new Map([['OLD', world.from]])};
    const [made] = forecastOf(fresh);
    expect(made).toMatchObject({planned: {partId: 'NEW'}, priorKind: 'like-parts', credibility: 0});
    // 48 pieces of 10 in 24.02 mean months, for 5: half of it.
    expect(made!.perYear).toBeCloseTo(12, 1);
  });

  it('C10 a season that all years show is found, and chance is none', () => {
    const summer = (i: number): number => (i % 12 >= 5 && i % 12 <= 7 ? 12 : 4);
    const rows = Array.from({length: 36}, (_, i) => asked('AC', Date.UTC(2023, i, 1), summer(i)));
    const [seasonal] = forecastOf(books([planned('AC', {perYear: 72})], rows, {from}));
    expect(seasonal!.season).not.toBeNull();
    expect(seasonal!.season![6]).toBeGreaterThan(1.6);
    expect(seasonal!.season![0]).toBeLessThan(0.8);
    expect(seasonal!.season!.reduce((sum, factor) => sum + factor, 0)).toBeCloseTo(12, 9);
    const recorded = shelves.flatMap((shelf) => shelf.recorded);
    expect(forecastOf(books(parts, recorded, {from})).map(({season}) => season)).toEqual(
      PARTS.map(() => null),
    );
  });
});
