import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {bucketOf, gridAtOrBefore, touch} from '../../../predict/core/grid.ts';

const at = (hours: number): ReturnType<typeof epochMs> => epochMs(hours * HOUR_MS);

describe('the event-time grid', () => {
  it('a grid point closes the interval before it', () => {
    expect(bucketOf(at(10.25), HOUR_MS)).toBe(at(11));
    expect(bucketOf(at(10), HOUR_MS)).toBe(at(10));
    expect(gridAtOrBefore(at(10.25), HOUR_MS)).toBe(at(10));
  });

  it('the first reading after a grid point closes it', () => {
    const touched = touch({lastGrid: at(9), closesAt: at(10)}, [at(10.1)], HOUR_MS, 3 * HOUR_MS);
    expect(touched.points).toEqual([at(10)]);
    expect(touched.buckets).toEqual([at(10)]);
    expect(touched.progress).toEqual({lastGrid: at(10), closesAt: at(11)});
  });

  it('A2 a late reading re-opens exactly the points whose window holds it', () => {
    const touched = touch({lastGrid: at(20), closesAt: at(21)}, [at(14.2)], HOUR_MS, 3 * HOUR_MS);
    expect(touched.points).toEqual([at(15), at(16), at(17)]);
    expect(touched.buckets).toEqual([at(15)]);
    expect(touched.progress).toEqual({lastGrid: at(20), closesAt: at(21)});
  });

  it('a reading in the open interval touches no forecast', () => {
    expect(touch({lastGrid: at(9), closesAt: at(10)}, [at(9.6)], HOUR_MS, 3 * HOUR_MS).points).toEqual([]);
  });

  it('a grid made coarser starts at its own points: 10:15 of a quarter-hour grid is 10:00 of an hour grid', () => {
    const touched = touch(
      {lastGrid: at(10.25), closesAt: at(10.5)},
      [at(10.7), at(11.2)],
      HOUR_MS,
      3 * HOUR_MS,
    );
    expect(touched.progress).toEqual({lastGrid: at(11), closesAt: at(12)});
    expect(touched.buckets).toContain(at(11));
    expect(touched.points).toContain(at(11));
  });
});
