import {createHash} from 'node:crypto';
import {cp, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {ComponentId, EquipmentId, ModelVersionId} from '../../../domain/ids.ts';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {openBackend} from '../../../predict/adapters/backend.ts';
import {loadModel, loadModels, type StoredModel} from '../../../predict/adapters/model-store.ts';
import {openScorer, type OpenScorer} from '../../../predict/adapters/scorer.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import type {ScoreRequest} from '../../../predict/core/score.ts';

const MODELS = join(import.meta.dirname, '../../../models');
let models: readonly StoredModel[];
let wasm: OpenScorer;
let cpu: OpenScorer;

beforeAll(async () => {
  models = await loadModels(MODELS);
  cpu = await openScorer({models, choice: 'cpu', strict: true});
  wasm = await openScorer({models, choice: 'wasm', strict: true, threads: 2});
}, 60_000);
afterAll(async () => Promise.all([wasm.close(), cpu.close()]));

/** Machines whose first signal climbs from the middle of its band to `reach` bands above, each a little more than the last. */
function requests(spec: ClassSpec, count: number, reach = 2): ScoreRequest[] {
  const asOf = epochMs(500_000 * HOUR_MS);
  return Array.from({length: count}, (_, k) => {
    const buckets = new Map(
      spec.signals.map(({name, normalLow, normalHigh}, s) => {
        const band = normalHigh! - normalLow!;
        const series = Array.from({length: spec.windowH}, (_, hour) => {
          const climb = s === 0 ? (reach * band * hour * (k + 1)) / (spec.windowH * count) : 0;
          const mean = (normalLow! + normalHigh!) / 2 + climb + (band * Math.sin(hour + k)) / 20;
          return {
            n: 6,
            mean,
            m2: (band / 40) ** 2 * 6,
            min: mean - band / 20,
            max: mean + band / 20,
            last: mean,
          };
        });
        return [name, series] as const;
      }),
    );
    const {positionId, classId, life} = spec.components[k % spec.components.length]!;
    return {
      window: {
        equipmentId: `M-${k}` as EquipmentId,
        asOf,
        gridMs: HOUR_MS,
        buckets,
        events: [],
        attributes: {},
      },
      component: {
        componentId: `C-${k}` as ComponentId,
        positionId,
        classId,
        ageH: life.scaleH * ((k % 7) / 7),
      },
    };
  });
}

describe('scoring', () => {
  it('knows one shipped model per equipment class', () => {
    const classes = wasm.models.map(({spec}) => spec.equipmentClassId);
    expect(classes).toEqual(['chiller', 'compressor', 'packaging-robot']);
    expect([wasm.backend, cpu.backend]).toEqual(['wasm', 'cpu']);
  });

  it('wasm threads and plain JavaScript agree within 1e-6', async () => {
    for (const {modelVersionId, spec} of wasm.models) {
      const asked = requests(spec, 150);
      const [fast, plain] = await Promise.all([
        wasm.score(modelVersionId, asked),
        cpu.score(modelVersionId, asked),
      ]);
      fast.forEach((score, i) => {
        score.cumulativePpm.forEach((ppm, h) => {
          expect(Math.abs(ppm - plain[i]!.cumulativePpm[h]!)).toBeLessThanOrEqual(1); // 1 ppm is 1e-6
        });
      });
    }
  }, 60_000);

  it('a score does not depend on how many were asked together', async () => {
    const {modelVersionId, spec} = wasm.models[0]!;
    const asked = requests(spec, 131); // one full pass and a bit
    const together = await wasm.score(modelVersionId, asked);
    const alone = await Promise.all(
      [0, 64, 127, 128, 130].map(async (i) => wasm.score(modelVersionId, [asked[i]!])),
    );
    expect(alone.flat()).toEqual([0, 64, 127, 128, 130].map((i) => together[i]));
    expect(await wasm.score(modelVersionId, [])).toEqual([]);
  }, 60_000);

  it('curves rise with the horizon, and a climbing signal raises the risk and is named', async () => {
    const {modelVersionId, spec} = wasm.models[0]!;
    const asked = (reach: number): ScoreRequest[] => [requests(spec, 4, reach)[3]!]; // past its first third of life
    const [calm] = await wasm.score(modelVersionId, asked(0));
    const [climbing] = await wasm.score(modelVersionId, asked(2));
    for (const {cumulativePpm} of [calm!, climbing!]) {
      expect([...cumulativePpm].sort((a, b) => a - b)).toEqual(cumulativePpm);
    }
    expect(climbing!.cumulativePpm[4]).toBeGreaterThan(2 * calm!.cumulativePpm[4]!);
    expect(
      climbing!.topSignals.some(
        ({signal, contributionPct}) => signal === 'vibration_mm_s' && contributionPct > 0,
      ),
    ).toBe(true);
    expect(climbing!.completenessPct).toBe(100);
  });

  it('asking for a model that is not loaded names the loaded ones', async () => {
    await expect(wasm.score('nobody' as ModelVersionId, [])).rejects.toMatchObject({
      code: 'model-not-loaded',
      message: expect.stringContaining(models[0]!.modelVersionId) as string,
    });
  });
});

describe('backends', () => {
  it('auto ends on a backend that loads and says what it passed over', async () => {
    const {name, passedOver} = await openBackend({choice: 'auto'});
    const order = ['node', 'wasm', 'cpu'];
    expect(passedOver.map((other) => other.name)).toEqual(order.slice(0, order.indexOf(name)));
  });
});

describe('the model store', () => {
  it('refuses a version with one flipped byte, whichever file, and names it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forestock-model-'));
    try {
      const shipped = join(MODELS, models[0]!.modelVersionId);
      const {files} = JSON.parse(await readFile(join(shipped, 'manifest.json'), 'utf8')) as {files: object};
      for (const file of Object.keys(files)) {
        const version = join(folder, file);
        await cp(shipped, version, {recursive: true});
        const bytes = await readFile(join(version, file));
        bytes[Math.floor(bytes.length / 2)]! ^= 1;
        await writeFile(join(version, file), bytes);
        await expect(loadModel(version)).rejects.toMatchObject({
          name: 'OperationalFault',
          code: 'model-unreadable',
          message: expect.stringContaining(join(version, file)) as string,
        });
      }
    } finally {
      await rm(folder, {recursive: true});
    }
  });

  it('B1 refuses a version that was edited with its manifest, is of other features, or whose manifest is of another form', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'forestock-model-'));
    try {
      const version = join(folder, models[0]!.modelVersionId);
      await cp(join(MODELS, models[0]!.modelVersionId), version, {recursive: true});
      const manifest = JSON.parse(await readFile(join(version, 'manifest.json'), 'utf8')) as {files: object};
      const refusal = async (change: object): Promise<unknown> => {
        await writeFile(join(version, 'manifest.json'), JSON.stringify({...manifest, ...change}));
        return loadModel(version).catch((fault: unknown) => (fault as Error).message);
      };
      expect(await refusal({format: 3})).toMatch(
        /manifest\.json is not what a model folder holds: format: .+; restore the folder$/,
      );
      expect(await refusal({featureSha256: '0'.repeat(64)})).toMatch(
        /was trained on other features than this release computes; train again with `forestock train`/,
      );
      await writeFile(join(version, 'card.md'), 'passes every gate');
      const card = createHash('sha256').update('passes every gate').digest('hex');
      expect(await refusal({files: {...manifest.files, 'card.md': card}})).toMatch(
        new RegExp(
          `says that it is ${models[0]!.modelVersionId}, but its content is that of .+; restore the folder`,
        ),
      );
    } finally {
      await rm(folder, {recursive: true});
    }
  });

  it('refuses a folder without its manifest', async () => {
    await expect(loadModel(join(MODELS, 'no-such-version'))).rejects.toMatchObject({
      code: 'model-unreadable',
    });
  });
});
