import {describe, expect, it} from 'vitest';
import {ageCurve, cumulateHazards, monotonePpm} from '../../../predict/core/survival-curve.ts';
import {
  constantRate,
  cumulativeHazard,
  failureWithin,
  fitWeibull,
  hazardPerHour,
} from '../../../predict/core/weibull.ts';

const law = {shape: 2, scaleH: 1000};
const hundreds = Array.from({length: 10}, (_, i) => ({endAgeH: (i + 1) * 100, failed: true}));

describe('life by age', () => {
  it('matches the worked numbers of its comments', () => {
    expect(cumulativeHazard(law, 500)).toBeCloseTo(0.25, 12);
    expect(hazardPerHour(law, 500)).toBeCloseTo(0.001, 12);
    expect(failureWithin(law, 500, 168)).toBeCloseTo(0.178172, 6);
    expect(failureWithin(constantRate(8760), 5000, 24)).toBeCloseTo(0.002736, 6);
    expect(ageCurve(law, 500)).toEqual({
      cumulativePpm: [24_276, 74_280, 178_172, 361_668, 674_887],
      tailHazardPpbPerH: 2_344_000,
    });
  });

  it('a constant rate forgets age', () => {
    expect(failureWithin(constantRate(1000), 0, 100)).toBeCloseTo(
      failureWithin(constantRate(1000), 7777, 100),
      12,
    );
  });

  it('a new component of shape below one has a finite curve', () => {
    const curve = ageCurve({shape: 0.7, scaleH: 900}, 0);
    expect(Number.isFinite(curve.tailHazardPpbPerH)).toBe(true);
  });
});

describe('fitting a Weibull law', () => {
  it('finds the maximum likelihood of ten evenly spread failures', () => {
    const fit = fitWeibull(hundreds)!;
    expect(fit.shape).toBeCloseTo(1.984035, 6);
    expect(fit.scaleH).toBeCloseTo(619.5357, 4);
  });

  it('expects as many failures as it saw', () => {
    const lives = [...hundreds, ...Array.from({length: 5}, () => ({endAgeH: 700, failed: false}))];
    const fit = fitWeibull(lives)!;
    expect(lives.reduce((sum, life) => sum + cumulativeHazard(fit, life.endAgeH), 0)).toBeCloseTo(10, 8);
  });

  it('a planned replacement lengthens the expected life, a dropped one would not', () => {
    const censored = fitWeibull([...hundreds, ...hundreds.map((life) => ({...life, failed: false}))])!;
    expect(censored.scaleH).toBeGreaterThan(fitWeibull(hundreds)!.scaleH * 1.2);
  });

  it('counts only the hours watched of a component that joined mid-life', () => {
    const lives = hundreds.map((life) => ({...life, entryAgeH: life.endAgeH - 50}));
    const fit = fitWeibull(lives)!;
    const expected = lives.reduce(
      (s, l) => s + cumulativeHazard(fit, l.endAgeH) - cumulativeHazard(fit, l.entryAgeH),
      0,
    );
    expect(expected).toBeCloseTo(10, 6);
  });

  it('waits for ten failures', () => {
    expect(fitWeibull(hundreds.slice(1))).toBeNull();
  });
});

describe('survival curves', () => {
  it('cumulates interval hazards', () => {
    const [first, second] = cumulateHazards([0.1, 0.2]);
    expect([first, second]).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.28, 12)]);
  });

  it('never falls with the horizon', () => {
    expect(monotonePpm([0.01, 0.008, 0.2])).toEqual([10_000, 10_000, 200_000]);
    expect(monotonePpm([-0.1, 1.2])).toEqual([0, 1_000_000]);
  });
});
