import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {epochMs, type EpochMs} from '../../../domain/time.ts';
import {partNumberKey} from '../../../network/core/part-number-key.ts';
import {
  type PartNumber,
  type PartReference,
  resolvePartNumber,
} from '../../../network/core/part-reference.ts';

const day = (n: number): EpochMs => epochMs(Date.UTC(2026, 0, n));
const entry = (number: string, partId: string, change: Partial<PartReference> = {}): PartReference => ({
  scheme: 'MPN',
  number,
  revision: '',
  partId,
  validFrom: day(1),
  validTo: day(31),
  ...change,
});
const meant = (
  asked: PartNumber,
  entries: PartReference[],
  ownParts: string[] = [],
  at = day(10),
): string => {
  const found = resolvePartNumber(asked, entries, ownParts, at);
  return found.ok ? found.value : `${found.reason}: ${found.detail}`;
};

describe('somebody’s number of a part', () => {
  it('K2 reads alike in capitals or not, with blanks or without', () => {
    expect(partNumberKey(' 6205-2rs\u00a0c3')).toBe('6205-2RSC3');
    const known = [entry('6205-2RS C3', 'P-1')];
    for (const number of ['6205-2RS C3', '6205-2rs c3', ' 6205-2RSC3 ', '6205-2RS\u00a0C3'])
      expect(meant({scheme: 'mpn ', number}, known)).toBe('P-1');
    expect(meant({number: '6205 2RS C3'}, known)).toContain('unknown-part'); // a hyphen is a hyphen
    expect(meant({number: 'p-1'}, [], ['P-1'])).toBe('P-1');
  });

  it('K2 two ids of ours that differ by case alone are told apart by their writing, and asked about otherwise', () => {
    expect(meant({number: 'AX1'}, [], ['AX1', 'ax1'])).toBe('AX1');
    expect(meant({number: 'ax1'}, [], ['AX1', 'ax1'])).toBe('ax1');
    expect(meant({number: 'Ax1'}, [], ['AX1', 'ax1'])).toContain('ambiguous-part: Ax1 means AX1 and ax1');
  });

  it('K2 a number that changes hands means the one part before that instant and the other from it on', () => {
    const passed = [entry('77', 'P-1', {validTo: day(15)}), entry('77', 'P-2', {validFrom: day(15)})];
    const on = (at: EpochMs): string => meant({number: '77'}, passed, [], at);
    expect([on(day(1)), on(epochMs(day(15) - 1)), on(day(15)), on(epochMs(day(31) - 1))]).toEqual([
      'P-1',
      'P-1',
      'P-2',
      'P-2',
    ]);
    expect(on(day(31))).toContain('unknown-part: 77 names no part at 2026-01-31');
  });

  it('K2 many numbers may mean one part; one number in two schemes or revisions asks which', () => {
    const entries = [
      entry('A', 'P-1'),
      entry('B', 'P-1'),
      entry('C', 'P-1', {scheme: 'ACME'}),
      entry('C', 'P-2'),
      entry('D', 'P-1', {revision: '1'}),
      entry('D', 'P-2', {revision: '2'}),
    ];
    expect([meant({number: 'A'}, entries), meant({number: 'B'}, entries)]).toEqual(['P-1', 'P-1']);
    expect(meant({number: 'C'}, entries)).toContain('ambiguous-part: C means P-1 and P-2');
    expect(meant({scheme: 'acme', number: 'c'}, entries)).toBe('P-1');
    expect(meant({number: 'D'}, entries)).toContain('name the scheme or revision');
    expect(meant({number: 'D', revision: '2'}, entries)).toBe('P-2');
    expect(meant({scheme: 'internal', number: 'P-1'}, [entry('P-1', 'P-2')], ['P-1'])).toBe('P-1');
    expect(meant({number: 'P-1'}, [entry('P-1', 'P-2')], ['P-1'])).toContain('P-1 and P-2');
  });

  it('K2 the key of a key is the key', () => {
    // Its own alphabet: fast-check takes seconds to build the one of all code points.
    const code = fc.oneof(
      fc.integer({min: 0, max: 0xff}),
      fc.integer({min: 0, max: 0xd7ff}),
      fc.integer({min: 0xe000, max: 0x10ffff}),
    );
    const unit = code.map((point) => String.fromCodePoint(point));
    fc.assert(
      fc.property(fc.string({unit}), (number) => {
        expect(partNumberKey(partNumberKey(number))).toBe(partNumberKey(number));
      }),
      {seed: 7},
    );
  });
});
