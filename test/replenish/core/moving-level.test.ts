import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {depot, NOW, situation, source} from './situations.ts';

const DAY = 86_400_000;
const RECURRING = {backorders: 3, withinDays: 90, serviceMinPpm: 999_900};
const at = (days: number, more: Partial<DepotSituation>, recurring?: typeof RECURRING) =>
  situation([depot('D-1', {backgroundPerYear: 12, sources: [source('supplier', 'SUP')], ...more})], [], {
    now: NOW + days * DAY,
    part: {partId: 'P1', unitCostMinor: 5_000_000, currency: 'EUR'},
    policy: {...DEFAULT_POLICY, ...(recurring === undefined ? {} : {recurring})},
  });
const level = (...given: Parameters<typeof at>): number => planDepots(at(...given)).get('D-1')!.target;

describe('the level of a shelf moves', () => {
  const usual = level(0, {});

  it('D3 up for a season, and down after it', () => {
    const season = [0.2, 0.2, 0.2, 0.2, 0.2, 4, 4, 2.4, 0.2, 0.2, 0.1, 0.1];
    expect(level(145, {season})).toBeGreaterThan(usual); // end of May
    expect(level(240, {season})).toBeLessThan(usual);
  });

  it('D3 up for a campaign, and down after it', () => {
    const campaign = {campaignId: 'K', machines: 40, quantity: 1, takePpm: 900_000};
    const campaigns = [{...campaign, startsAt: NOW + 30 * DAY, endsAt: NOW + 60 * DAY}];
    expect(level(0, {campaigns})).toBe(usual);
    expect(level(30, {campaigns})).toBeGreaterThan(usual);
    expect(level(60, {})).toBe(usual); // over: a situation no longer has it
  });

  it('D3 up after backorders that recur, as the policy says, and down when they are past; the decision says why', () => {
    expect(level(0, {backordersLately: 3})).toBe(usual);
    expect(level(0, {backordersLately: 2}, RECURRING)).toBe(usual);
    expect(level(0, {backordersLately: 3}, RECURRING)).toBeGreaterThan(usual);
    expect(level(0, {}, RECURRING)).toBe(usual);
    const {reasons} = decide(at(0, {backordersLately: 4}, RECURRING));
    expect(reasons).toContainEqual({
      code: 'backorders-recur',
      backorders: 4,
      withinDays: 90,
      serviceMinPpm: 999_900,
    });
  });
});
