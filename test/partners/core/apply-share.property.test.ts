import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {applyShare} from '../../../partners/core/apply-share.ts';
import {DataShareTerms} from '../../../partners/core/data-share.ts';

const rows = fc.array(
  fc.record({
    partId: fc.constantFrom('P-1', 'P-2', 'P-3'),
    depotId: fc.constantFrom('A', 'B', 'C', 'D'),
    qty: fc.integer({min: 1, max: 99}),
  }),
  {maxLength: 40},
);
const total = (of: readonly Readonly<Record<string, unknown>>[]): number =>
  of.reduce((sum, {qty}) => sum + Number(qty), 0);

describe('groups of shared rows', () => {
  it('K4 no row has fewer behind it than the floor, and merging loses nothing where there are enough', () => {
    fc.assert(
      fc.property(rows, fc.integer({min: 2, max: 12}), fc.boolean(), (given, groupMin, merges) => {
        const share = DataShareTerms.parse({
          purpose: 'p',
          useRights: 'r',
          retentionDays: 1,
          fields: {partId: 'plain', depotId: 'plain', qty: 'plain'},
          groupBy: ['partId', 'depotId'],
          groupMin,
          smallGroups: merges ? 'merge' : 'leave-out',
        });
        const sent = applyShare('stock', share, given, (value) => value);
        for (const {behind} of sent) expect(Number(behind)).toBeGreaterThanOrEqual(groupMin);
        if (merges) expect(total(sent)).toBe(given.length >= groupMin ? total(given) : 0);
        else expect(total(sent)).toBeLessThanOrEqual(total(given));
      }),
    );
  });
});
