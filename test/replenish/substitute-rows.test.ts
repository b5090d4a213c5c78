import {describe, expect, it} from 'vitest';
import {PenaltyFormula} from '../../domain/penalty.ts';
import {withSubstitutes} from '../../replenish/adapters/substitute-rows.ts';
import {decide} from '../../replenish/core/decision/decide.ts';
import type {OpenNeed, Situation} from '../../replenish/core/decision/situation.ts';
import {NOW, component, depot, lane, situation} from './core/situations.ts';

const need: OpenNeed = {
  demandId: 'N1',
  quantity: 1,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: 10_000,
};
const part = (partId: string) => ({partId, unitCostMinor: 100_000, currency: 'EUR'});

/** P2 lies at A, whose own machine may fail; P1 is missed at B, and P2 may do its work. */
function family(contracts: Situation['contracts']): Situation {
  const asks = situation([depot('A'), depot('B', {needs: [need]})], [], {part: part('P1')});
  const other = situation(
    [
      depot('A', {
        onHand: 1,
        components: [
          component('C1', 300_000, {
            shortageMinorPerH: 100,
            ...(contracts === undefined ? {} : {contractId: 'K-1'}),
          }),
        ],
      }),
      depot('B'),
    ],
    [lane('A', 'B')],
    {part: part('P2'), ...(contracts === undefined ? {} : {contracts})},
  );
  const relation = {partId: 'P1', substituteId: 'P2', ratio: 1, models: []};
  return withSubstitutes([asks, other], [relation])[0]!;
}

describe('substitutes as they stand in the network', () => {
  it('F1 G1 what the donor’s own contract charges is part of what it risks', () => {
    const risk = (contracts: Situation['contracts']): number =>
      decide(family(contracts)).option.donorRiskMinor;
    const formula = PenaltyFormula.parse({perHourMinor: 5_000});
    const charge = {termNo: 1, scope: {}, limitH: 0, clockShare: 1, formula};
    const charged = [{contractId: 'K-1', version: 1, charges: [charge]}];
    expect(risk(undefined)).toBeGreaterThan(0);
    expect(risk(charged)).toBeGreaterThan(10 * risk(undefined));
  });
});
