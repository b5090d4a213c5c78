import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import {Overlay} from '../../../replenish/core/what-if/what-if-overlay.ts';
import {NOTHING_STORED, rulesOf} from '../../../replenish/core/what-if/what-if-rules.ts';
import {whatIf} from '../../../replenish/core/what-if/what-if.ts';
import {component, depot, lane, situation, source} from './situations.ts';

const SEED = 7;
const scale = fc.double({min: 0.1, max: 10, noNaN: true});

const shelf = (depotId: string) =>
  fc.record({onHand: fc.nat(4), ppm: fc.array(fc.nat(800_000), {maxLength: 4})}).map(({onHand, ppm}) =>
    depot(depotId, {
      onHand,
      components: ppm.map((weekPpm, i) => component(`${depotId}-${i}`, weekPpm)),
      sources: [source('supplier', 'SUP', {expediteMeanH: 24, expediteFeeMinor: 20_000})],
    }),
  );
const recorded = fc
  .tuple(shelf('D-1'), shelf('D-2'))
  .map(([one, two]) => situation([one, two], [lane('D-2', 'D-1'), lane('D-1', 'D-2', {mode: 'air'})]));
const overlay = fc
  .record({
    stock: fc.array(fc.record({addOnHand: fc.integer({min: -5, max: 5})}), {maxLength: 2}),
    leadTimes: fc.record({sources: fc.array(fc.record({scale})), lanes: fc.array(fc.record({scale}))}),
    costs: fc.record({
      parts: fc.array(fc.record({scale}), {maxLength: 1}),
      sources: fc.array(fc.record({priceScale: scale, freightScale: scale}), {maxLength: 2}),
      lanes: fc.array(fc.record({freightScale: scale}), {maxLength: 2}),
      shortage: fc.array(fc.record({depotId: fc.constantFrom('D-1', 'D-2'), scale}), {maxLength: 2}),
    }),
    model: fc.array(fc.record({method: fc.constant('hazard-scale'), factor: scale}), {maxLength: 1}),
  })
  .map((json) => Overlay.parse(json));

describe('what-if laws', () => {
  it('M2 an empty overlay changes no decision', () => {
    fc.assert(
      fc.property(recorded, (one) => {
        const {same, before, after} = whatIf(one, rulesOf(Overlay.parse({}), NOTHING_STORED));
        expect(same).toBe(true);
        expect(after).toEqual(before);
      }),
      {seed: SEED, numRuns: 40},
    );
  });

  it('what an overlay makes of a situation is a situation, and the recorded one stays as it was', () => {
    fc.assert(
      fc.property(recorded, overlay, (one, laid) => {
        const before = structuredClone(one);
        const next = rulesOf(laid, NOTHING_STORED).reduce((s, rule) => rule.apply(s), one);
        expect(Situation.parse(next)).toEqual(next);
        expect(one).toEqual(before);
      }),
      {seed: SEED, numRuns: 200},
    );
  });

  it('by the figures of the overlay its own act is open and has a price', () => {
    fc.assert(
      fc.property(recorded, overlay, (one, laid) => {
        const {same, after, costs} = whatIf(one, rulesOf(laid, NOTHING_STORED));
        if (same) return;
        expect(costs?.afterMinor).toBeTypeOf('number');
        if (after.option.action === 'nothing') return;
        expect(after.option.excluded).toBeNull();
      }),
      {seed: SEED, numRuns: 60},
    );
  });
});
