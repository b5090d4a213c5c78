import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS} from '../../../domain/time.ts';
import {foldPosition, type PositionFact} from '../../../network/core/position-timeline.ts';

const fact = fc.record({
  key: fc.uuid(),
  at: fc.integer({min: 0, max: 400}).map((hours) => epochMs(hours * HOUR_MS)),
  type: fc.constantFrom<PositionFact['type']>(
    'installed',
    'removed',
    'failure',
    'part-replaced',
    'maintenance',
    'repair-report',
  ),
  serial: fc.option(fc.constantFrom('S-1', 'S-2', 'S-3')),
  partId: fc.constant(null),
  cause: fc.constant(null),
});
const facts = fc.uniqueArray(fact, {maxLength: 15, selector: ({key}) => key});
const options = {seed: 20260105, numRuns: 500};

describe('a position’s timeline', () => {
  it('A3 invariant I3: shuffled facts give the same history and the same demand', () => {
    fc.assert(
      fc.property(
        facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, {minLength: all.length}))),
        ([all, shuffled]) => {
          expect(foldPosition(shuffled)).toEqual(foldPosition(all));
        },
      ),
      options,
    );
  });

  it('one component sits there at a time, and spans follow one another', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const {installations} = foldPosition(all);
        for (const [index, span] of installations.entries()) {
          const next = installations[index + 1];
          if (next === undefined) continue;
          expect(span.removedAt).not.toBeNull();
          expect(span.installedAt).toBeLessThan(span.removedAt!);
          expect(span.removedAt).toBeLessThanOrEqual(next.installedAt);
        }
      }),
      options,
    );
  });

  it('every failure belongs to exactly one need, and no fact to two', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const keys = foldPosition(all).demands.flatMap((demand) => demand.keys);
        expect(new Set(keys).size).toBe(keys.length);
        for (const {key, type} of all) if (type === 'failure') expect(keys).toContain(key);
      }),
      options,
    );
  });
});
