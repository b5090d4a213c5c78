import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {campaignDemand, comesWithin} from '../../../replenish/core/forecast/campaign-demand.ts';
import {mean} from '../../../replenish/core/probability/pmf.ts';
import type {DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {depot, NOW, situation, source} from './situations.ts';

const DAY_MS = 86_400_000;
const campaign = {
  campaignId: 'RECALL-1',
  machines: 20,
  quantity: 2,
  takePpm: 800_000,
  startsAt: NOW,
  endsAt: NOW + 40 * DAY_MS,
};

describe('demand that comes by date', () => {
  it('C4 machines come at any time of the campaign alike, and those that were to come and did not are fewer', () => {
    expect(comesWithin(campaign, NOW, 20 * 24)).toBeCloseTo(0.4, 12);
    expect(comesWithin(campaign, NOW + 20 * DAY_MS, 20 * 24)).toBeCloseTo(0.4 / 0.6, 12);
    expect(comesWithin(campaign, NOW + 41 * DAY_MS, 240)).toBe(0);
    expect(comesWithin({...campaign, startsAt: NOW + 10 * DAY_MS}, NOW, 240)).toBe(0);
    const {p} = campaignDemand(campaign, NOW)(20 * 24);
    expect(mean({p, tail: 0})).toBeCloseTo(20 * 2 * 0.4, 9);
    expect(p[1]).toBe(0);
  });

  const targetOf = (more: Partial<DepotSituation>): number =>
    planDepots(situation([depot('A', {sources: [source('supplier', 'S')], ...more})])).get('A')!.target;

  it('C4 a campaign raises the target in its time and not before, and the decision names it', () => {
    const base = {backgroundPerYear: 12};
    expect(targetOf({...base, campaigns: [campaign]})).toBeGreaterThan(targetOf(base) + 5);
    const later = {...campaign, startsAt: NOW + 60 * DAY_MS, endsAt: NOW + 90 * DAY_MS};
    expect(targetOf({...base, campaigns: [later]})).toBe(targetOf(base));
    const decision = decide(
      situation([depot('A', {...base, campaigns: [campaign], sources: [source('supplier', 'S')]})]),
    );
    expect(decision.reasons).toContainEqual({
      code: 'campaign-demand',
      campaignId: 'RECALL-1',
      machines: 20,
      quantity: 2,
      endsAt: campaign.endsAt,
    });
  });

  it('C10 before the season the target is what the season asks for', () => {
    const january = [4, ...Array.from({length: 11}, () => 8 / 11)];
    const july = [...january.slice(1, 7), 4, ...january.slice(7)];
    const base = {backgroundPerYear: 60};
    expect(targetOf({...base, season: january})).toBeGreaterThan(targetOf(base));
    expect(targetOf({...base, season: july})).toBeLessThan(targetOf(base));
    expect(targetOf({...base, season: Array.from({length: 12}, () => 1)})).toBe(targetOf(base));
  });

  it('C10 a central depot paces each region by its own season', () => {
    const parts = (season?: number[]) => [
      depot('C', {sources: [source('supplier', 'S')]}),
      depot('R', {
        parentDepotId: 'C',
        backgroundPerYear: 120,
        sources: [source('depot', 'C')],
        ...(season ? {season} : {}),
      }),
    ];
    const target = (season?: number[]): number => planDepots(situation(parts(season))).get('C')!.target;
    expect(target([4, ...Array.from({length: 11}, () => 8 / 11)])).toBeGreaterThan(target());
  });

  it('a decision that took a forecast says which, and how far it is the depot’s own', () => {
    const background = {
      asOf: NOW,
      priorKind: 'master-data',
      priorPerYear: 10,
      credibility: 0.8,
      historyMonths: 24,
    };
    const {reasons} = decide(situation([depot('A', {backgroundPerYear: 12, background})]));
    expect(reasons).toContainEqual({
      code: 'background-demand',
      perYear: 12,
      forecastAt: NOW,
      historyMonths: 24,
      credibilityPct: 80,
      priorKind: 'master-data',
      priorPerYear: 10,
    });
    expect(
      decide(situation([depot('A', {backgroundPerYear: 12})])).reasons.map(({code}) => code),
    ).not.toContain('background-demand');
  });
});
