import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import type {Decision} from '../../../replenish/core/decision/decide.ts';
import {reviewReservations} from '../../../replenish/core/decision/reservation.ts';
import {heldPieces, netStock, rescuePieces} from '../../../replenish/core/decision/shelf.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import type {DepotSituation, Lane} from '../../../replenish/core/decision/situation.ts';
import {canonicalJson} from '../../../platform/ids.ts';
import {applied, component, depot, lane, receipt, reservation, situation, source} from './situations.ts';

const FC = {seed: 20260105, numRuns: 40, endOnFailure: true};

const receipts = fc.array(
  fc.record({
    quantity: fc.integer({min: 1, max: 3}),
    meanH: fc.integer({min: 6, max: 400}),
    kind: fc.constantFrom('normal' as const, 'transfer' as const),
    expediteMeanH: fc.constantFrom(null, 20),
  }),
  {maxLength: 2},
);

const shelf = fc.record({
  onHand: fc.integer({min: 0, max: 4}),
  receipts,
  risks: fc.array(fc.integer({min: 0, max: 900_000}), {maxLength: 4}),
  owed: fc.integer({min: 0, max: 2}),
  downtime: fc.constantFrom(0, 5_000, 60_000),
  perYear: fc.constantFrom(0, 0.5, 12),
  mayStock: fc.constantFrom(true, true, true, false),
  maxStock: fc.constantFrom(null, null, 2),
  emergency: fc.boolean(),
  /** Which of its machines have a piece reserved, and one that it does not serve. */
  reserved: fc.uniqueArray(fc.integer({min: 0, max: 4}), {maxLength: 3}),
});
type Shelf = typeof shelf extends fc.Arbitrary<infer T> ? T : never;

/** A centre with up to four regions around it, everybody joined with everybody. */
const situations: fc.Arbitrary<Situation> = fc
  .record({
    shelves: fc.array(shelf, {minLength: 2, maxLength: 5}),
    withCentre: fc.boolean(),
    laneHours: fc.integer({min: 4, max: 60}),
    laneCost: fc.constantFrom(0, 4_000, 30_000),
    unitCostMinor: fc.constantFrom(0, 5_000, 400_000),
    minimum: fc.constantFrom(1, 1, 5),
  })
  .map(({shelves, withCentre, laneHours, laneCost, unitCostMinor, minimum}) => {
    const depots = shelves.map((one, i) => toDepot(one, i, withCentre, minimum));
    return situation(depots, lanesBetween(depots, laneHours, laneCost), {
      part: {partId: 'P1', unitCostMinor, currency: 'EUR'},
    });
  });

function toDepot(one: Shelf, i: number, withCentre: boolean, minimum: number): DepotSituation {
  const regional = withCentre && i > 0;
  const id = `D${i}`;
  const normal = regional
    ? source('depot', 'D0', {meanH: 60, sdH: 12, expediteMeanH: 24, expediteFeeMinor: 18_000})
    : source('supplier', 'SUP', {sdH: 40, minimum, expediteMeanH: 96, expediteFeeMinor: 20_000});
  const buy = source('supplier', 'SUP', {kind: 'emergency', meanH: 60, sdH: 10, priceMinor: 160_000});
  return depot(id, {
    parentDepotId: regional ? 'D0' : null,
    onHand: one.onHand,
    receipts: one.receipts.map((r, k) =>
      receipt(`${id}-R${k}`, r.quantity, r.meanH, {...r, expediteFeeMinor: 9_000}),
    ),
    needs: Array.from({length: one.owed}, (_, k) => ({
      demandId: `${id}-N${k}`,
      quantity: 1,
      neededAt: 0,
      equipmentId: null,
      shortageMinorPerH: one.downtime,
    })),
    reservations: one.reserved.map((k) => reservation(`${id}-C${k}`, {keepPpm: 50_000})),
    components: one.risks.map((ppm, k) => component(`${id}-C${k}`, ppm, {shortageMinorPerH: one.downtime})),
    backgroundPerYear: one.perYear,
    mayStock: one.mayStock,
    maxStock: one.maxStock,
    sources: one.emergency ? [normal, buy] : [normal],
  });
}

function lanesBetween(depots: readonly DepotSituation[], meanH: number, costMinor: number): Lane[] {
  return depots.flatMap((from) =>
    depots
      .filter((to) => to !== from)
      .map((to) => lane(from.depotId, to.depotId, {meanH, sdH: 2, costMinor})),
  );
}

/** Pieces reserved at a depot beyond those that are there, unowed, or come by a rescue; and held ones beyond those on the shelf. */
function reservedInExcess(depot: DepotSituation): number {
  const reserved = depot.reservations.reduce((sum, {quantity}) => sum + quantity, 0);
  const there = Math.max(0, netStock(depot) + rescuePieces(depot));
  return Math.max(0, reserved - there, heldPieces(depot) - depot.onHand);
}

/** Decides and carries out until nothing is left to do. */
function followed(start: Situation, stepsMax: number): Decision[] {
  const taken: Decision[] = [];
  let now = start;
  for (let step = 0; step <= stepsMax; step += 1) {
    const decision = decide(now);
    if (decision.option.action === 'nothing') return taken;
    taken.push(decision);
    now = applied(now, decision, step);
    for (const {depotId, onHand} of now.depots) expect(onHand, depotId).toBeGreaterThanOrEqual(0);
    // The donor of a piece that it held for another machine says so at the next look, which the same transaction asks for.
    for (const one of reviewReservations(now).situation.depots)
      expect(reservedInExcess(one), one.depotId).toBe(0);
  }
  return taken;
}

describe('transfers', () => {
  it('F2 a piece that was moved is not sent back or on, and every chain of decisions ends', () => {
    fc.assert(
      fc.property(situations, (start) => {
        const stepsMax = 60;
        const taken = followed(start, stepsMax);
        expect(taken.length).toBeLessThan(stepsMax);
        const moved = taken.filter(({option}) => option.action === 'transfer');
        for (const [i, {depotId, option}] of moved.entries()) {
          for (const later of moved.slice(i + 1)) {
            expect([later.option.sourceId, later.depotId]).not.toEqual([depotId, option.sourceId]);
            expect(later.option.sourceId).not.toBe(depotId);
          }
        }
      }),
      FC,
    );
  }, 60_000);

  it('F4 what is reserved is there, and deciding again from the recorded situation is equal to the byte', () => {
    fc.assert(
      fc.property(situations, (start) => {
        const decision = decide(start);
        const again = decide(Situation.parse(JSON.parse(canonicalJson(start))));
        expect(canonicalJson(again)).toBe(canonicalJson(decision));
        for (const one of reviewReservations(start).situation.depots)
          expect(reservedInExcess(one), one.depotId).toBe(0);
        const after = applied(start, decision, 0).depots.find(({depotId}) => depotId === decision.depotId)!;
        expect(reservedInExcess(after)).toBe(0);
      }),
      FC,
    );
  }, 60_000);

  it('F4 a reserved piece leaves its depot only for a machine that stands', () => {
    fc.assert(
      fc.property(situations, (start) => {
        const {depotId, option} = decide(start);
        const {situation: reviewed} = reviewReservations(start);
        const donor = reviewed.depots.find((one) => one.depotId === option.sourceId);
        if (option.sourceKind !== 'depot' || donor === undefined) return;
        const receiver = reviewed.depots.find((one) => one.depotId === depotId)!;
        const owed = receiver.needs.reduce((sum, {quantity}) => sum + quantity, 0);
        const freeOnes = Math.max(0, netStock(donor) - heldPieces(donor));
        expect(option.quantity).toBeLessThanOrEqual(Math.max(freeOnes, owed));
      }),
      {...FC, numRuns: 200},
    );
  }, 60_000);
});
