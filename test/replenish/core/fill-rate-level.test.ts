import {describe, expect, it} from 'vitest';
import {
  fillRateAt,
  fillRateLevels,
  sharedFillRateLevels,
  shortageCurve,
  type ShortageCurve,
} from '../../../replenish/core/stock/fill-rate-level.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';

const fillRateLevel = (curve: ShortageCurve, target: number, minimum?: number) =>
  fillRateLevels(curve, [target], minimum)[0];

const inPieces = (...p: number[]) => ({lot: 1, pmf: {p: Float64Array.from(p), tail: 0}});

describe('the level that fills a share of the demand', () => {
  const curve = shortageCurve(null, inPieces(0.5, 0.25, 0.25));

  it('D1 rests on the shortage at each level: 0.75, 0.25, 0 pieces of P = (0.5, 0.25, 0.25)', () => {
    expect([...curve.short.slice(0, 3)]).toEqual([0.75, 0.25, 0]);
    expect(fillRateAt(curve, 1)).toBeCloseTo(2 / 3, 12);
    expect(fillRateLevel(curve, 0.6)).toBe(1);
    expect(fillRateLevel(curve, 0.7)).toBe(2);
  });

  it('answers several targets in one pass', () => {
    expect(fillRateLevels(curve, [0.3, 0.6, 0.7, 0.99])).toEqual([1, 1, 2, 2]);
  });

  it('counts a least order quantity: with 2 pieces an order, positions 1 and 2 fill 0.83 together', () => {
    expect(fillRateLevel(curve, 0.82, 2)).toBe(1);
    expect(fillRateLevel(curve, 0.9, 2)).toBe(2);
  });

  it('counts each backorder in the period it arises: a lead time of 1 at 2 a period needs 5 for 0.9, its end alone 6', () => {
    const [lead, both] = [
      {lot: 1, pmf: poissonPmf(2)},
      {lot: 1, pmf: poissonPmf(4)},
    ];
    const level = fillRateLevel(shortageCurve(lead, both), 0.9);
    const atEnd = fillRateLevel(shortageCurve(null, both), 0.95); // (1 − 0.9) · 2 pieces are (1 − 0.95) · 4
    expect([level, atEnd]).toEqual([6, 6]);
    expect(fillRateAt(shortageCurve(lead, both), 6)).toBeGreaterThan(0.9);
    expect(fillRateAt(shortageCurve(lead, both), 5)).toBeLessThan(0.9);
  });

  it('reads demand over the lead time that is counted in other lots', () => {
    const coarse = {lot: 2, pmf: {p: Float64Array.of(0.5, 0.5), tail: 0}}; // 0 or 2 pieces
    const fine = {lot: 1, pmf: {p: Float64Array.of(0.5, 0, 0.5), tail: 0}};
    const end = inPieces(0.25, 0.25, 0.25, 0, 0.25);
    expect(shortageCurve(coarse, end)).toEqual(shortageCurve(fine, end));
  });

  it('is nothing for a part that is never asked for', () => {
    const silent = shortageCurve(null, inPieces(1));
    expect(fillRateLevel(silent, 0.95)).toBe(0);
    expect(fillRateAt(silent, 0)).toBe(1);
  });
});

describe('levels that share a fill rate', () => {
  const coin = shortageCurve(null, inPieces(0.5, 0.5));

  it('D1 hold the cheap item first: holding 1 and 10, half the demand filled by (1, 0), 0.9 by (1, 1)', () => {
    const items = [1, 10].map((unitCost) => ({curve: coin, unitCost, weight: 1}));
    expect(sharedFillRateLevels(items, [0.5, 0.9])).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it('weigh an item that counts three times before one that counts once', () => {
    const items = [1, 3].map((weight) => ({curve: coin, unitCost: 1, weight}));
    expect(sharedFillRateLevels(items, [0.75])).toEqual([[0, 1]]);
  });

  it('see a good second piece behind a poor first one: demand of 0 or 2 pieces is filled by halves at one price', () => {
    const pairs = shortageCurve(null, inPieces(0.5, 0, 0.5));
    const lone = shortageCurve(null, inPieces(0.6, 0.4));
    const items = [pairs, lone].map((curve) => ({curve, unitCost: 1, weight: 1}));
    expect(sharedFillRateLevels(items, [0.5, 0.8])).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  it('take a free item whole, and leave one that is never asked for', () => {
    const silent = shortageCurve(null, inPieces(1));
    const items = [
      {curve: coin, unitCost: 0, weight: 1},
      {curve: silent, unitCost: 1, weight: 1},
    ];
    expect(sharedFillRateLevels(items, [0.99])).toEqual([[1, 0]]);
  });
});
