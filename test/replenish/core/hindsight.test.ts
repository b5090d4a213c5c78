import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {Situation} from '../../../replenish/core/decision/situation.ts';
import {failureAhead} from '../../../replenish/core/probability/hazard.ts';
import {inHindsight} from '../../../replenish/core/what-if/hindsight.ts';
import {duel} from '../../../replenish/core/what-if/model-duel.ts';
import {NOW, component, depot, lane, situation, source} from './situations.ts';

/** D-1 has a machine and nothing on the shelf, its supplier takes ten days; D-2 has three pieces, half a day away. */
const world = (weekPpm: number): Situation =>
  situation(
    [
      depot('D-1', {components: [component('C1', weekPpm)], sources: [source('supplier', 'SUP')]}),
      depot('D-2', {onHand: 3, sources: [source('supplier', 'SUP')]}),
    ],
    [lane('D-2', 'D-1')],
  );
const after = (hours: number | undefined) => () =>
  hours === undefined ? undefined : epochMs(NOW + hours * HOUR_MS);

describe('a situation in hindsight', () => {
  it('B4 a component fails in the hour in which it did, and one that did not fails never', () => {
    const ahead = (hours: number | undefined) =>
      failureAhead(inHindsight(world(1000), after(hours)).depots[0]!.components[0]!);
    expect(ahead(30.5)(30)).toBe(0);
    expect(ahead(30.5)(31)).toBeCloseTo(1, 5);
    expect(ahead(0.5)(1)).toBeCloseTo(1, 5);
    expect(ahead(700)(672)).toBe(0);
    expect(ahead(undefined)(2000)).toBe(0);
  });

  it('B4 acts of two models cost what came: the one that moved a piece was right where the machine failed, and wrong where it did not', () => {
    const [calm, alarmed] = [world(100), world(900_000)];
    const failed = duel(calm, alarmed, inHindsight(calm, after(100)));
    expect([failed.before.option.action, failed.after.option.action]).toEqual(['nothing', 'transfer']);
    expect(failed.costs!.afterMinor).toBeLessThan(failed.costs!.beforeMinor);
    const whole = duel(calm, alarmed, inHindsight(calm, after(undefined)));
    expect(whole.costs!.beforeMinor).toBe(0);
    expect(whole.costs!.afterMinor).toBeGreaterThan(0);
    expect(duel(calm, alarmed, null).costs).toBeNull();
    expect(duel(calm, calm, inHindsight(calm, after(100)))).toMatchObject({same: true, costs: null});
  });
});
