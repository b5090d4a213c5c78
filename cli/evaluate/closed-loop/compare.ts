import {estimate, type Estimate} from '../paired.ts';
import type {Figures} from './books.ts';
import {fillRate, sumFigures, totalMinor} from './figures.ts';

/** In the order of the report. */
export const POLICIES = [
  'base-stock',
  'min-max',
  'per-alarm',
  'ours',
  'ours-by-age',
  'ours-shuffled',
  'ours-doubled',
  'ours-shuffled-ungated',
  'ours-doubled-ungated',
  'oracle',
] as const;
export type PolicyName = (typeof POLICIES)[number];

/** Figures of one seed, all parts together, of every policy that was run. */
export type SeedFigures = Readonly<Partial<Record<PolicyName, Figures>>>;

export interface PolicyResult {
  readonly policy: PolicyName;
  /** Money in EUR, for the days that count. */
  readonly totalEur: Estimate;
  readonly orderingEur: Estimate;
  readonly rescueEur: Estimate;
  readonly holdingEur: Estimate;
  readonly downtimeEur: Estimate;
  readonly fillRate: Estimate;
  readonly backorderDays: Estimate;
  readonly stockEur: Estimate;
  readonly expedites: Estimate;
  readonly transfers: Estimate;
  /** Share of the tuned base stock's cost that is saved; the interval is of the seeds' own shares. */
  readonly saving: Estimate;
  /** Fill rate above the tuned base stock's, seed by seed. */
  readonly fillGain: Estimate;
  /** Share of what the oracle saves. */
  readonly shareOfOracle: number | null;
}

export function results(seeds: readonly SeedFigures[]): PolicyResult[] {
  const base = seeds.map((seed) => seed['base-stock']!);
  return POLICIES.filter((policy) => seeds[0]?.[policy] !== undefined).map((policy): PolicyResult => {
    const mine = seeds.map((seed) => seed[policy]!);
    const eur = (pick: (figures: Figures) => number): Estimate =>
      estimate(mine.map((one) => pick(one) / 100));
    const saved = savingOf(mine, base);
    const oracle = seeds.map((seed) => seed.oracle);
    const perfect = oracle.every((one) => one !== undefined) ? savingOf(oracle, base) : null;
    return {
      policy,
      totalEur: eur(totalMinor),
      orderingEur: eur((one) => one.orderingMinor),
      rescueEur: eur((one) => one.rescueMinor),
      holdingEur: eur((one) => one.holdingMinor),
      downtimeEur: eur((one) => one.downtimeMinor),
      fillRate: estimate(mine.map(fillRate)),
      backorderDays: estimate(mine.map((one) => one.backorderDays)),
      stockEur: eur((one) => one.stockMinor),
      expedites: estimate(mine.map((one) => one.expedites)),
      transfers: estimate(mine.map((one) => one.transfers)),
      saving: saved,
      fillGain: estimate(mine.map((one, i) => fillRate(one) - fillRate(base[i]!))),
      shareOfOracle: perfect === null ? null : saved.mean / perfect.mean,
    };
  });
}

function savingOf(mine: readonly Figures[], base: readonly Figures[]): Estimate {
  const shares = mine.map((one, i) => 1 - totalMinor(one) / totalMinor(base[i]!));
  return {
    mean: 1 - totalMinor(sumFigures(mine)) / totalMinor(sumFigures(base)),
    ci95: estimate(shares).ci95,
  };
}

/** What the benchmark is for, as questions that the figures answer. */
export interface Aim {
  readonly aim: string;
  readonly met: boolean;
}

/** The saving that the product aims at. */
const SAVING_AIM = 0.2;

/** A saving must lie above its interval; no worse than the base stock is a mean that is no worse, as seeds are paired. */
export function aims(rows: readonly PolicyResult[]): Aim[] {
  const row = (policy: PolicyName): PolicyResult | undefined => rows.find((one) => one.policy === policy);
  const ours = row('ours');
  const checked: Aim[] = [];
  if (ours) {
    checked.push(
      {
        aim: 'ours costs at least 20 % less than the tuned base stock, and less beyond chance',
        met: ours.saving.mean >= SAVING_AIM && ours.saving.mean > ours.saving.ci95,
      },
      {aim: 'at an equal or better fill rate', met: ours.fillGain.mean >= 0},
    );
  }
  for (const [policy, name] of [
    ['ours-shuffled', 'a useless model'],
    ['ours-doubled', 'an overconfident model'],
  ] as const) {
    const bad = row(policy);
    if (bad)
      checked.push({
        aim: `with ${name} behind the gate never dearer than the tuned base stock`,
        met: bad.saving.mean >= 0,
      });
  }
  return checked;
}
