import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HORIZONS_H} from '../../../domain/forecast.ts';
import type {ComponentId, EquipmentId} from '../../../domain/ids.ts';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {openBackend} from '../../../predict/adapters/backend.ts';
import type {Head, Member} from '../../../predict/adapters/head.ts';
import {loadModel, saveModel, type ModelContent} from '../../../predict/adapters/model-store.ts';
import {openScorer} from '../../../predict/adapters/scorer.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {featuresOf} from '../../../predict/core/features.ts';
import type {ScoreRequest} from '../../../predict/core/score.ts';
import {fitNetworkMember} from '../../../predict/training/families/network-family.ts';

const spec: ClassSpec = {
  equipmentClassId: 'pump',
  components: [{positionId: 'seal', classId: 'seal', life: {shape: 2, scaleH: 2000}}],
  signals: [],
  eventCodes: ['E1'],
  attributes: [],
  windowH: 24,
  gridH: 3,
  horizonsH: [...HORIZONS_H],
  visits: {everyH: 360, deviationsH: [0], signsH: 48, offCalendarPerH: [0]},
};
const width = featuresOf(spec).length;
const NOW = epochMs(10_000 * HOUR_MS);

/** A logistic that says the same of everybody. */
const always = (logit: number): Member => ({
  family: 'logistic',
  outputs: [{places: [{intercept: logit, weights: new Array<number>(width).fill(0)}]}],
});
const head = (members: Member[], outputs = 1, parts = 1): Head => ({
  inputs: [...Array(width).keys()],
  scaling: {mean: new Array<number>(width).fill(0), sd: new Array<number>(width).fill(1)},
  calibration: Array.from({length: outputs}, () => ({slope: 1, shift: 0})),
  members,
  parts,
});
/** The seal of a machine that was visited so many hours ago, or never. */
const request = (visitedAgoH?: number): ScoreRequest => ({
  window: {
    equipmentId: 'P-1' as EquipmentId,
    asOf: NOW,
    gridMs: 3 * HOUR_MS,
    buckets: new Map(),
    events:
      visitedAgoH === undefined
        ? []
        : [
            {
              type: 'part-replaced',
              code: undefined,
              positionId: 'seal',
              at: epochMs(NOW - visitedAgoH * HOUR_MS),
            },
          ],
    attributes: {},
  },
  component: {componentId: 'S' as ComponentId, positionId: 'seal', classId: 'seal', ageH: 500},
});

let folder: string;
let content: ModelContent;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forestock-ensemble-'));
  const {tf} = await openBackend({choice: 'cpu', strict: true});
  const rows = Array.from({length: 64}, (_, i) => {
    const input = new Float32Array(width).fill(i % 5);
    return {
      input,
      raw: input,
      place: 0,
      weight: 1,
      labels: {
        failed: HORIZONS_H.map(() => (i % 2 === 0 ? 1 : 0)),
        exposure: HORIZONS_H.map(() => 1),
      },
    };
  });
  const settings = {
    units: 4,
    epochs: 2,
    batchRows: 16,
    learningRate: 1e-2,
    l2: 0,
    inputNoise: 0,
    patience: 2,
  };
  const start = {input: 0, slope: 0, intercepts: HORIZONS_H.map(() => -2)};
  const {member} = await fitNetworkMember(tf, settings, {training: rows, heldOut: rows, seed: 1, start});
  const stump: Member = {
    family: 'trees',
    outputs: [{base: -1, trees: [{feature: [-1], threshold: [0], left: [0], value: [2]}]}],
  };
  content = {
    features: {spec, names: featuresOf(spec).map(({name}) => name)},
    heads: {
      hazards: head([member, member], HORIZONS_H.length),
      near: head([stump, always(3)]),
      far: head([always(-2)]),
    },
    card: {passed: false},
    cardMarkdown: 'a card',
  };
});
afterAll(async () => rm(folder, {recursive: true}));

describe('a model of several heads and families', () => {
  it('B4 comes back from its folder as it was, and equal content has an equal name', async () => {
    const saved = await saveModel(folder, content);
    expect(saved.heads).toEqual(content.heads);
    expect((await saveModel(folder, content)).modelVersionId).toBe(saved.modelVersionId);
    expect(saved.features.spec).toEqual(spec);
  });

  it('B4 refuses a changed byte in each of its files, naming it', async () => {
    const version = join(folder, (await saveModel(folder, content)).modelVersionId);
    for (const file of ['heads.json', 'weights.bin', 'features.json', 'card.json', 'card.md']) {
      const path = join(version, file);
      const bytes = await readFile(path);
      await writeFile(path, Buffer.from(bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))));
      await expect(loadModel(version), file).rejects.toMatchObject({
        code: 'model-unreadable',
        message: expect.stringContaining(file) as string,
      });
      await writeFile(path, bytes);
    }
    expect((await loadModel(version)).heads).toEqual(content.heads);
  });

  it('B1 averages its members by hand: trees say 1, a logistic 3, so a visit in 10 h finds 1 / (1 + e⁻²) = 0.880797', async () => {
    const scorer = await openScorer({
      models: [await saveModel(folder, content)],
      choice: 'cpu',
      strict: true,
    });
    const {modelVersionId} = scorer.models[0]!;
    const [near, far, unknown] = await scorer.score(modelVersionId, [request(350), request(10), request()]);
    // The visit in 10 h, then one in 370 h that finds 1 / (1 + e²) = 0.119203 of what is left.
    expect(near!.cumulativePpm).toEqual([880797, 880797, 880797, 880797, 895006]);
    expect(far!.cumulativePpm).toEqual([0, 0, 0, 0, 119203]); // next in 350 h, the one after in 710 h
    expect(unknown!.cumulativePpm[0]).toBeGreaterThan(0); // no calendar: hazards
    expect(near!.topSignals).toEqual([]); // nothing that it reads moves it
    await scorer.close();
  });

  it('B1 says how far its parts lie apart by hand: logits −1, 0 and 1 give 0.5 ± Student’s 2.92 · 1.1547', async () => {
    const parts = head([always(-1), always(0), always(1)], 1, 3);
    const inThree: ModelContent = {...content, heads: {...content.heads, near: parts, far: parts}};
    const stored = await saveModel(folder, inThree);
    expect(stored.heads.near!.parts).toBe(3);
    const scorer = await openScorer({models: [stored], choice: 'cpu', strict: true});
    const [near] = await scorer.score(stored.modelVersionId, [request(350)]);
    expect(near!.cumulativePpm[0]).toBe(500_000);
    const low = 1e6 / (1 + Math.exp(2.92 * Math.sqrt((2 / 3) * 2)));
    expect(near!.range).toMatchObject({
      lowPpm: expect.arrayContaining([Math.round(low)]) as number[],
      highPpm: expect.arrayContaining([Math.round(1e6 - low)]) as number[],
    });
    await scorer.close();
    const plain = await saveModel(folder, content);
    const alone = await openScorer({models: [plain], choice: 'cpu', strict: true});
    expect((await alone.score(plain.modelVersionId, [request(350)]))[0]!.range).toBeUndefined();
    await alone.close();
  });

  it('B4 members that do not divide into its parts are refused', async () => {
    const uneven: ModelContent = {
      ...content,
      heads: {...content.heads, far: head([always(0), always(1), always(2)], 1, 2)},
    };
    await expect(saveModel(folder, uneven)).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining('groups of equal size') as string,
    });
  });

  it('its networks run in worker threads as in this one', async () => {
    const stored = await saveModel(folder, content);
    const pool = await openScorer({models: [stored], choice: 'wasm', strict: true, threads: 1});
    const here = await openScorer({models: [stored], choice: 'cpu', strict: true});
    const asked = [request(), request(3), request(330)];
    const [fast, plain] = [
      await pool.score(stored.modelVersionId, asked),
      await here.score(stored.modelVersionId, asked),
    ];
    fast.forEach(({cumulativePpm}, i) =>
      cumulativePpm.forEach((ppm, h) =>
        expect(Math.abs(ppm - plain[i]!.cumulativePpm[h]!)).toBeLessThanOrEqual(1),
      ),
    );
    await Promise.all([pool.close(), here.close()]);
  });
});
