import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS} from '../../../domain/time.ts';
import {
  inServiceOrder,
  SHARE_RULES,
  type RankedLine,
  type WaitingLine,
} from '../../../network/core/service-order.ts';
import {shareOut, type Claim} from '../../../network/core/share-out.ts';

const SEED = {seed: 20_260_105, numRuns: 200};
const NOW = epochMs(Date.UTC(2026, 0, 5));
const POINT = {now: NOW, nextSupplyAt: epochMs(NOW + 72 * HOUR_MS), rules: SHARE_RULES};

/** Up to five lines that reach the old pieces and the new ones, or the new ones alone. */
const claims = fc
  .record({
    supply: fc.nat(6),
    ofNew: fc.nat(6),
    lines: fc.array(
      fc.record({
        machine: fc.boolean(),
        qty: fc.integer({min: 1, max: 3}),
        perHourMinor: fc.integer({min: 0, max: 4}).map((n) => n * 1_000),
        neededH: fc.integer({min: -1000, max: 100}),
        customer: fc.constantFrom('A', 'B'),
        tier: fc.constantFrom('gold', 'bronze'),
        onlyNew: fc.boolean(),
      }),
      {minLength: 1, maxLength: 5},
    ),
  })
  .map(({supply, ofNew, lines}) =>
    lines.map((one, i): Claim => ({
      line: {
        demandId: `L-${i}`,
        partId: one.onlyNew ? 'NEW' : 'OLD',
        depotId: 'D-1',
        equipmentNo: one.machine ? i : null,
        customerPartyId: one.customer,
        tier: one.tier,
        qty: one.qty,
        filledQty: 0,
        requestedAt: NOW,
        neededAt: epochMs(NOW + one.neededH * HOUR_MS),
        filledAt: null,
        cancelledAt: null,
        state: 'open',
        perHourMinor: one.perHourMinor,
        transitH: 1,
      } satisfies WaitingLine,
      reach: one.onlyNew ? Math.min(supply, ofNew) : supply,
    })),
  );

/** What pieces save, from the definition. */
function saved({gainMinor, open, whole}: RankedLine, pieces: number): number {
  return whole ? (pieces === open ? gainMinor : 0) : (gainMinor * pieces) / open;
}

function isPossible(list: readonly Claim[], shares: readonly number[]): boolean {
  return list.every(
    ({reach}) => list.reduce((sum, other, i) => sum + (other.reach <= reach ? shares[i]! : 0), 0) <= reach,
  );
}

function everyWay(opens: readonly number[]): number[][] {
  if (opens.length === 0) return [[]];
  const rest = everyWay(opens.slice(1));
  return Array.from({length: opens[0]! + 1}, (_, n) => rest.map((others) => [n, ...others])).flat();
}

describe('sharing out', () => {
  it('F1 saves as much as the best of all ways to share', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const ranked = new Map(
          inServiceOrder(
            list.map(({line}) => line),
            POINT,
          ).map((one) => [one.line.demandId, one]),
        );
        const worth = (pieces: readonly number[]): number =>
          list.reduce((sum, {line}, i) => sum + saved(ranked.get(line.demandId)!, pieces[i]!), 0);
        const shares = new Map(shareOut(list, POINT).map(({demandId, given}) => [demandId, given]));
        const given = list.map(({line}) => shares.get(line.demandId)!);
        const best = Math.max(
          ...everyWay(list.map(({line}) => line.qty))
            .filter((way) => isPossible(list, way))
            .map(worth),
        );
        expect(isPossible(list, given)).toBe(true);
        expect(worth(given)).toBeCloseTo(best, 6);
      }),
      SEED,
    );
  });

  it('F1 leaves no piece lying that a waiting line could take, and depends on no order of the lines', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const shares = shareOut(list, POINT);
        const given = new Map(shares.map((one) => [one.demandId, one.given]));
        for (const {line} of list) {
          if (given.get(line.demandId) === line.qty) continue;
          const oneMore = list.map((other) => given.get(other.line.demandId)! + Number(other.line === line));
          expect(isPossible(list, oneMore)).toBe(false);
        }
        expect(shareOut(list.toReversed(), POINT)).toEqual(shares);
      }),
      SEED,
    );
  });
});
