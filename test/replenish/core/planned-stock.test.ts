import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import type {Policy} from '../../../replenish/core/decision/policy.ts';
import {depot, lane, NOW, situation, source} from './situations.ts';

const shelf = (more: Parameters<typeof depot>[1] = {}) =>
  depot('D-1', {backgroundPerYear: 12, sources: [source('supplier', 'SUP')], ...more});
const targetOf = (situated: Situation): number => planDepots(situated).get('D-1')!.target;

describe('the target of a segment', () => {
  const target = (criticality: 'A' | 'C', serviceMinPpm: Policy['serviceMinPpm']): number =>
    targetOf(
      situation([shelf()], [], {
        part: {partId: 'P1', unitCostMinor: 5_000_000, currency: 'EUR', criticality},
        policy: {...DEFAULT_POLICY, ...(serviceMinPpm === undefined ? {} : {serviceMinPpm})},
      }),
    );

  it('D7 N2 raises the level of its parts and of no others, and never lowers one', () => {
    const usual = target('A', undefined);
    expect(target('A', {A: 999_900})).toBeGreaterThan(usual);
    expect(target('C', {A: 999_900})).toBe(usual);
    expect(target('A', {A: 1})).toBe(usual);
  });
});

describe('the floor of a plan', () => {
  it('D2 is kept where the decision alone would want less, within what the place may hold', () => {
    const usual = targetOf(situation([shelf()]));
    expect(targetOf(situation([shelf({stockFloor: usual + 3})]))).toBe(usual + 3);
    expect(targetOf(situation([shelf({stockFloor: 0})]))).toBe(usual);
    expect(targetOf(situation([shelf({stockFloor: usual + 3, maxStock: usual + 1})]))).toBe(usual + 1);
    expect(targetOf(situation([shelf({stockFloor: usual + 3, mayStock: false})]))).toBe(0);
  });

  it('D2 is ordered up to as soon as the position is below it, and no longer once it is covered', () => {
    const {option} = decide(situation([shelf({stockFloor: 9, onHand: 8})]));
    expect(option).toMatchObject({action: 'order', sourceId: 'SUP', quantity: 1});
    expect(decide(situation([shelf({stockFloor: 9, onHand: 9})])).option.action).toBe('nothing');
  });

  it('D2 of a centre covers the shelves that it fills as well', () => {
    const centre = depot('C', {stockFloor: 2, onHand: 2, sources: [source('supplier', 'SUP')]});
    const child = depot('D-1', {parentDepotId: 'C', stockFloor: 3, sources: [source('depot', 'C')]});
    expect(planDepots(situation([centre, child])).get('C')!.target).toBeGreaterThanOrEqual(5);
  });
});

describe('a planned move', () => {
  const full = (more: Parameters<typeof depot>[1] = {}) =>
    depot('FULL', {onHand: 9, sources: [source('supplier', 'SUP')], ...more});
  const move = {runId: 'R', fromDepotId: 'FULL', mode: 'road', quantity: 4, plannedAt: NOW};
  const moved = (situated: Situation) => {
    const {option, reasons} = decide(situated);
    return reasons.some(({code}) => code === 'rebalanced') ? option.quantity : 0;
  };
  const empty = shelf({backgroundPerYear: 40, plannedMoves: [move]});

  it('F5 is made as far as both shelves still allow, and says what it saves', () => {
    const made = moved(situation([full(), empty], [lane('FULL', 'D-1')]));
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(4);
    expect(moved(situation([full({onHand: 1}), empty], [lane('FULL', 'D-1')]))).toBeLessThanOrEqual(1);
  });

  it('F5 is not made once it is old, its lane is closed, its donor is empty or its receiver is full', () => {
    const old = {...empty, plannedMoves: [{...move, plannedAt: NOW - 8 * 86_400_000}]};
    const cases: Situation[] = [
      situation([full(), old], [lane('FULL', 'D-1')]),
      situation([full(), empty], [lane('FULL', 'D-1', {barred: 'no lithium by road'})]),
      situation([full({onHand: 0}), empty], [lane('FULL', 'D-1')]),
      situation([full(), {...empty, onHand: 30}], [lane('FULL', 'D-1')]),
      situation([full(), empty]),
    ];
    expect(cases.map(moved)).toEqual([0, 0, 0, 0, 0]);
  });

  it('I5a a situation recorded before there were plans reads as it was', () => {
    const before = JSON.parse(JSON.stringify(situation([shelf()]))) as unknown;
    expect(Situation.parse(before)).toEqual(before);
  });
});
