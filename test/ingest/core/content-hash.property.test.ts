import {describe, expect, it} from 'vitest';
import fc from 'fast-check';
import {epochMs} from '../../../domain/time.ts';
import {contentHash} from '../../../ingest/core/content-hash.ts';

const AT = epochMs(1_767_607_200_000);
const of = (values: Record<string, number>, at = AT): number => contentHash(at, {kind: 'reading', values});

describe('contentHash', () => {
  it('is the same whatever the order of the keys, and for -0 and 0', () => {
    expect(of({a: 1, b: 2.5})).toBe(of({b: 2.5, a: 1}));
    expect(of({a: -0})).toBe(of({a: 0}));
  });

  it('differs when a value, a name, the time or the kind does', () => {
    const hashes = [
      of({a: 1, b: 2}),
      of({a: 2, b: 1}),
      of({a: 1, c: 2}),
      of({a: 1}),
      of({a: 1, b: 2}, epochMs(AT + 1)),
      contentHash(AT, {kind: 'reading', values: {a: 1}, texts: {b: '2'}}),
      contentHash(AT, {kind: 'event', type: 'error', code: 'a'}),
      contentHash(AT, {kind: 'event', type: 'error', positionId: 'a'}),
      contentHash(AT, {kind: 'event', type: 'error', code: 'a', body: {b: 2}}),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is a whole number of 52 bits and spreads neighbours: 20,000 near values, no two alike', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 20_000; i += 1) seen.add(of({temperature_c: i / 100, vibration_mm_s: 4.2}));
    expect(seen.size).toBe(20_000);
    const whole = [...seen].every((hash) => hash >= 0 && hash < 2 ** 52 && Number.isInteger(hash));
    expect(whole).toBe(true);
  });

  it('tells any two different readings apart', () => {
    const values = fc.dictionary(
      fc.string({maxLength: 8}),
      fc.double({noNaN: true, noDefaultInfinity: true}),
    );
    fc.assert(
      fc.property(values, values, (a, b) => {
        const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
        return same === (of(a) === of(b));
      }),
      {seed: 20_260_105, numRuns: 500},
    );
  });
});
