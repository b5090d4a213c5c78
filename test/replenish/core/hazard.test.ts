import {describe, expect, it} from 'vitest';
import {convertHorizon, failureAhead} from '../../../replenish/core/probability/hazard.ts';

const curve = {
  horizonsH: [24, 72, 168, 336, 672],
  cumulativePpm: [100_000, 200_000, 200_000, 500_000, 600_000],
  tailHazardPpbPerH: 1_000_000,
};

describe('a failure curve', () => {
  it('B2 gives its own figure at each of its horizons', () => {
    curve.horizonsH.forEach((h, i) => {
      expect(failureAhead(curve)(h)).toBeCloseTo(curve.cumulativePpm[i]! / 1e6, 14);
    });
  });

  it('spreads the hazard evenly between horizons', () => {
    expect(failureAhead(curve)(12)).toBeCloseTo(1 - Math.sqrt(0.9), 14);
    expect(failureAhead(curve)(120)).toBeCloseTo(0.2, 14); // no hazard between 72 h and 168 h
  });

  it('goes on with the tail hazard beyond its last horizon', () => {
    expect(failureAhead(curve)(672 + 500)).toBeCloseTo(1 - 0.4 * Math.exp(-0.5), 14);
  });

  it('asked at an age, counts only what can still happen', () => {
    expect(failureAhead(curve, 72)(96)).toBe(0);
    expect(failureAhead(curve, 24)(48)).toBeCloseTo(1 - 0.8 / 0.9, 14);
    expect(failureAhead(curve, 1000)(100)).toBeCloseTo(1 - Math.exp(-0.1), 14);
  });

  it('multiplies survival over adjoining periods', () => {
    const whole = 1 - failureAhead(curve)(500);
    const parts = (1 - failureAhead(curve)(130)) * (1 - failureAhead(curve, 130)(370));
    expect(parts).toBeCloseTo(whole, 14);
  });

  it('that is certain stays a number: certain at the horizon, and later too', () => {
    const certain = {horizonsH: [24, 72], cumulativePpm: [1_000_000, 1_000_000], tailHazardPpbPerH: 0};
    expect(failureAhead(certain)(24)).toBeCloseTo(1, 6);
    expect(failureAhead(certain)(72)).toBeCloseTo(1, 6);
    expect(failureAhead(certain, 72)(24)).toBe(0);
  });

  it('with a horizon too few is refused', () => {
    expect(() => failureAhead({...curve, horizonsH: [24]})(12)).toThrow('one probability a horizon');
  });
});

describe('a single probability', () => {
  it('of 0.2 within 30 days is 0.0717 within 10, taking the hazard as constant', () => {
    expect(convertHorizon(0.2, 30, 10)).toBeCloseTo(0.07168223327744416, 15);
  });

  it('of 0 or 1 stays so, and nothing fails in no time', () => {
    expect(convertHorizon(0, 30, 10)).toBeCloseTo(0, 15);
    expect(convertHorizon(1, 30, 10)).toBe(1);
    expect(convertHorizon(1, 30, 0)).toBe(0);
  });
});
