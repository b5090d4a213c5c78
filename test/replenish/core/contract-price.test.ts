import {describe, expect, it} from 'vitest';
import {PenaltyFormula} from '../../../domain/penalty.ts';
import {pricedByContracts} from '../../../replenish/core/supply/contract-price.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import type {ContractCharges} from '../../../replenish/core/decision/situation.ts';
import {component, depot, lane, situation, source} from './situations.ts';

function contract(formula: Partial<PenaltyFormula>, limitH = 8): ContractCharges {
  const charge = {termNo: 2, scope: {}, limitH, clockShare: 1, formula: PenaltyFormula.parse(formula)};
  return {contractId: 'K-1', version: 1, charges: [charge]};
}

/** A machine that may fail within the week, an empty shelf whose supplier takes ten days, and a neighbour's piece twelve hours away. */
function atRisk(contracts?: ContractCharges[]): Situation {
  const depots = [
    depot('D-1', {
      components: [component('C-1', 20_000, {contractId: 'K-1', shortageMinorPerH: 1_000})],
      sources: [source('supplier', 'SUP', {expediteMeanH: 48, expediteFeeMinor: 30_000})],
    }),
    depot('D-2', {onHand: 1, sources: [source('supplier', 'SUP')]}),
  ];
  return situation(depots, [lane('D-2', 'D-1')], contracts === undefined ? {} : {contracts});
}

describe('what contracts charge, in a decision', () => {
  it('I2 is part of what an hour costs: 232 of 240 hours at 100.00', () => {
    const [first] = pricedByContracts(atRisk([contract({perHourMinor: 10_000})])).depots;
    expect(first!.components[0]!.shortageMinorPerH).toBe(1_000 + Math.round((232 * 10_000) / 240));
  });

  it('I2 a machine that waits is charged from where its clock stands: past the cap an hour costs its downtime alone', () => {
    const waiting = (clockedH: number): number => {
      const need = {demandId: 'N', quantity: 1, neededAt: 0, equipmentId: 'M', shortageMinorPerH: 700};
      const depots = [
        depot('D-1', {
          needs: [{...need, contractId: 'K-1', clockedH: [clockedH]}],
          sources: [source('supplier', 'SUP', {meanH: 20})],
        }),
      ];
      const contracts = [contract({perHourMinor: 10_000, capMinor: 300_000})];
      return pricedByContracts(situation(depots, [], {contracts})).depots[0]!.needs[0]!.shortageMinorPerH;
    };
    expect(waiting(0)).toBe(700 + (12 * 10_000) / 20);
    expect(waiting(8)).toBe(700 + 10_000);
    expect(waiting(38)).toBe(700);
  });

  it('I2 the decision changes with the penalty term: a mild one leaves the neighbour’s piece where it is, a hard one moves it', () => {
    const without = decide(atRisk());
    const mild = decide(atRisk([contract({perHourMinor: 100})]));
    const hard = decide(atRisk([contract({perHourMinor: 200_000})]));
    expect(mild.option.action).toBe(without.option.action);
    expect(hard.option).not.toEqual(mild.option);
    expect(['transfer', 'expedite', 'emergency']).not.toContain(mild.option.action);
    expect(hard.option.action).toBe('transfer');
    // 232 of the 240 hours until the supplier delivers.
    expect(hard.reasons).toContainEqual({
      code: 'contract-charges',
      contractId: 'K-1',
      version: 1,
      perHourMinor: Math.round((232 * 200_000) / 240),
      currency: 'EUR',
    });
    expect(hard.reasons.map(phraseReason)).toContain(
      'Contract K-1 (version 1) adds up to 1,933.33 EUR of penalty to each hour of waiting.',
    );
    expect(without.reasons.map(({code}) => code)).not.toContain('contract-charges');
  });

  it('I2 a recorded situation with charges decides the same again, and one without is left as it is', () => {
    const recorded = atRisk([contract({perHourMinor: 200_000, perEventMinor: 5_000})]);
    const again = Situation.parse(JSON.parse(JSON.stringify(recorded)));
    expect(JSON.stringify(decide(again))).toBe(JSON.stringify(decide(recorded)));
    const plain = atRisk();
    expect(pricedByContracts(plain)).toBe(plain);
  });
});
