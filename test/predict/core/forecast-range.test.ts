import {describe, expect, it} from 'vitest';
import {forecastRange} from '../../../predict/core/forecast-range.ts';

describe('the range of a forecast', () => {
  it('B1 is worked by hand: 10 % from parts that say 8 to 12 % reaches from 5.3 to 18.0 %', () => {
    const parts = [0.08, 0.09, 0.1, 0.11, 0.12].map((p) => [p]);
    expect(forecastRange([0.1], parts)).toEqual({lowPpm: [53_392], highPpm: [179_574]});
  });

  it('B1 of parts that agree is the forecast itself, and one part alone has none', () => {
    const curve = [0.1, 0.2];
    expect(forecastRange(curve, [curve, curve, curve])).toEqual({
      lowPpm: [100_000, 200_000],
      highPpm: [100_000, 200_000],
    });
    expect(forecastRange(curve, [curve])).toBeUndefined();
    expect(forecastRange(curve, [])).toBeUndefined();
  });

  it('B1 does not fall with the horizon, though parts agree on the later one alone', () => {
    const {lowPpm, highPpm} = forecastRange(
      [0.2, 0.21],
      [
        [0.1, 0.21],
        [0.35, 0.21],
      ],
    )!;
    expect(lowPpm[1]).toBe(210_000);
    expect(highPpm[0]).toBeGreaterThan(210_000);
    expect(highPpm[1]).toBe(highPpm[0]);
  });

  it('B1 covers the forecast taught by other machines nine times in ten, where parts err as the machines that taught them', () => {
    // Five machines' worth of knowledge: each is the truth and an error; a part is the mean of four of them, the whole of five.
    let seed = 7;
    const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const probability = (z: number) => 1 / (1 + Math.exp(-z));
    let covered = 0;
    const draws = 4000;
    for (let draw = 0; draw < draws; draw += 1) {
      const groups = Array.from({length: 5}, () => -1 + 0.4 * normal());
      const all = groups.reduce((sum, z) => sum + z, 0);
      const {lowPpm, highPpm} = forecastRange(
        [probability(all / 5)],
        groups.map((z) => [probability((all - z) / 4)]),
      )!;
      if (lowPpm[0]! <= probability(-1) * 1e6 && probability(-1) * 1e6 <= highPpm[0]!) covered += 1;
    }
    expect(covered / draws).toBeGreaterThan(0.885);
    expect(covered / draws).toBeLessThan(0.915);
  });
});
