import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {readDeliveryLines} from '../../../cli/evaluate/supplier-delay-file.ts';
import type {DeliveredLine} from '../../../cli/evaluate/supplier-delay-file.ts';
import {forecastDelays, scoreDelays} from '../../../cli/evaluate/supplier-delay-forecast.ts';
import {scoreRolling} from '../../../cli/evaluate/supplier-delay-rolling.ts';
import {pinballLoss} from '../../../replenish/core/forecast/pinball.ts';
import {streamOf} from '../../../simulator/random.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-delay-lines-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** What each lane does: a vendor is punctual in one country and tardy in the other, worse for one programme. */
const LANES = [
  {vendor: 'A', country: 'Kenya', programme: 'K-1', late: 0.02},
  {vendor: 'A', country: 'Haiti', programme: 'H-1', late: 0.5},
  {vendor: 'B', country: 'Kenya', programme: 'K-1', late: 0.1},
  {vendor: 'B', country: 'Haiti', programme: 'H-1', late: 0.05},
  {vendor: 'B', country: 'Haiti', programme: 'H-2', late: 0.7},
];
/** Of a late line: uniform, days. */
const LATE_DAYS_MAX = 20;
const DAYS = 5 * 365;

/** Two lines a day over five years, each from a lane by lot; a late one is 1 to 20 days late, the others come on the day. */
function history(lanes: readonly (typeof LANES)[number][], seed: number): DeliveredLine[] {
  const random = streamOf(seed, 'supplier-delay');
  return Array.from({length: 2 * DAYS}, (_, i) => {
    const {late, ...lane} = lanes[random.integer(0, lanes.length - 1)]!;
    const deliveredDay = 15_000 + Math.floor(i / 2);
    const days = random.uniform() < late ? random.integer(1, LATE_DAYS_MAX) : 0;
    return {
      id: String(i),
      route: 'Direct Drop · Air',
      ...lane,
      deliveredDay,
      scheduledDay: deliveredDay - days,
    };
  });
}

/** Least day d with P(delay ≤ d) ≥ level: by the truth of the lane. */
function trueQuantile(late: number, level: number): number {
  return Math.max(0, Math.ceil(LATE_DAYS_MAX * (1 - (1 - level) / late) - 1e-9));
}

const KNOWN = history(LANES, 11);
const TODAY = 15_000 + DAYS - 1;

describe('delays of a history whose truth is known', () => {
  it('H1 each lane is found: its chance to be late and its 95 % quantile', () => {
    const lines = LANES.map((lane, i) => ({
      ...KNOWN[i]!,
      ...lane,
      scheduledDay: TODAY + 30,
      deliveredDay: undefined,
    }));
    forecastDelays(KNOWN, lines).forEach((forecast, i) => {
      // About 730 lines of each lane: three standard errors, and a hundredth for what the groups around add.
      const {late} = LANES[i]!;
      expect(Math.abs(forecast.late - late)).toBeLessThan(3 * Math.sqrt((late * (1 - late)) / 730) + 0.01);
      expect(Math.abs(forecast.quantiles[2]! - trueQuantile(late, 0.95))).toBeLessThanOrEqual(2);
    });
  });

  it('H1 on rolling years it loses little against the truth itself, and plain records of vendor or route much more', () => {
    const origins = scoreRolling(KNOWN);
    expect(origins).toHaveLength(13);
    const mean = (of: (one: (typeof origins)[number]) => number): number =>
      origins.reduce((sum, one) => sum + of(one), 0) / origins.length;
    const truth = KNOWN.map(({scheduledDay, deliveredDay, vendor, country, programme}) => {
      const {late} = LANES.find((one) => one.vendor === vendor && one.country === country && one.programme === programme)!; // prettier-ignore
      return {days: deliveredDay - scheduledDay, quantile: trueQuantile(late, 0.95)};
    });
    const trueLoss = truth.reduce((sum, one) => sum + pinballLoss(one.days, one.quantile, 0.95), 0);
    const covered = truth.filter(({days, quantile}) => days <= quantile).length / truth.length;
    const loss95 = mean(({scores}) => scores.ours.quantiles[2]!.loss);
    expect(loss95).toBeLessThan((1.05 * trueLoss) / truth.length);
    expect(loss95).toBeLessThan(0.8 * mean(({scores}) => scores.vendor.quantiles[2]!.loss));
    expect(loss95).toBeLessThan(0.8 * mean(({scores}) => scores.route.quantiles[2]!.loss));
    expect(mean(({scores}) => scores.ours.roc - scores.vendor.roc)).toBeGreaterThan(0.1);
    expect(Math.abs(mean(({scores}) => scores.ours.quantiles[2]!.coverage) - covered)).toBeLessThan(0.015);
  });

  it('H1 where all lanes are alike, asking for each costs next to nothing', () => {
    for (const {scores} of scoreRolling(
      history(
        LANES.map((lane) => ({...lane, late: 0.2})),
        12,
      ),
    )) {
      expect(scores.ours.quantiles[2]!.loss).toBeLessThan(1.05 * scores.vendor.quantiles[2]!.loss);
    }
  });

  it('H1 what came after the origin changes no forecast', () => {
    const learnt = KNOWN.slice(0, 2000);
    const ahead = KNOWN.slice(2000);
    const blank = ahead.map((line) => ({...line, deliveredDay: undefined}));
    const said = (lines: Parameters<typeof forecastDelays>[1]) =>
      forecastDelays(learnt, lines).map(({late, quantiles}) => [late, ...quantiles]);
    expect(said(ahead)).toEqual(said(blank));
    expect(scoreDelays(forecastDelays(learnt, blank))).toBeUndefined();
  });

  it('H1 lines that are overdue and not here are late themselves, and a sign about the lane’s next ones', () => {
    const lane = {...KNOWN[0]!, ...LANES[0]!, deliveredDay: undefined};
    const next = {...lane, scheduledDay: TODAY + 30};
    const overdue = Array.from({length: 20}, () => ({...lane, scheduledDay: TODAY - 15}));
    const [alone] = forecastDelays(KNOWN, [next]);
    const [beside, first] = forecastDelays(KNOWN, [next, ...overdue]);
    expect(first!.late).toBeCloseTo(1, 12);
    expect(first!.quantiles[0]).toBeGreaterThanOrEqual(15);
    expect(beside!.late).toBeGreaterThan(alone!.late + 0.02);
  });
});

describe('a file of deliveries', () => {
  const HEADER = 'ID,Country,Fulfill Via,Shipment Mode,Vendor,Project Code,Scheduled Delivery Date,Delivered to Client Date'; // prettier-ignore
  const file = (name: string, lines: readonly string[]): string => {
    const at = path.join(folder, name);
    writeFileSync(at, [HEADER, ...lines, ''].join('\n'));
    return at;
  };

  it('H1 names every line it cannot read at once, and what is wrong with it', () => {
    const broken = file('broken.csv', [
      '1,Kenya,Direct Drop,Air,"A, with a\nsecond line",K-1,01-Apr-14,',
      '1,Kenya,Direct Drop,Air,A,K-1,01-Apr-14,',
      '2,Kenya,Direct Drop,Air,,K-1,31-Feb-14,soon',
    ]);
    expect(() => readDeliveryLines(broken)).toThrow(
      [
        `${broken} line 4: ID '1' stands in line 3 already`,
        `${broken} line 5: Vendor is empty`,
        `${broken} line 5: Scheduled Delivery Date '31-Feb-14' is no date such as 02-Jun-06`,
        `${broken} line 5: Delivered to Client Date 'soon' is no date such as 02-Jun-06`,
      ].join('\n'),
    );
  });

  it('H1 of very many it names the first twenty and counts the others', () => {
    const many = file('many.csv', Array.from({length: 30}, (_, i) => `${i},Kenya,Direct Drop,Air,,K-1,01-Apr-14,`)); // prettier-ignore
    expect(() => readDeliveryLines(many)).toThrow(/line 21: Vendor is empty\nand 10 more$/);
  });

  it('H1 the programme is read where the file has it', () => {
    const [line] = readDeliveryLines(
      file('whole.csv', ['1,Kenya,Direct Drop,Air,A,K-1,01-Apr-14,03-Apr-14']),
    );
    expect(line).toMatchObject({id: '1', route: 'Direct Drop · Air', vendor: 'A', country: 'Kenya', programme: 'K-1'}); // prettier-ignore
    expect(line!.deliveredDay! - line!.scheduledDay).toBe(2);
  });
});
