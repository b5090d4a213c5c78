import {describe, expect, it} from 'vitest';
import {FadingMean, PlainMean, Slope} from '../../../../predict/core/remaining-life/running-means.ts';

const one = [1];
const of = (value: number): Float64Array => Float64Array.of(value);

describe('means and slopes that are followed', () => {
  it('B1 fade: span 3, 2 then 5 say 4, and 5 of triple weight says 4.57', () => {
    const [even, uneven] = [new FadingMean(1, 3), new FadingMean(1, 3)];
    for (const mean of [even, uneven]) mean.add(of(2), one);
    even.add(of(5), one);
    uneven.add(of(5), [3]);
    expect(even.value[0]).toBeCloseTo(4, 9);
    expect(uneven.value[0]).toBeCloseTo((1 + 15) / 3.5, 9);
  });

  it('B1 weigh all alike where nothing fades, and say 0 before anything tells', () => {
    const mean = new PlainMean(2);
    expect([...mean.value]).toEqual([0, 0]);
    mean.add(Float64Array.of(6, 7), [2, 0]);
    mean.add(Float64Array.of(0, 9), [1, 0]);
    expect([...mean.value]).toEqual([4, 0]);
  });

  it('B1 a line of 50 cycles that rises by 1 has slope 0.51 after what it is drawn to 0', () => {
    const slope = new Slope(1);
    for (let t = 0; t < 50; t += 1) slope.add(t, of(t), one);
    expect(slope.value[0]).toBeCloseTo(10_412.5 / 20_412.5, 9);
  });

  it('B1 the slope is that of least squares, with weights, wherever time begins', () => {
    const heard = [[3, 1, 2], [5, 4, 1], [6, 0, 0], [11, 6, 5]] as const; // prettier-ignore
    const slopeFrom = (origin: number): number => {
      const slope = new Slope(1);
      for (const [time, value, weight] of heard) slope.add(origin + time, of(value), [weight]);
      return slope.value[0]!;
    };
    // Weight 8: mean time (6 + 5 + 55) / 8 = 8.25, mean 4.5; Σ w (t − t̄)² = 103.5, Σ w (t − t̄)(x − x̄) = 36.75 + 1.625 + 20.625 = 59
    expect(slopeFrom(0)).toBeCloseTo(59 / 10_103.5, 12);
    expect(slopeFrom(1e6)).toBeCloseTo(59 / 10_103.5, 10);
  });
});
