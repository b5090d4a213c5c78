import {describe, expect, it} from 'vitest';
import {shelfBehind} from '../../../replenish/core/decision/shelf-behind.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {component, depot, situation, source} from './situations.ts';

/** One piece expected until an order placed at the next look is here: two days and one, of 8766 hours a year. */
const PER_YEAR = 8766 / 72;

describe('the shelf behind a decision', () => {
  it('D1 has the demand as the decision had it: Poisson of mean 1 is 0.3679, 0.3679, 0.1839, 0.0613', () => {
    const sources = [source('supplier', 'SUP', {meanH: 48, sdH: 0})];
    const known = situation([depot('A', {onHand: 1, backgroundPerYear: PER_YEAR, sources})]);
    const shelf = shelfBehind(known, 'A')!;
    expect(shelf.demand.mean).toBeCloseTo(1, 9);
    expect(shelf.demand.p.slice(0, 4)).toEqual(
      [0.3679, 0.3679, 0.1839, 0.0613].map((p) => expect.closeTo(p, 4) as number),
    );
    expect(shelf.demand.p.reduce((sum, p) => sum + p, 0) + shelf.demand.beyond).toBeCloseTo(1, 12);
    expect(shelf.covered).toBeCloseTo(2 * Math.exp(-1), 9); // P(D ≤ 1)
    expect(shelf).toMatchObject({
      onHand: 1,
      owed: 0,
      position: 1,
      onShelves: 0,
      source: {kind: 'supplier', id: 'SUP', meanH: 48},
    });
  });

  it('says the level, the position and the probabilities that the reasons of the decision say', () => {
    const sources = [source('supplier', 'SUP', {meanH: 240, sdH: 60})];
    const known = situation([depot('A', {onHand: 0, components: [component('C1', 700_000)], sources})]);
    const {reasons, depotId} = decide(known);
    const shelf = shelfBehind(known, depotId)!;
    const said = reasons.find(({code}) => code === 'position-below-target');
    expect(said).toMatchObject({
      position: shelf.position,
      target: shelf.target,
      probabilityPpm: Math.round(shelf.covered * 1e6),
      wantedPpm: Math.round(shelf.wanted * 1e6),
    });
    expect(shelf.demand.p.length).toBeGreaterThan(shelf.target - shelf.onShelves); // the line lies on the drawing
  });

  it('is not there for a depot that the situation does not name', () => {
    expect(shelfBehind(situation([depot('A', {})]), 'B')).toBeNull();
  });
});
