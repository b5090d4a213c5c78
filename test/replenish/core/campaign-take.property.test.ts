import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {
  campaignDemand,
  comesWithin,
  stillToCome,
  TAKE_STRENGTH,
} from '../../../replenish/core/forecast/campaign-demand.ts';
import {mean, variance, type DemandPmf} from '../../../replenish/core/probability/pmf.ts';
import {depot, NOW, situation, source} from './situations.ts';

const DAY_MS = 86_400_000;
const DAYS = 40;
const run = {seed: 41, numRuns: 200};

interface Seen {
  readonly machines: number;
  readonly served?: number;
  readonly all?: number;
  readonly takePpm: number;
  readonly strength: number;
  /** Share of the campaign that is over. */
  readonly over?: number;
}

function campaignOf({machines, served = 0, all = machines + served, takePpm, strength, over = 0}: Seen) {
  const startsAt = NOW - over * DAYS * DAY_MS;
  const times = {startsAt, endsAt: startsAt + DAYS * DAY_MS};
  return {
    campaignId: 'K',
    machines,
    quantity: 1,
    takePpm,
    ...times,
    evidence: {strength, machines: all, served},
  };
}

const within = (seen: Seen, share: number): DemandPmf =>
  campaignDemand(campaignOf(seen), NOW)(share * (1 - (seen.over ?? 0)) * DAYS * 24);
const total = ({p}: DemandPmf): number => p.reduce((sum, one) => sum + one, 0);

/** The same by adding up over the take rate, which the code never does. */
function integrated(
  {machines, served = 0, all = machines + served, takePpm, strength, over = 0}: Seen,
  share: number,
) {
  const [a, b] = [(strength * takePpm) / 1e6, strength * (1 - takePpm / 1e6)];
  const p = Array<number>(machines + 1).fill(0);
  let weights = 0;
  const STEPS = 20_000;
  for (let i = 0; i < STEPS; i += 1) {
    const rate = (i + 0.5) / STEPS;
    const weight = rate ** (a - 1 + served) * (1 - rate) ** (b - 1) * (1 - rate * over) ** (all - served);
    const chance = (rate * share * (1 - over)) / (1 - rate * over);
    weights += weight;
    let binomial = (1 - chance) ** machines;
    for (let k = 0; k <= machines; k += 1) {
      p[k]! += weight * binomial;
      binomial *= ((machines - k) / (k + 1)) * (chance / (1 - chance));
    }
  }
  return p.map((one) => one / weights);
}

describe('a take rate that all machines of a campaign share', () => {
  it('C4 is the beta-binomial law worked by hand: 3 machines, rate 0.8, strength 5 → (1, 4, 10, 20) / 35', () => {
    const {p} = stillToCome(campaignOf({machines: 3, takePpm: 800_000, strength: 5}), NOW);
    [1, 4, 10, 20].forEach((pieces, k) => expect(p[k]).toBeCloseTo(pieces / 35, 12));
    expect(mean({p, tail: 0})).toBeCloseTo(2.4, 12);
    expect(variance({p, tail: 0})).toBeCloseTo(0.64, 12);
  });

  it('C4 learns from who did not come: half over, none of 2 came, rate 0.5 worth 2 → (4, 2, 1) / 7', () => {
    const {p} = stillToCome(campaignOf({machines: 2, takePpm: 500_000, strength: 2, over: 0.5}), NOW);
    [4, 2, 1].forEach((pieces, k) => expect(p[k]).toBeCloseTo(pieces / 7, 12));
  });

  it('C4 equals the sum over take rates of independent machines, with machines of other depots and in any part of its time', () => {
    const cases: readonly (readonly [Seen, number])[] = [
      [{machines: 6, takePpm: 650_000, strength: TAKE_STRENGTH}, 0.4],
      [{machines: 4, served: 3, all: 20, takePpm: 700_000, strength: 6, over: 0.3}, 0.5],
      [{machines: 5, served: 12, all: 17, takePpm: 400_000, strength: 12, over: 0.6}, 1],
    ];
    for (const [seen, share] of cases) {
      const {p} = within(seen, share);
      integrated(seen, share).forEach((chance, k) => expect(p[k] ?? 0).toBeCloseTo(chance, 6));
    }
  });

  it('C4 keeps the mean of a certain rate before the start, and varies more, the more the less is known', () => {
    const any = fc.record({
      machines: fc.integer({min: 2, max: 60}),
      takePpm: fc.integer({min: 20_000, max: 980_000}),
      strength: fc.double({min: 0.5, max: 200, noNaN: true}),
    });
    fc.assert(
      fc.property(any, fc.double({min: 0.05, max: 1, noNaN: true}), (seen, share) => {
        const campaign = campaignOf(seen);
        const certain = campaignDemand({...campaign, evidence: undefined}, NOW)(share * DAYS * 24);
        const [unsure, surer] = [seen.strength, 10 * seen.strength].map((strength) =>
          within({...seen, strength}, share),
        );
        for (const one of [unsure!, surer!]) {
          expect(total(one)).toBeCloseTo(1, 9);
          expect(mean(one)).toBeCloseTo(mean(certain), 7);
        }
        expect(variance(unsure!)).toBeGreaterThan(variance(surer!));
        expect(variance(surer!)).toBeGreaterThan(variance(certain));
        // n · r · q · (1 − r · q) + n · (n − 1) · q² · r · (1 − r) / (strength + 1), r the rate and q the share of the time.
        const [n, r] = [seen.machines, seen.takePpm / 1e6];
        const shared = (n * (n - 1) * share ** 2 * r * (1 - r)) / (seen.strength + 1);
        expect(variance(unsure!)).toBeCloseTo(n * r * share * (1 - r * share) + shared, 5);
      }),
      run,
    );
  });

  it('C4 stays a distribution in any part of its time, whatever it has seen, and comes to the certain law as strength grows', () => {
    const any = fc.record({
      machines: fc.integer({min: 1, max: 40}),
      served: fc.integer({min: 0, max: 30}),
      others: fc.integer({min: 0, max: 40}),
      takePpm: fc.integer({min: 20_000, max: 980_000}),
      over: fc.double({min: 0, max: 0.99, noNaN: true}),
      strength: fc.double({min: 0.5, max: 50, noNaN: true}),
    });
    fc.assert(
      fc.property(any, fc.double({min: 0, max: 1, noNaN: true}), ({others, ...seen}, share) => {
        const all = seen.machines + seen.served + others;
        const found = within({...seen, all}, share);
        expect(total(found)).toBeCloseTo(1, 9);
        expect([...found.p].every((one) => one >= 0)).toBe(true);
        const campaign = campaignOf({...seen, all});
        const hours = share * (1 - seen.over) * DAYS * 24;
        const certain = seen.machines * comesWithin(campaign, NOW, hours);
        expect(mean(within({...seen, all, strength: 1e8}, share))).toBeCloseTo(certain, 3);
      }),
      run,
    );
  });

  it('C4 a campaign of a hundred thousand machines elsewhere is learnt from in proportion', () => {
    const seen = {machines: 10, takePpm: 500_000, strength: 8, over: 0.5};
    const {p} = stillToCome(campaignOf({...seen, served: 40_000, all: 100_010}), NOW);
    // 40,000 of 100,000 by half of the time: the rate is 0.8, and a machine that has not come will with 0.4 / 0.6.
    const remembered = mean({p, tail: 0});
    expect(Math.abs(remembered - (10 * 0.4) / 0.6)).toBeLessThan(0.1);
  });

  it('C4 an unsure rate has more on the shelf than a certain one of the same mean, and the decision says what it went by', () => {
    const {evidence, ...certain} = campaignOf({
      machines: 30,
      takePpm: 600_000,
      strength: TAKE_STRENGTH,
      served: 4,
      over: 0.2,
    });
    const at = (campaigns: readonly object[]) =>
      situation([depot('A', {sources: [source('supplier', 'S')], campaigns: campaigns as [typeof certain]})]);
    const unsure = at([{...certain, evidence}]);
    expect(planDepots(unsure).get('A')!.target).toBeGreaterThan(planDepots(at([certain])).get('A')!.target);
    const {reasons} = decide(unsure);
    expect(reasons.map(phraseReason)).toContain(
      'Campaign K may ask for 1 piece for each of 30 machines until 2026-02-06: 4 of its 34 have asked, 60.0 % were planned, and 16.8 of those here are still expected, together many or together few.',
    );
    expect(reasons).toContainEqual({
      code: 'campaign-demand',
      campaignId: 'K',
      machines: 30,
      quantity: 1,
      endsAt: certain.endsAt,
      seen: {served: 4, of: 34, plannedPpm: 600_000, expectedHere: 16.8},
    });
  });
});
