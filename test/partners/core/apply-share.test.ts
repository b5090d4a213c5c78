import {describe, expect, it} from 'vitest';
import {applyShare, sharedFields} from '../../../partners/core/apply-share.ts';
import {DataShareTerms, shareMistake} from '../../../partners/core/data-share.ts';

const pseudonymOf = (value: string): string => `x-${value.length}`;
const terms = (more: object): DataShareTerms =>
  DataShareTerms.parse({purpose: 'p', useRights: 'r', retentionDays: 30, fields: {}, ...more});
const row = (depotId: string, qty: number) => ({
  partId: 'P-1',
  depotId,
  condition: 'new',
  qty,
  movedAt: '2026-01-05T06:12:00.000Z',
});
const ROWS = [row('HAM', 3), row('HAM', 4), row('LYS', 5), row('WAW', 1)];

describe('what a party is sent', () => {
  it('K4 a field that is not granted is absent, and without a share every one that is not the own', () => {
    const share = terms({fields: {partId: 'plain', qty: 'plain'}});
    expect(applyShare('stock', share, [row('HAM', 3)], pseudonymOf)).toEqual([{partId: 'P-1', qty: 3}]);
    expect(applyShare('stock', null, [row('HAM', 3)], pseudonymOf)).toEqual([{}]);
    expect(applyShare('repair-reports', null, [{reportId: 'R', cost: 7}], pseudonymOf)).toEqual([
      {reportId: 'R'},
    ]);
    expect(sharedFields('stock', share)).toEqual(['partId', 'qty']);
  });

  it('K4 a masked text is a pseudonym, a masked number has one digit, a masked instant is its day', () => {
    const share = terms({fields: {depotId: 'masked', qty: 'masked', movedAt: 'masked', partId: 'plain'}});
    expect(applyShare('stock', share, [row('HAM', 1234)], pseudonymOf)).toEqual([
      {partId: 'P-1', depotId: 'x-3', qty: 1000, movedAt: '2026-01-05T00:00:00.000Z'},
    ]);
  });

  it('K4 groups below the floor are merged, or left out', () => {
    const share = terms({
      fields: {depotId: 'plain', qty: 'plain', condition: 'plain'},
      groupBy: ['depotId'],
      groupMin: 2,
    });
    expect(applyShare('stock', share, ROWS, pseudonymOf)).toEqual([
      {depotId: 'HAM', qty: 7, behind: 2},
      {depotId: 'other', qty: 6, behind: 2},
    ]);
    expect(applyShare('stock', {...share, smallGroups: 'leave-out'}, ROWS, pseudonymOf)).toEqual([
      {depotId: 'HAM', qty: 7, behind: 2},
    ]);
    expect(sharedFields('stock', share)).toEqual(['depotId', 'qty', 'behind']);
  });

  it('K4 a rest that is too small itself takes the smallest group in, and all together too few are not sent', () => {
    const share = terms({fields: {depotId: 'plain', qty: 'plain'}, groupBy: ['depotId'], groupMin: 2});
    expect(applyShare('stock', share, ROWS.slice(0, 3), pseudonymOf)).toEqual([
      {depotId: 'other', qty: 12, behind: 3},
    ]);
    expect(applyShare('stock', share, [row('LYS', 5)], pseudonymOf)).toEqual([]);
  });

  it('K4 what cannot be agreed so is refused with what can', () => {
    expect(shareMistake('stock', terms({fields: {valueMinor: 'plain'}}))).toMatch(
      /^fields valueMinor: stock can grant partId, depotId/,
    );
    expect(shareMistake('stock', terms({fields: {qty: 'plain'}, groupBy: ['qty']}))).toMatch(
      /^groupBy qty: rows/,
    );
    expect(shareMistake('stock', terms({fields: {qty: 'plain'}, groupBy: ['partId']}))).toMatch(
      /not granted/,
    );
    expect(shareMistake('stock', terms({}))).toMatch(/^fields: none is granted/);
    expect(shareMistake('repair-reports', terms({fields: {note: 'plain'}}))).toMatch(/own and need no share/);
    expect(
      shareMistake('stock', terms({fields: {qty: 'plain', partId: 'plain'}, groupBy: ['partId']})),
    ).toBeNull();
  });
});
