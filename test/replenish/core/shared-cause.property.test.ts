import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {demandOverLeadTime, demandWithin, riskOf} from '../../../replenish/core/demand/depot-demand.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {mean, variance, type DemandPmf} from '../../../replenish/core/probability/pmf.ts';
import {poissonBinomialPmf} from '../../../replenish/core/probability/poisson-binomial.ts';
import {lotDemand} from '../../../replenish/core/probability/shared-cause.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import {component, depot, NOW, situation, source} from './situations.ts';

const member = fc.record({
  pieces: fc.integer({min: 1, max: 3}),
  probability: fc.double({min: 0, max: 1, noNaN: true}),
});
const lot = fc.array(member, {minLength: 1, maxLength: 6});
const share = fc.double({min: 0, max: 1, noNaN: true});
const run = {seed: 19, numRuns: 300};

const total = ({p}: DemandPmf): number => p.reduce((sum, one) => sum + one, 0);

/** Every pattern of failures: independent, or all whose probability is above one common number. */
function enumerated(members: readonly {pieces: number; probability: number}[], weight: number): number[] {
  const p = Array<number>(members.reduce((sum, {pieces}) => sum + pieces, 0) + 1).fill(0);
  for (let pattern = 0; pattern < 2 ** members.length; pattern += 1) {
    const fails = members.map((_, i) => (pattern >> i) % 2 === 1);
    const apart = members.reduce(
      (chance, {probability}, i) => chance * (fails[i] ? probability : 1 - probability),
      1,
    );
    const reach = Math.min(1, ...members.filter((_, i) => fails[i]).map(({probability}) => probability));
    const spared = Math.max(0, ...members.filter((_, i) => !fails[i]).map(({probability}) => probability));
    const pieces = members.reduce((sum, one, i) => sum + (fails[i] ? one.pieces : 0), 0);
    p[pieces]! += (1 - weight) * apart + weight * Math.max(0, reach - spared);
  }
  return p;
}

describe('components with a cause in common', () => {
  it('B2 the mixture equals the enumeration of every pattern of failures', () => {
    const distinct = lot.filter(
      (ones) => new Set(ones.map(({probability}) => probability)).size === ones.length,
    );
    fc.assert(
      fc.property(distinct, share, (members, weight) => {
        const {p} = lotDemand(members, weight);
        enumerated(members, weight).forEach((chance, k) => expect(p[k] ?? 0).toBeCloseTo(chance, 12));
      }),
      run,
    );
  });

  it('B2 the mean is that of independent components, the variance at least theirs and rising with the share', () => {
    fc.assert(
      fc.property(lot, share, share, (members, a, b) => {
        const [less, more] = [lotDemand(members, Math.min(a, b)), lotDemand(members, Math.max(a, b))];
        const expected = members.reduce((sum, {pieces, probability}) => sum + pieces * probability, 0);
        expect(total(more)).toBeCloseTo(1, 12);
        expect(mean(more)).toBeCloseTo(expected, 10);
        expect(variance(more)).toBeGreaterThanOrEqual(variance(less) - 1e-9);
      }),
      run,
    );
  });

  it('B2 without common causes it is the Poisson-binomial, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 6}), (probabilities) => {
        const members = probabilities.map((probability) => ({pieces: 1, probability}));
        const {p} = lotDemand(members, 0);
        poissonBinomialPmf(probabilities).p.forEach((chance, k) => expect(p[k]).toBe(chance));
      }),
      run,
    );
  });

  it('B2 two components at 0.1 whose failures have a common cause in one case of five', () => {
    const pair = Array.from({length: 2}, () => ({pieces: 1, probability: 0.1}));
    expect([...lotDemand(pair, 0.2).p].map((p) => Math.round(1e6 * p))).toEqual([828_000, 144_000, 28_000]);
  });

  it('B2 a shelf holds more for a lot that fails together, and as much as before for machines of different lots', () => {
    const target = (lots: readonly (string | undefined)[], lotShare?: number): number => {
      const components = lots.map((one, i) =>
        component(`C${i}`, 30_000, one === undefined ? {} : {lot: one}),
      );
      const shelf = depot('A', {components, sources: [source('supplier', 'SUP')]});
      const policy = {...DEFAULT_POLICY, ...(lotShare === undefined ? {} : {lotShare})};
      return planDepots(situation([shelf], [], {policy})).get('A')!.target;
    };
    const [together, apart] = [Array<string>(8).fill('L1'), Array.from({length: 8}, (_, i) => `L${i}`)];
    expect(target(together, 0.5)).toBeGreaterThan(target(together));
    expect(target(apart, 0.5)).toBe(target(Array<undefined>(8).fill(undefined)));
    expect(target(together, 0)).toBe(target(together));
  });

  it('B2 a decision names the lot that moved its level, and no lot where none did', () => {
    const reasonsFor = (lots: readonly string[], lotShare: number): string[] => {
      const components = lots.map((lot, i) => component(`C${i}`, 30_000, {lot}));
      const shelf = depot('A', {components, sources: [source('supplier', 'SUP')]});
      const policy = {...DEFAULT_POLICY, lotShare};
      return decide(situation([shelf], [], {policy}))
        .reasons.filter(({code}) => code === 'lot-shares-cause')
        .map(phraseReason);
    };
    expect(reasonsFor(Array<string>(8).fill('L1'), 0.5)).toEqual([
      '8 components of lot L1 fail for a cause in common with 50.0 %: the target is 8 with it and 3 without.',
    ]);
    expect(reasonsFor(['L1', 'L1', 'L2', 'L2', 'L3', 'L3', 'L4', 'L4'], 0.5)).toEqual([
      '8 components of 4 lots: L1, L2, L3, … fail for a cause in common with 50.0 %: the target is 4 with it and 3 without.',
    ]);
    expect(reasonsFor(Array<string>(8).fill('L1'), 0)).toEqual([]);
    expect(reasonsFor(['L1', 'L2', 'L3'], 0.5)).toEqual([]);
  });

  it('B2 over an uncertain lead time the mean stays that of the forecasts', () => {
    const risks = ['C1', 'C2', 'C3'].map((id) => riskOf(component(id, 200_000, {lot: 'L1'}), NOW));
    const known = {risks, backgroundPerYear: 2, backgroundVmr: 1};
    const leadTime = {meanH: 240, sdH: 60};
    const [alone, shared] = [known, {...known, lotShare: 0.4}].map((one) =>
      demandOverLeadTime(one, leadTime, 24),
    );
    expect(mean(shared!)).toBeCloseTo(mean(alone!), 10);
    expect(variance(shared!)).toBeGreaterThan(variance(alone!));
    expect(demandWithin({...known, lotShare: 0}, 100).p).toEqual(demandWithin(known, 100).p);
  });
});
