import {describe, expect, it} from 'vitest';
import {logisticScore} from '../../../predict/core/logistic.ts';
import {sigmoid} from '../../../predict/core/calibration.ts';
import {crossFit} from '../../../predict/training/cross-fit.ts';
import {fitFamily, type Family, type FamilyRow} from '../../../predict/training/families/family.ts';
import {openBackend} from '../../../predict/adapters/backend.ts';
import {askHead} from '../../../predict/adapters/head.ts';
import {toLayers} from '../../../predict/adapters/network-runner.ts';
import {logitsOf} from '../../../predict/training/hazard-network.ts';
import {fitLogistic} from '../../../predict/training/families/logistic-family.ts';
import {solveSymmetric} from '../../../predict/training/families/solve-symmetric.ts';
import {baselinesOf} from '../../../predict/training/baselines.ts';
import {foldRows} from '../../../predict/training/fold-rows.ts';
import {inSinglePrecision, rowsOf as rowsOfTable} from '../../../predict/training/row-table.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';
import {tableOf} from './table-of.ts';

const start = {input: 0, slope: 0, intercepts: [-1]};

/** Rows whose risk is sigmoid(−1 + 2·x) at place 0 and sigmoid(−1 − 2·x) at place 1. */
function rowsOf(count: number, seed: number): FamilyRow[] {
  const random = seededGenerator(seed);
  return Array.from({length: count}, (_, row) => {
    const x = Math.fround(random() * 4 - 2);
    const place = row % 2;
    const failed = random() < sigmoid(-1 + (place === 0 ? 2 : -2) * x) ? 1 : 0;
    const input = Float32Array.of(x, place === 0 ? 1 : -1);
    return {input, raw: input, place, weight: 1, labels: {failed: [failed], exposure: [1]}};
  });
}

describe('a logistic', () => {
  it('solves two equations by hand: 4x + 2y = 8 and 2x + 3y = 7 → 1.25 and 1.5', () => {
    const [x, y] = solveSymmetric(Float64Array.of(4, 0, 2, 3), Float64Array.of(8, 7));
    expect(x).toBeCloseTo(1.25, 12);
    expect(y).toBeCloseTo(1.5, 12);
  });

  it('B1 finds the slope of each place that rows were drawn from', () => {
    const {member, heldOut} = fitLogistic({
      training: rowsOf(6000, 1),
      heldOut: rowsOf(2000, 2),
      seed: 1,
      start,
    });
    if (member.family !== 'logistic') throw new Error('it is a logistic');
    const [of] = member.outputs;
    expect(of!.places[0]!.weights[0]).toBeCloseTo(2, 0);
    expect(of!.places[1]!.weights[0]).toBeCloseTo(-2, 0);
    expect(heldOut[0]![0]).toBe(logisticScore(of!, 0, rowsOf(2000, 2)[0]!.input));
  });
});

it('rows come out of shared memory as they went in', () => {
  // More than one chunk of them, the last one begun.
  const rows = rowsOf(2049, 5).map((row, i) => ({
    ...row,
    weight: i + 0.1,
    raw: Float32Array.of(NaN, i / 512),
  }));
  const table = tableOf(
    rows,
    (row) => 3 * row,
    (row) => (row % 2 === 0 ? 'teach' : 'judge'),
  );
  const told = rowsOfTable(table).map(({raw, input, place, labels, weight}) => ({
    ...{raw, input, place, labels, weight},
  }));
  // Standardised by a mean of 0 and a deviation of 1; what was not heard is 0.
  expect(told).toEqual(rows.map((row) => ({...row, input: Float32Array.of(0, row.raw[1]!)})));
  expect(rowsOfTable(table).slice(-2)).toMatchObject([
    {machine: 3 * 2047, use: 'judge'},
    {machine: 3 * 2048, use: 'teach'},
  ]);
  expect(rowsOfTable(inSinglePrecision(table)).map(({weight}) => weight)).toEqual(
    rows.map(({weight}) => Math.fround(weight)),
  );
});

describe('folds', () => {
  const use = (machine: number, what: 'teach' | 'judge' | 'both' = 'both') => ({machine, use: what});

  it('B1 machines 0, 1 and 2 in two: fold 0 learns from machine 1 and is held to 0 and 2, fold 1 the other way round', () => {
    const [first, second] = foldRows([use(0), use(1), use(2), use(1)], 2);
    expect(first).toEqual({teach: Uint32Array.of(1, 3), heldOut: Uint32Array.of(0, 2)});
    expect(second).toEqual({teach: Uint32Array.of(0, 2), heldOut: Uint32Array.of(1, 3)});
  });

  it('B1 divided by time too, no fit learns from a row that judges nor is judged by one that teaches', () => {
    const rows = [use(0, 'teach'), use(0, 'judge'), use(1, 'teach'), use(1, 'judge')];
    expect(foldRows(rows, 2)).toEqual([
      {teach: Uint32Array.of(2), heldOut: Uint32Array.of(1)},
      {teach: Uint32Array.of(0), heldOut: Uint32Array.of(3)},
    ]);
  });
});

it('B1 a baseline is the age law that fits start from, and the share that failed at a place: of 3 taught rows 1 failed → logit of 1.5 / 4', () => {
  const row = (place: number, failed: 0 | 1, x: number): FamilyRow => {
    const input = Float32Array.of(x);
    return {input, raw: input, place, weight: 1, labels: {failed: [failed], exposure: [1]}};
  };
  const rows = [row(0, 1, 0), row(0, 0, 0), row(0, 0, 0), row(1, 1, 0), row(0, 0, 2)];
  const fold = {teach: Uint32Array.of(0, 1, 2, 3), heldOut: Uint32Array.of(4)};
  const [age, base] = baselinesOf(rows, [fold], {input: 0, slope: 0.5, intercepts: [-4]});
  expect([age!.name, base!.name]).toEqual(['age law', 'base rate']);
  expect(age!.logits.get(4)).toEqual([-3]);
  expect(base!.logits.get(4)![0]).toBeCloseTo(Math.log(1.5 / 2.5), 12);
});

describe('networks of sequences', () => {
  const STEPS = 8;
  /** A bump in each half of eight steps: in which order a high and a low one came is all that tells. The ninth input is age. */
  function sequences(count: number, seed: number): FamilyRow[] {
    const random = seededGenerator(seed);
    return Array.from({length: count}, (_, row) => {
      const failed = random() < 0.5 ? 1 : 0;
      const input = new Float32Array(STEPS + 1).map(() => 0.2 * (random() - 0.5));
      const [first, second] = [Math.floor(random() * 4), 4 + Math.floor(random() * 4)];
      input[first]! += failed === 1 ? 2 : -2;
      input[second]! += failed === 1 ? -2 : 2;
      return {input, raw: input, place: row % 2, weight: 1, labels: {failed: [failed], exposure: [1]}};
    });
  }
  const settings = {
    units: 8,
    epochs: 5,
    batchRows: 64,
    learningRate: 1e-2,
    l2: 0,
    inputNoise: 0,
    patience: 5,
  };
  const view = {
    steps: STEPS,
    channels: 1,
    sequence: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    plain: [8],
  };

  it('B1 compete where steps are inputs, read the order that others do not see, and are served as they answered', async () => {
    const {tf} = await openBackend({choice: 'cpu', strict: true});
    const lesson = {
      // As a thread reads them: rows of a table.
      training: rowsOfTable(tableOf(sequences(600, 1), (row) => row)),
      ...{heldOut: sequences(100, 2), seed: 1, view},
      start: {input: 8, slope: 0.5, intercepts: [-0.1]},
    };
    const families: readonly Family[] = [
      {name: 'logistic'},
      {name: 'convolution', settings: {...settings, layers: [{filters: 4, kernel: 3, stride: 1}]}},
      {name: 'recurrent', settings: {...settings, reads: 6}},
    ];
    const right: number[] = [];
    for (const family of families) {
      const {member, heldOut} = await fitFamily(tf, family, lesson);
      expect(member.reads).toEqual(family.name === 'logistic' ? view.plain : view.sequence);
      right.push(heldOut.filter((z, i) => z[0]! > 0 === (lesson.heldOut[i]!.labels.failed[0] === 1)).length);
      const head = {
        inputs: view.sequence,
        scaling: {mean: new Array<number>(9).fill(0), sd: new Array<number>(9).fill(1)},
        members: [member],
        parts: 1,
        calibration: [{slope: 1, shift: 0}],
      };
      const served = await askHead(head, lesson.heldOut, async (_, inputs) => {
        if (member.family !== 'network') throw new Error('only networks are run');
        return logitsOf(tf, await toLayers(tf, member.network), inputs);
      });
      served.forEach(({hazards: [hazard]}, i) => expect(hazard).toBeCloseTo(sigmoid(heldOut[i]![0]!), 5));
    }
    expect(right[0]).toBeLessThan(65); // age tells nothing here
    expect(right[1]).toBeGreaterThan(90);
    expect(right[2]).toBeGreaterThan(90);
  });
});

it('B1 the champion is who answers held-out machines best; equal seeds give equal members in whatever thread', async () => {
  const table = tableOf(rowsOf(1200, 3), (row) => row >> 3);
  const fit = async () =>
    crossFit(table, {
      families: [
        {name: 'logistic'},
        {
          name: 'trees',
          settings: {
            trees: 20,
            patience: 5,
            rowShare: 0.7,
            inputShare: 1,
            leaves: 4,
            leafCurvatureMin: 1,
            leafRowsMin: 10,
            l2: 1,
            rate: 0.1,
          },
        },
      ],
      folds: foldRows(rowsOfTable(table), 3),
      seed: 1,
      start,
      backend: 'cpu',
    });
  const first = await fit();
  const {contenders, baselines, members, calibration} = first;
  expect(contenders.map(({families}) => families.join('+'))).toEqual(['logistic', 'logistic+trees', 'trees']);
  const losses = contenders.map(({loss}) => loss);
  expect(losses).toEqual([...losses].sort((a, b) => a - b));
  expect(contenders[0]!.behindSe).toBe(0);
  expect(members.map((of) => of.map(({family}) => family))).toEqual([
    ['logistic'],
    ['logistic'],
    ['logistic'],
  ]);
  expect(calibration[0]!.slope).toBeCloseTo(1, 0);
  // Half of each place's rows fail, about: x alone tells which. With start's slope 0 there is no age law to compare with.
  expect(baselines.map(({families}) => families)).toEqual([['base rate']]);
  expect(baselines[0]!.loss).toBeGreaterThan(losses.at(-1)!);
  expect(baselines[0]!.behindSe).toBeGreaterThan(0);
  expect(await fit()).toEqual(first);
});

it('B1 what a fold is judged by knows nothing of its rows: other outcomes there calibrate the other folds alone', async () => {
  const rows = rowsOf(1200, 3);
  const table = (of: readonly FamilyRow[]) =>
    tableOf(
      of,
      (row) => row >> 3,
      (row) => (row % 2 === 0 ? 'teach' : 'judge'),
    );
  const folds = foldRows(rowsOfTable(table(rows)), 3);
  const judged = new Set(folds[0]!.heldOut);
  const turned = rows.map((row, nth) =>
    judged.has(nth)
      ? {...row, labels: {...row.labels, failed: [row.labels.failed[0] === 1 ? (0 as const) : (1 as const)]}}
      : row,
  );
  const fit = async (of: readonly FamilyRow[]) =>
    crossFit(table(of), {
      ...{families: [{name: 'logistic'}], folds, seed: 1, start, backend: 'cpu'},
    });
  const [before, after] = [await fit(rows), await fit(turned)];
  expect(after.calibrationWithout[0]).toEqual(before.calibrationWithout[0]);
  expect(after.calibrationWithout[1]).not.toEqual(before.calibrationWithout[1]);
  expect(after.calibration).not.toEqual(before.calibration);
});
