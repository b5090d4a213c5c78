import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {HOUR_MS} from '../../../domain/time.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {Outlook} from '../../../replenish/core/demand/outlook.ts';
import {withinReach} from '../../../replenish/core/demand/planned-need.ts';
import type {DepotSituation, OpenNeed} from '../../../replenish/core/decision/situation.ts';
import {component, depot, NOW, receipt, situation, source} from './situations.ts';

const run = {seed: 23, numRuns: 150};
const LEAD_H = 240;
const REACH_H = LEAD_H + 24;

const world = fc.record({
  onHand: fc.integer({min: 0, max: 4}),
  backgroundPerYear: fc.constantFrom(0, 3, 30),
  coming: fc.option(fc.integer({min: 1, max: 400}), {nil: null}),
  weekPpm: fc.constantFrom(0, 20_000, 400_000),
  mayStock: fc.boolean(),
  pieces: fc.integer({min: 1, max: 3}),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const owed = (quantity: number): OpenNeed => ({
  demandId: 'N1',
  quantity,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: 10_000,
});
const inHours = (quantity: number, inH: number): OpenNeed => ({
  ...owed(quantity),
  neededAt: NOW + inH * HOUR_MS,
  inH,
});

function plan({onHand, backgroundPerYear, coming, weekPpm, mayStock}: World, more: Partial<DepotSituation>) {
  const shelf = depot('A', {
    onHand,
    backgroundPerYear,
    mayStock,
    components: [component('C1', weekPpm)],
    receipts: coming === null ? [] : [receipt('O', 1, coming)],
    sources: [source('supplier', 'SUP', {meanH: LEAD_H})],
    ...more,
  });
  return planDepots(withinReach(situation([shelf]))).get('A')!;
}

describe('needs with a date, by law', () => {
  it('C4 one within reach moves the level and the position as one that is owed, and never costs more', () => {
    fc.assert(
      fc.property(world, fc.double({min: 1, max: REACH_H, noNaN: true}), (one, inH) => {
        const near = plan(one, {planned: [inHours(one.pieces, inH)]});
        const now = plan(one, {needs: [owed(one.pieces)]});
        expect([near.position, near.target, near.covered, near.belowTarget]).toEqual([
          now.position,
          now.target,
          now.covered,
          now.belowTarget,
        ]);
        expect(near.waitingMinor).toBeLessThanOrEqual(now.waitingMinor);
        expect(near.reactiveMinor).toBeLessThanOrEqual(now.reactiveMinor);
      }),
      run,
    );
  });

  it('C4 one beyond reach leaves level, position and costs as they are without it', () => {
    fc.assert(
      fc.property(world, fc.double({min: 0.01, max: 9_000, noNaN: true}), (one, beyond) => {
        const far = plan(one, {planned: [inHours(one.pieces, REACH_H + beyond)]});
        const none = plan(one, {});
        expect([far.position, far.target, far.covered, far.reactiveMinor, far.waitingMinor]).toEqual([
          none.position,
          none.target,
          none.covered,
          none.reactiveMinor,
          none.waitingMinor,
        ]);
      }),
      run,
    );
  });

  it('C4 without chance in it the hours short are those between dates and arrivals, counted one by one', () => {
    const dated = fc.array(
      fc.record({hours: fc.integer({min: 1, max: 400}), pieces: fc.integer({min: 1, max: 2})}),
      {maxLength: 4},
    );
    fc.assert(
      fc.property(dated, dated, fc.integer({min: -2, max: 3}), (needs, arrivals, shelf) => {
        const HORIZON_H = 336;
        const asked = needs.reduce((sum, {pieces}) => sum + pieces, 0);
        const quiet = {risks: [], backgroundPerYear: 0, backgroundVmr: 1};
        const outlook = new Outlook(
          quiet,
          HORIZON_H,
          arrivals.map(({hours}) => hours),
          24,
          needs,
        );
        const supplies = arrivals.map(({hours, pieces}) => ({quantity: pieces, times: [{hours, weight: 1}]}));
        let expected = 0;
        const until = (list: readonly {hours: number; pieces: number}[], hour: number): number =>
          list.reduce((sum, {hours, pieces}) => (hours <= hour ? sum + pieces : sum), 0);
        for (let hour = 0; hour < HORIZON_H; hour += 1)
          expected += Math.max(0, until(needs, hour) - until(arrivals, hour) - shelf);
        expect(outlook.shortagePieceHours(shelf - asked, outlook.arrivals(supplies))).toBeCloseTo(
          expected,
          6,
        );
      }),
      run,
    );
  });
});
