import fc from 'fast-check';
import {expect, it} from 'vitest';
import {BACKORDER_CAUSES, rootCauses} from '../../../replenish/core/backorder/root-cause.ts';
import type {Evidence} from '../../../replenish/core/backorder/root-cause.ts';

const evidence: fc.Arbitrary<Evidence> = fc.record({
  cause: fc.constantFrom(...BACKORDER_CAUSES),
  pieces: fc.double({min: 0, max: 50, noNaN: true}),
  kind: fc.constant('order' as const),
  ref: fc.uuid(),
  detail: fc.constant({}),
});

it('E2 whatever is on record, the shares of a backorder are whole, not negative and sum to exactly 100', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 20}), fc.array(evidence, {maxLength: 12}), (missing, found) => {
      const shares = rootCauses(missing, found);
      expect(shares.reduce((sum, {percent}) => sum + percent, 0)).toBe(100);
      for (const {percent} of shares) expect(Number.isInteger(percent) && percent >= 0).toBe(true);
      expect(new Set(shares.map(({cause}) => cause)).size).toBe(shares.length);
    }),
    {seed: 52},
  );
});
