import {describe, expect, it} from 'vitest';
import {projectedStock} from '../../../replenish/core/demand/projected-stock.ts';

const DAY = 24;
/** Poisson demand of one piece a day. */
const source = {risks: [], backgroundPerYear: 365.25, backgroundVmr: 1};
const shelf = {source, onHand: 5, needs: [], supplies: []};

describe('the stock of the coming days', () => {
  it('is the shelf less a Poisson demand where nothing comes', () => {
    const [now, later] = projectedStock(shelf, [0, 3 * DAY]);
    expect(now).toMatchObject({quantiles: [5, 5, 5, 5, 5], mean: 5, emptyProbability: 0, expectedShort: 0});
    expect(later!.mean).toBeCloseTo(2, 9);
    // P(D ≥ 5) of a mean of 3, from tables of the Poisson law; P(D ≤ 0) = 0.0498, P(D ≤ 1) = 0.1991, P(D ≤ 4) = 0.8153, P(D ≤ 6) = 0.9665.
    expect(later!.emptyProbability).toBeCloseTo(0.1847, 4);
    expect(later!.quantiles).toEqual([-1, 1, 2, 3, 4]);
    // EBO(5) of a mean of 3 = Σ P(D > s) over s ≥ 5 = 0.0839 + 0.0335 + 0.0119 + 0.0038 + 0.0011 + …
    expect(later!.expectedShort).toBeCloseTo(0.1346, 3);
  });

  it('rises by what comes, with the probability that it is here', () => {
    const supplies = [{quantity: 4, times: [{hours: 10, weight: 0.5}, {hours: 30, weight: 0.5}]}]; // prettier-ignore
    const quiet = {...shelf, source: {...source, backgroundPerYear: 0}, supplies};
    const [before, between, after] = projectedStock(quiet, [0, DAY, 2 * DAY]);
    expect(before!.mean).toBe(5);
    expect(between).toMatchObject({mean: 7, quantiles: [5, 5, 5, 9, 9]});
    expect(after).toMatchObject({mean: 9, quantiles: [9, 9, 9, 9, 9]});
  });

  it('takes a need by date off on its date, and owes what is not there', () => {
    const need = (inH: number | undefined, quantity: number) => ({
      ...{demandId: 'd', quantity, neededAt: 0, equipmentId: null, shortageMinorPerH: 0},
      ...(inH === undefined ? {} : {inH}),
    });
    const quiet = {
      ...shelf,
      source: {...source, backgroundPerYear: 0},
      needs: [need(undefined, 4), need(36, 3)],
    };
    expect(projectedStock(quiet, [0, DAY, 2 * DAY])).toMatchObject([
      {mean: 1, emptyProbability: 0},
      {mean: 1},
      {mean: -2, emptyProbability: 1, expectedShort: 2},
    ]);
  });
});
