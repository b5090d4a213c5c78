import {describe, expect, it} from 'vitest';
import {HOUR_MS} from '../../../domain/time.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {demandWithin, riskOf} from '../../../replenish/core/demand/depot-demand.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {expressArrival} from '../../../replenish/core/decision/refill.ts';
import {newsvendorLevel} from '../../../replenish/core/stock/newsvendor.ts';
import {mean} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {NOW, component, depot, lane, receipt, situation, source} from './situations.ts';

const need = (id: string, quantity: number, more = {}) => ({
  demandId: id,
  quantity,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: 10_000,
  ...more,
});
const codes = (decision: ReturnType<typeof decide>) => decision.reasons.map(({code}) => code);

describe('demand from forecasts', () => {
  it('B2 equals the enumeration of every combination of failures, several pieces a position included', () => {
    const parts = [
      component('C1', 100_000),
      component('C2', 250_000, {quantity: 2}),
      component('C3', 500_000),
      component('C4', 800_000, {quantity: 3}),
    ];
    const expected = new Array<number>(8).fill(0);
    for (let failing = 0; failing < 16; failing += 1) {
      let pieces = 0;
      let probability = 1;
      for (const [i, {quantity, cumulativePpm}] of parts.entries()) {
        const fails = (failing & (1 << i)) !== 0;
        const p = cumulativePpm[0]! / 1e6;
        probability *= fails ? p : 1 - p;
        if (fails) pieces += quantity;
      }
      expected[pieces]! += probability;
    }
    const demand = demandWithin(
      {risks: parts.map((part) => riskOf(part, NOW)), backgroundPerYear: 0, backgroundVmr: 1},
      168,
    );
    for (const [pieces, probability] of expected.entries()) {
      expect(demand.p[pieces] ?? 0).toBeCloseTo(probability, 14);
    }
    expect(mean(demand)).toBeCloseTo(0.1 + 2 * 0.25 + 0.5 + 3 * 0.8, 12);
  });

  it('B2 background alone is Poisson with its mean over the time', () => {
    const demand = demandWithin({risks: [], backgroundPerYear: 12, backgroundVmr: 1}, 8766 / 12);
    for (const [pieces, probability] of poissonPmf(1).p.entries())
      expect(demand.p[pieces] ?? 0).toBeCloseTo(probability, 12);
  });
});

describe('a depot on its own', () => {
  const supplier = source('supplier', 'SUP', {meanH: 240});

  it('D1 the target is the newsvendor level of the demand over lead time and review', () => {
    const one = depot('A', {backgroundPerYear: 60, sources: [supplier]});
    const plan = planDepots(situation([one])).get('A')!;
    // 60 a year over 240 + 24 h is a mean of 1.807. A piece short waits 240 h at 500; one over is held 8766/60 h at 20 % of 100,000.
    const costs = {underage: 500 * 240, overage: (100_000 * 0.2) / 60};
    expect(plan.criticalRatio).toBeCloseTo(costs.underage / (costs.underage + costs.overage), 9);
    expect(plan.target).toBe(newsvendorLevel(poissonPmf((60 * 264) / 8766), costs));
  });

  it('orders up to its target, in the supplier’s lots, and says that it rounded', () => {
    const lots = source('supplier', 'SUP', {meanH: 240, minimum: 4, multiple: 4});
    const decision = decide(situation([depot('A', {backgroundPerYear: 60, sources: [lots]})]));
    const {target} = planDepots(situation([depot('A', {backgroundPerYear: 60, sources: [lots]})])).get('A')!;
    expect(decision.option).toMatchObject({action: 'order', sourceId: 'SUP'});
    expect(decision.option.quantity).toBe(Math.ceil(target / 4) * 4);
    expect(decision.reasons).toContainEqual({
      code: 'rounded-up',
      wanted: target,
      ordered: decision.option.quantity,
      minimum: 4,
      multiple: 4,
    });
  });

  it('does nothing at its target, and says how well that covers the demand', () => {
    const decision = decide(situation([depot('A', {onHand: 9, backgroundPerYear: 60, sources: [supplier]})]));
    expect(decision.option.action).toBe('nothing');
    expect(codes(decision)).toContain('position-covers-demand');
  });

  it('says that nobody can deliver', () => {
    const decision = decide(situation([depot('A', {backgroundPerYear: 60})]));
    expect(decision.option.action).toBe('nothing');
    expect(codes(decision)).toContain('no-source');
  });

  it('says that nobody can deliver when its parent has none', () => {
    const child = depot('A', {parentDepotId: 'C', backgroundPerYear: 60, sources: [source('depot', 'C')]});
    const decision = decide(situation([child, depot('C')]));
    expect(decision.option.action).toBe('nothing');
    expect(codes(decision)).toContain('no-source');
    expect(decision.alternatives).toContainEqual(expect.objectContaining({excluded: 'C has none to send'}));
  });

  it('takes what its parent has when that is less than it wants', () => {
    const child = depot('A', {parentDepotId: 'C', backgroundPerYear: 600, sources: [source('depot', 'C')]});
    const decision = decide(situation([child, depot('C', {onHand: 2})]));
    expect(decision.option).toMatchObject({action: 'order', sourceId: 'C', quantity: 2});
    expect(codes(decision)).toContain('source-short');
  });

  it('keeps to its shelf: never above the maximum, one at least where it must, none where it may not', () => {
    const full = depot('A', {onHand: 1, maxStock: 1, backgroundPerYear: 60, sources: [supplier]});
    expect(codes(decide(situation([full])))).toContain('stock-capped');
    const room = depot('A', {maxStock: 2, backgroundPerYear: 60, sources: [supplier]});
    expect(decide(situation([room])).option).toMatchObject({action: 'order', quantity: 2});
    const must = depot('A', {mustStock: true, sources: [supplier]});
    expect(decide(situation([must])).option).toMatchObject({action: 'order', quantity: 1});
    const mayNot = depot('A', {mayStock: false, backgroundPerYear: 60, sources: [supplier]});
    expect(decide(situation([mayNot])).option.action).toBe('nothing');
  });

  it('plans a part that costs nothing', () => {
    const free = {part: {partId: 'P1', unitCostMinor: 0, currency: 'EUR'}};
    const decision = decide(situation([depot('A', {backgroundPerYear: 12, sources: [supplier]})], [], free));
    expect(decision.option).toMatchObject({action: 'order', holdingMinor: 0});
  });

  it('counts what is under way: an order that covers the demand is not placed twice', () => {
    const waiting = depot('A', {
      backgroundPerYear: 60,
      receipts: [receipt('R', 9, 100)],
      sources: [supplier],
    });
    expect(decide(situation([waiting])).option.action).toBe('nothing');
  });

  it('E1 pieces owed lower the position, and the reason names what they cost an hour', () => {
    const owing = depot('A', {onHand: 1, needs: [need('N1', 2), need('N2', 1)], sources: [supplier]});
    const decision = decide(situation([owing]));
    expect(planDepots(situation([owing])).get('A')!.position).toBe(-2);
    expect(decision.reasons).toContainEqual({
      code: 'backorders-open',
      pieces: 3,
      perHourMinor: 30_000,
      currency: 'EUR',
    });
    expect(decision.option.quantity).toBeGreaterThanOrEqual(2);
  });
});

describe('a network', () => {
  /** One machine, certain to be short for the week that nothing comes, at 100.00 an hour. */
  const waiting = depot('B', {needs: [need('N1', 1)]});

  it('B3 the alert names machine, depot, pieces, date and cost of the hand-computed shortage, and the cheapest remedy', () => {
    const roads = [lane('A', 'B', {meanH: 10}), lane('A', 'B', {mode: 'air', meanH: 5, costMinor: 90_000})];
    const {impacts} = decide(situation([depot('A', {onHand: 1}), waiting], roads));
    const impact = impacts.find(({depotId}) => depotId === 'B')!;
    expect(impact).toMatchObject({
      verdict: 'open',
      moneyMinor: 168 * 10_000, // one piece, the whole week, at 100.00 an hour
      shortageH: 168,
      horizonH: 168,
      backordered: 1,
      emptyAt: NOW,
      equipmentId: 'EQ-1',
      // By road: 80.00 of freight and ten hours of standstill; by air 900.00 and five.
      remedy: {action: 'transfer', sourceId: 'A', mode: 'road', totalMinor: 8_000 + 10 * 10_000},
    });
    expect(impacts.find(({depotId}) => depotId === 'A')).toMatchObject({
      verdict: 'clear',
      moneyMinor: 0,
      remedy: null,
    });
  });

  it('B3 a forecast that empties the shelf names the machine and the day', () => {
    const fails = depot('B', {components: [component('C1', 300_000), component('C2', 900_000)]});
    const [impact] = decide(situation([fails])).impacts;
    expect(impact).toMatchObject({
      equipmentId: 'EQ-C2',
      positionId: 'bearing',
      probabilityPpm: 900_000,
      backordered: 0,
    });
    expect((impact!.emptyAt! - NOW) / HOUR_MS).toBeGreaterThan(20);
    expect((impact!.emptyAt! - NOW) / HOUR_MS).toBeLessThan(72); // 1 − 0.7^t · 0.1^t passes one half at t = 0.26 weeks
  });

  it('F2 road, air or express: the cheapest landed cost with the wait included wins', () => {
    const at = (shortageMinorPerH: number) => {
      const far = [
        lane('A', 'B', {meanH: 30, costMinor: 5_000}),
        lane('A', 'B', {mode: 'air', meanH: 10, costMinor: 60_000}),
      ];
      const one = depot('B', {needs: [need('N1', 1, {shortageMinorPerH})]});
      return decide(situation([depot('A', {onHand: 1}), one], far)).option;
    };
    expect(at(1_000)).toMatchObject({mode: 'road', totalMinor: 5_000 + 30 * 1_000});
    expect(at(10_000)).toMatchObject({mode: 'air', totalMinor: 60_000 + 10 * 10_000}); // break-even at 2,750 an hour
  });

  it('F4 a piece far away is moved before the failure when the gain exceeds the cost, and left when it does not', () => {
    const far = (weekPpm: number) =>
      decide(
        situation(
          [depot('A', {onHand: 1}), depot('B', {components: [component('C1', weekPpm)]})],
          [lane('A', 'B', {meanH: 48, costMinor: 30_000})],
        ),
      );
    const moved = far(800_000);
    expect(moved.option).toMatchObject({action: 'transfer', sourceId: 'A', quantity: 1});
    expect(moved.savingMinor).toBeGreaterThan(0);
    expect(codes(moved)).toEqual(
      expect.arrayContaining(['failure-expected', 'saves-against-waiting', 'donor-can-spare']),
    );
    expect(far(20_000).option.action).toBe('nothing');
  });

  it('a receipt that comes too late is hurried when that is cheaper than the wait', () => {
    const late = receipt('R', 1, 150, {expediteMeanH: 20, expediteFeeMinor: 15_000});
    const {option} = decide(situation([{...waiting, receipts: [late]}]));
    expect(option).toMatchObject({
      action: 'expedite',
      sourceKind: 'order',
      sourceId: 'R',
      actionMinor: 15_000,
    });
  });
});

describe('an order that can be hurried at several speeds', () => {
  const express = [
    {mode: 'air', meanH: 20, feeMinor: 60_000},
    {mode: 'road', meanH: 70, feeMinor: 8_000},
  ];

  it('F2 goes by air where waiting is dear and by road where it is cheap', () => {
    const at = (shortageMinorPerH: number) => {
      const late = receipt('R', 1, 150, {express});
      const one = depot('A', {receipts: [late], needs: [need('N1', 1, {shortageMinorPerH})]});
      return decide(situation([one])).option;
    };
    // By air 60,000 + 20 h, by road 8,000 + 70 h, so air pays from 1,040 an hour on.
    expect(at(2_000)).toMatchObject({action: 'expedite', mode: 'air', actionMinor: 60_000});
    expect(at(800)).toMatchObject({action: 'expedite', mode: 'road', actionMinor: 8_000});
  });

  it('F2 offers each speed of a new order, beside the one of its source’s own row', () => {
    const supplier = source('supplier', 'SUP', {express, expediteMeanH: 100, expediteFeeMinor: 2_000});
    const {option, alternatives} = decide(
      situation([depot('A', {sources: [supplier], needs: [need('N', 1)]})]),
    );
    const hurried = [option, ...alternatives].filter(({action}) => action === 'expedite');
    expect(
      new Map(hurried.map(({mode, arrival, actionMinor}) => [mode, [arrival!.meanH, actionMinor]])),
    ).toEqual(
      new Map([
        ['air', [20, 61_000]],
        ['express', [100, 3_000]],
        ['road', [70, 9_000]],
      ]),
    );
  });
});

describe('an express delivery', () => {
  // A quarter of the mean, whatever its source is like, was 3 ± 0.75 days.
  it('H1 varies as the usual orders of its source do: 3 ± 1.5 days of one that takes 10 ± 5', () => {
    const expressOf = (sdH: number) => {
      const supplier = source('supplier', 'SUP', {
        meanH: 240,
        sdH,
        expediteMeanH: 72,
        expediteFeeMinor: 5_000,
      });
      const one = depot('A', {sources: [supplier], backgroundPerYear: 12});
      const {option, alternatives} = decide(situation([one]));
      return [option, ...alternatives].find(({action}) => action === 'expedite')?.arrival;
    };
    expect(expressOf(120)).toEqual({meanH: 72, sdH: 36});
    expect(expressOf(0)).toEqual({meanH: 72, sdH: 18});
  });

  it('H1 has the shape of its source’s law, and the assumed spread where there is no source to go by', () => {
    const shape = [[-0.5774, 750_000], [1.7321, 250_000]] as const; // prettier-ignore
    expect(expressArrival(72, {meanH: 240, sdH: 120, shape})).toEqual({meanH: 72, sdH: 36, shape});
    expect(expressArrival(72, null)).toEqual({meanH: 72, sdH: 18});
  });

  it('H1 of an order under way goes by its depot’s source', () => {
    const supplier = source('supplier', 'SUP', {meanH: 240, sdH: 120});
    const late = receipt('R', 1, 150, {expediteMeanH: 20, expediteFeeMinor: 100});
    const {option, alternatives} = decide(
      situation([depot('A', {sources: [supplier], receipts: [late], needs: [need('N', 1)]})]),
    );
    const hurried = [option, ...alternatives].find(({sourceId}) => sourceId === 'R');
    expect(hurried?.arrival).toEqual({meanH: 20, sdH: 10});
  });
});
