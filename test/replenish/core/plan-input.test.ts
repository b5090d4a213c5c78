import {describe, expect, it} from 'vitest';
import {expectedWithin, longRunDemand} from '../../../replenish/core/demand/long-run-demand.ts';
import {riskOf} from '../../../replenish/core/demand/depot-demand.ts';
import {excessOf} from '../../../replenish/core/plan/excess.ts';
import {heldStock, plannedPart} from '../../../replenish/core/plan/plan-input.ts';
import type {DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {component, depot, NOW, situation, source} from './situations.ts';

const YEAR_H = 8766;
/** A machine that goes on failing once a year. */
const YEARLY = {tailHazardPpbPerH: Math.round(1e9 / YEAR_H)};
const shelf = (more: Partial<DepotSituation> = {}): DepotSituation =>
  depot('D-1', {sources: [source('supplier', 'SUP')], backgroundPerYear: 2, ...more});
const planned = (more: Partial<DepotSituation>) => plannedPart(situation([shelf(more)])).depots[0]!;
const year = (more: Partial<DepotSituation>): number => 365.25 * planned(more).ratePerDay;

describe('what a plan takes as the demand of the long run', () => {
  it('D2 is not moved by an alarm, a season or a campaign', () => {
    const calm = [component('A', 19_000, YEARLY), component('B', 19_000, YEARLY)];
    const alarmed = [component('A', 950_000, YEARLY), component('B', 19_000, YEARLY)];
    expect(year({components: calm})).toBeCloseTo(4, 3);
    expect(year({components: alarmed})).toBe(year({components: calm}));
    const campaign = {campaignId: 'K', machines: 50, quantity: 1, takePpm: 900_000};
    const busy = {
      season: [12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      campaigns: [{...campaign, startsAt: NOW, endsAt: NOW + 20 * 86_400_000}],
    };
    expect(year({components: calm, ...busy})).toBe(year({components: calm}));
  });

  it('D2 weighs what an hour of waiting costs by how often each machine fails, not by who is about to', () => {
    const cost = (weekPpm: number): number =>
      plannedPart(
        situation([
          shelf({
            components: [
              component('A', weekPpm, {...YEARLY, shortageMinorPerH: 90_000}),
              component('B', 19_000, {...YEARLY, shortageMinorPerH: 10_000}),
            ],
          }),
        ]),
      ).shortageMinorPerH;
    expect(cost(950_000)).toBe(50_000);
    expect(cost(19_000)).toBe(50_000);
  });

  it('D2 keeps how much demand varies: the background by its ratio, positions of several pieces by their pieces', () => {
    expect(planned({backgroundVmr: 3}).vmr).toBe(3);
    expect(planned({components: [component('A', 0, YEARLY)]}).vmr).toBe(1);
    const three = component('A', 0, {tailHazardPpbPerH: 2 * YEARLY.tailHazardPpbPerH, quantity: 3});
    const {perYear, vmr} = longRunDemand(
      shelf({backgroundPerYear: 4, backgroundVmr: 2, components: [three]}),
    );
    expect(perYear).toBeCloseTo(10, 3);
    expect(vmr).toBeCloseTo(2.6, 4);
    expect(longRunDemand(shelf({backgroundPerYear: 0}))).toEqual({perYear: 0, vmr: 1});
  });

  it('D2 orders what its source sends at least, in whole multiples, where it may stock', () => {
    const lots = source('supplier', 'SUP', {minimum: 5, multiple: 3});
    expect(planned({sources: [lots]}).lot).toBe(6);
    expect(planned({sources: [lots], mayStock: false}).lot).toBe(1);
    expect(planned({}).lot).toBe(1);
  });

  it('D6 does not call excess what alarms and campaigns of the coming year will take', () => {
    const campaign = {campaignId: 'K', machines: 8, quantity: 1, takePpm: 1_000_000};
    const excess = (more: Partial<DepotSituation>): number => {
      const read = situation([shelf({onHand: 12, ...more})]);
      const held = heldStock(read, plannedPart(read), 365).map((one) => ({...one, target: 1}));
      return excessOf(held, 365).reduce((sum, {quantity}) => sum + quantity, 0);
    };
    expect(excess({})).toBe(10);
    expect(excess({campaigns: [{...campaign, startsAt: NOW, endsAt: NOW + 20 * 86_400_000}]})).toBe(2);
    expect(excess({components: [component('A', 999_999)]})).toBe(9);
  });

  it('D6 is expected within a time as its forecast says first, and by its hazard later', () => {
    const source = {
      risks: [riskOf(component('A', 400_000, YEARLY), NOW)],
      backgroundPerYear: 0,
      backgroundVmr: 1,
    };
    const soon = 1 - 0.6 * Math.exp((-YEARLY.tailHazardPpbPerH * 504) / 1e9);
    expect(expectedWithin(source, 672)).toBeCloseTo(soon, 9);
    expect(expectedWithin(source, 672 + YEAR_H)).toBeCloseTo(soon + 1, 4);
  });
});
