import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {judgeStatement, ruleFor, STATEMENT_RULES} from '../../../network/core/stock-statement.ts';

const pieces = fc.integer({min: 0, max: 1_000_000});
const rule = fc.record({
  tolerancePieces: fc.integer({min: 0, max: 1000}),
  tolerancePct: fc.double({min: 0, max: 100, noNaN: true}),
  wins: fc.constantFrom('ledger' as const, 'partner' as const, 'lower' as const),
});
const exact = STATEMENT_RULES.onHand;

describe('a stated figure beside the ledger', () => {
  it.each([
    [7, 10, exact, {difference: -3, tolerance: 0, agrees: false}],
    [7, 10, {...exact, tolerancePieces: 3}, {difference: -3, tolerance: 3, agrees: true}],
    [7, 10, {...exact, tolerancePieces: 2}, {difference: -3, tolerance: 2, agrees: false}],
    [404, 400, {...exact, tolerancePct: 1}, {difference: 4, tolerance: 4, agrees: true}],
    [405, 400, {...exact, tolerancePct: 1, tolerancePieces: 2}, {difference: 5, tolerance: 4, agrees: false}],
    [3, 0, {...exact, tolerancePct: 100}, {difference: 3, tolerance: 0, agrees: false}],
  ])('A6 %i stated, %i in the ledger', (stated, ledger, given, judged) => {
    expect(judgeStatement(stated, ledger, given)).toEqual(judged);
  });

  it('A6 a difference is a case exactly where it is beyond both tolerances, and a wider one never makes a case', () => {
    fc.assert(
      fc.property(pieces, pieces, rule, fc.nat(1000), (stated, ledger, given, more) => {
        const {difference, agrees} = judgeStatement(stated, ledger, given);
        expect(stated - difference).toBe(ledger);
        const size = Math.abs(difference);
        expect(agrees).toBe(
          size <= given.tolerancePieces || size <= Math.floor((ledger * given.tolerancePct) / 100),
        );
        const wider = {...given, tolerancePieces: given.tolerancePieces + more};
        if (agrees) expect(judgeStatement(stated, ledger, wider).agrees).toBe(true);
        expect(judgeStatement(ledger, ledger, given)).toMatchObject({difference: 0, agrees: true});
      }),
    );
  });

  it('A6 the rule of a source stands instead of the general one, and no other name finds one', () => {
    const own = {tolerancePieces: 5, tolerancePct: 0, wins: 'partner'} as const;
    const rules = {...STATEMENT_RULES, onHandBySource: {'SUP-07': own}};
    expect(ruleFor(rules, 'SUP-07')).toBe(own);
    for (const name of ['SUP-08', 'toString', '__proto__']) expect(ruleFor(rules, name)).toBe(exact);
  });
});
