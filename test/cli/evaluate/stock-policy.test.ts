import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {curvePlot} from '../../../cli/evaluate/stock-policy/curve-plot.ts';
import {evaluateStockPolicy, type StockPolicyResult} from '../../../cli/evaluate/stock-policy/evaluation.ts';
import {readStockSet} from '../../../cli/evaluate/stock-policy/stock-set.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-stock-policy-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});

const ITEMS = 40;
const MONTHS = Array.from(
  {length: 44},
  (_, i) => `${1997 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
);

function file(name: string, rows: readonly (readonly (string | number)[])[]): void {
  writeFileSync(path.join(folder, name), gzipSync(rows.map((row) => row.join()).join('\n')));
}

/** Made up here: part i costs i + 1 and is asked for in one month of three; the last two hardly ever. */
beforeAll(() => {
  const random = seededGenerator(20_261_122);
  const items = Array.from({length: ITEMS}, (_, i) => [
    i,
    i + 1,
    ...MONTHS.map((_month, at) => {
      if (i >= ITEMS - 2) return at === 3 ? 1 : 0;
      return random() < 1 / 3 ? 1 + Math.floor(random() * 3) : 0;
    }),
  ]);
  file('oil_consumption.csv.gz', [['item', 'Price', ...MONTHS], ...items]);
  const materials = items.slice(20).map(([item], i) => [item!, 44, 2, 5, 3, 1, '', '', '', i === 0 ? 1 : '']);
  file('oil_materials_1b.csv.gz', [
    ['Material', 'Del. time', 'Min', 'Max', 'Stock', 'Price', 'H', 'M', 'L', 'Total'],
    ...materials,
  ]);
  file('published_fill_rate_vs_cost.csv.gz', [
    [
      'Dataset',
      'Method',
      'TargetFillRates',
      'AchievedFillRates_Avg',
      'AchievedFillRates_Total',
      'HoldingCosts',
    ],
    ['OIL', 'SBA', 0.75, 0.5, 0.5, 100_000],
    ['OIL', 'SBA', 0.99, 1, 1, 400_000],
    ['RAF', 'SBA', 0.75, 0.5, 0.5, 1],
  ]);
});

describe('the simulated stock of a set', () => {
  it('leaves out the unreliable month, and parts with less than two demands in the training part', () => {
    const {items, periods, trainingPeriods} = readStockSet(folder, 'oil');
    expect(items).toHaveLength(ITEMS - 2);
    expect([periods, trainingPeriods]).toEqual([43, 26]); // the study simulated the last 17
    expect(items[0]!.incumbent).toBeUndefined();
    expect(items[25]).toMatchObject({price: 26, leadPeriods: 2, incumbent: {min: 2, max: 5}});
  });

  it('caps a month by the pieces installed', () => {
    const {items} = readStockSet(folder, 'oil');
    expect(Math.max(...items[20]!.demand)).toBe(1);
    expect(Math.max(...items[21]!.demand)).toBeGreaterThan(1);
  });

  describe('beside a published study', () => {
    let result: StockPolicyResult;
    beforeAll(() => {
      result = evaluateStockPolicy(folder, 'oil', () => undefined);
    });

    it('D1 fills more and costs more at every higher target, each item by itself and all together', () => {
      for (const {points} of result.study.slice(0, 2)) {
        expect(points).toHaveLength(25);
        for (let i = 1; i < points.length; i += 1) {
          expect(points[i]!.holdingCost).toBeGreaterThanOrEqual(points[i - 1]!.holdingCost);
          expect(points[i]!.totalFill).toBeGreaterThanOrEqual(points[i - 1]!.totalFill);
        }
      }
    });

    it('D1 fills as much at less cost when dear and cheap parts share the target', () => {
      const [each, shared] = result.study;
      const cheapest = shared!.points.find(({meanFill}) => meanFill >= each!.points[10]!.meanFill)!;
      expect(cheapest.holdingCost).toBeLessThan(each!.points[10]!.holdingCost);
    });

    it('scales the published costs to the parts that are here, and compares at the same share of all pieces', () => {
      const share = (ITEMS - 2) / result.studyItems;
      expect(result.published).toHaveLength(1);
      expect(result.published[0]!.points[1]!.holdingCost).toBeCloseTo(400_000 * share, 9);
      const {point, publishedAtTotalFill} = result.atTarget[0]!;
      expect(publishedAtTotalFill).toEqual({
        method: 'SBA',
        holdingCost: expect.closeTo(share * (100_000 + (point.totalFill - 0.5) * 600_000), 6) as number,
      });
    });

    it('compares the rule of the study with itself at its own cost', () => {
      const {point, sbaAtMeanFill, sbaAtTotalFill} = result.atTarget[2]!;
      expect(sbaAtMeanFill).toBeLessThanOrEqual(point.holdingCost * (1 + 1e-9));
      expect(sbaAtTotalFill).toBeLessThanOrEqual(point.holdingCost * (1 + 1e-9));
    });

    it("runs the owner's minimum and maximum beside ours where the books have them", () => {
      expect(result.own!.items).toBe(18);
      const owner = result.own!.curves.at(-1)!;
      expect(owner.points).toHaveLength(1);
      expect(owner.points[0]!.totalFill).toBeGreaterThan(0.3);
      expect(result.own!.curves[0]!.points).toHaveLength(25);
    });

    it('draws every curve', () => {
      const svg = curvePlot(
        'oil & co',
        [...result.study, ...result.published].map((curve) => ({...curve, ours: true})),
      );
      expect(svg.match(/<polyline/g)).toHaveLength(4);
      expect(svg).toContain('oil &amp; co');
      expect(svg).not.toContain('NaN');
    });
  });
});
