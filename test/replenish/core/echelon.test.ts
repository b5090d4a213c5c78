import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {component, depot, situation, source} from './situations.ts';

/** Six regions, each with twelve requests a year and two days from the centre; the supplier takes thirty. */
const region = (nth: number, onHand: number): DepotSituation =>
  depot(`R${nth}`, {
    parentDepotId: 'C',
    onHand,
    backgroundPerYear: 12,
    sources: [source('depot', 'C', {meanH: 48, orderCostMinor: 1500})],
  });
const network = (central: number, each: number) =>
  situation([
    depot('C', {onHand: central, sources: [source('supplier', 'SUP', {meanH: 720})]}),
    ...[1, 2, 3, 4, 5, 6].map((nth) => region(nth, each)),
  ]);

describe('a depot that feeds others', () => {
  it('D2 wants what their shelves should hold on top of the demand until its own order is here', () => {
    const plans = planDepots(network(0, 2));
    const regions = [1, 2, 3, 4, 5, 6].reduce((sum, nth) => sum + plans.get(`R${nth}`)!.target, 0);
    expect(regions).toBe(12); // two at each
    // 72 a year over 31 days are 6.1 pieces on average: no fewer may be under way.
    expect(plans.get('C')!.target).toBeGreaterThanOrEqual(regions + 7);
  });

  it('D2 orders while its own shelf is empty, however many pieces lie on shelves that serve others', () => {
    // Three pieces at each region would cover the demand of thirty days; the next region that asks gets none of them.
    const decision = decide(network(0, 3));
    expect(decision).toMatchObject({depotId: 'C', option: {action: 'order', sourceId: 'SUP'}});
  });

  it('D2 orders nothing while shelves and centre are full', () => {
    const {target} = planDepots(network(0, 2)).get('C')!;
    expect(decide(network(target - 12, 2)).option.action).toBe('nothing');
  });
});

describe('a depot that serves no machine that is known', () => {
  const centre = depot('C', {onHand: 9, sources: [source('supplier', 'SUP', {meanH: 720})]});
  const known = {...region(1, 2), components: [component('C1', 1_000, {shortageMinorPerH: 200_000})]};
  const shortageAt = (depotId: string, policy = DEFAULT_POLICY): number =>
    planDepots(situation([centre, known, region(2, 2)], [], {policy})).get(depotId)!.shortageMinorPerH;

  it('D1 lets its customers wait as dearly as the part’s machines elsewhere do', () => {
    expect(shortageAt('R1')).toBe(200_000);
    expect(shortageAt('R2')).toBe(200_000);
  });

  it('takes the least that waiting costs where no machine is known at all, or its situation was recorded so', () => {
    expect(planDepots(network(9, 2)).get('R2')!.shortageMinorPerH).toBe(
      DEFAULT_POLICY.shortageFloorMinorPerH,
    );
    const recorded = {...DEFAULT_POLICY};
    delete recorded.missedPiece;
    expect(shortageAt('R2', recorded)).toBe(DEFAULT_POLICY.shortageFloorMinorPerH);
  });
});

describe('a piece missing at a depot that feeds others', () => {
  it('D2 costs what their shelves risk until its own order is here, not a machine that stands', () => {
    const plans = planDepots(network(9, 2));
    const {usualTarget, rescueMinor} = plans.get('R1')!;
    expect(usualTarget).toBe(1);
    // Each region is asked for 12 a year, so for 12 · 744 / 8766 = 1.0185 while the centre waits 30 days and a look.
    const meanwhile = (12 * 744) / 8766;
    expect(plans.get('C')!.underageMinor).toBeCloseTo(rescueMinor * (1 - Math.exp(-meanwhile)), 6);
    expect(plans.get('R1')!.underageMinor).toBe(rescueMinor);
  });

  it('lets the centre hold less, and its shelves what they did', () => {
    const stocked = network(9, 2);
    const alone = {...DEFAULT_POLICY};
    delete alone.missedPiece;
    const [now, before] = [stocked, {...stocked, policy: alone}].map(planDepots);
    expect(now!.get('C')!.target).toBeLessThan(before!.get('C')!.target);
    expect(now!.get('R1')!.target).toBe(before!.get('R1')!.target);
  });

  it('costs a whole rescue where the shelf may hold nothing', () => {
    const bare = situation([
      depot('C', {onHand: 9, sources: [source('supplier', 'SUP', {meanH: 720})]}),
      {...region(1, 0), mayStock: false},
    ]);
    const plans = planDepots(bare);
    expect(plans.get('C')!.underageMinor).toBeCloseTo(plans.get('R1')!.rescueMinor, 6);
  });
});
