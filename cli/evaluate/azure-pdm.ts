import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Command} from 'commander';
import {openBackend} from '../../predict/adapters/backend.ts';
import {saveModel, type StoredModel} from '../../predict/adapters/model-store.ts';
import {openScorer} from '../../predict/adapters/scorer.ts';
import {judge} from '../../predict/core/metrics.ts';
import {defaultFamilies} from '../../predict/training/default-families.ts';
import {openFitStore} from '../../predict/training/fit-store.ts';
import {trainEnsemble} from '../../predict/training/train-ensemble.ts';
import {fitsOption, wholeNumber} from '../option-values.ts';
import {answer, progress, table} from '../output.ts';
import {AZURE_CLASS, COMPONENTS, readAzureSet, type AzureSet} from './azure-pdm/read-set.ts';
import {
  ISSUED_AFTER_H,
  SCORED_HORIZONS_H,
  judgedRows,
  scoreSet,
  type JudgedSet,
} from './azure-pdm/score-set.ts';

interface Options {
  readonly train: string;
  readonly test: string;
  readonly scoresOut: string;
  readonly modelOut?: string;
  readonly seed: number;
  readonly fits: string;
  readonly json?: boolean;
}

export const azurePdmCommand = new Command('azure-pdm')
  .description(
    'train failure models on one folder of the azure-pdm set, and forecast every machine of another',
  )
  .requiredOption(
    '--train <folder>',
    'machines to learn from: telemetry, errors, maintenance, failures, machines',
  )
  .requiredOption(
    '--test <folder>',
    'machines to forecast; its failures, where it has them, are used for the score only',
  )
  .requiredOption(
    '--scores-out <file>',
    'CSV that receives P(failure) of each machine, component and 3-hour stamp within 24, 72, 168 and 336 h',
  )
  .option('--model-out <folder>', 'keep the model here, as a version that can be served')
  .option('--seed <number>', 'of training; the same gives the same model', wholeNumber, 1)
  .addOption(fitsOption())
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nA stamp T holds data up to T + 1 h; its forecasts are issued at T + 2 h. Horizons that pass the end of a record are not judged.\n' +
      'Exit code: 0 done, 1 training failed or a file cannot be written, 2 wrong option, file or histories.\n' +
      'Example: forestock evaluate azure-pdm --train data/azure-pdm --test held-out --scores-out scores.csv',
  )
  .action(async (options: Options) => {
    const train = await readAzureSet(options.train);
    const test = await readAzureSet(options.test);
    const model = await trainModel(train, options);
    const scorer = await openScorer({models: [model], choice: 'wasm', strict: true, explained: false});
    try {
      const {modelVersionId, features} = model;
      const told = teller('forecasting');
      const {rows, judged} = await scoreSet(
        test.machines,
        {scorer, modelVersionId, spec: features.spec},
        options.scoresOut,
        (done) => told(done / test.machines.length),
      );
      const quality = test.hasFailures ? qualityOf(judged) : undefined;
      const {folds, contenders} = model.card;
      const facts = {
        trained: train.machines.length,
        forecast: test.machines.length,
        rows,
        out: options.scoresOut,
      };
      answer(
        options.json,
        {
          ...facts,
          modelVersionId,
          unanswered: train.unanswered,
          visits: features.spec.visits,
          folds,
          contenders,
          quality,
        },
        () => text(facts, train, model, quality),
      );
    } finally {
      await scorer.close();
    }
  });

/** Scores come from the model as it is stored and read again: what a service would load. */
async function trainModel(
  train: AzureSet,
  {train: source, seed, modelOut, fits}: Options,
): Promise<StoredModel> {
  const {name: backend} = await openBackend({choice: 'wasm', strict: true});
  const kept = await openFitStore(fits, Date.now());
  const {content} = await trainEnsemble({
    target: AZURE_CLASS,
    machines: train.machines.map(({history}) => history),
    familiesOf: defaultFamilies,
    backend,
    seed,
    issuedAfterH: ISSUED_AFTER_H,
    source: `the azure-pdm set, ${path.basename(source)}`,
    kept,
    onProgress: teller('training'),
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'forestock-azure-pdm-'));
  try {
    const model = await saveModel(modelOut ?? folder, content);
    await kept.clear();
    return model;
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Tells the share of the work that is done, at most every five seconds, with what is left by the pace so far. */
function teller(what: string): ((share: number) => void) & ((step: string, share: number) => void) {
  const startedAt = performance.now();
  let toldAt = startedAt;
  return (first: number | string, second?: number) => {
    const share = typeof first === 'number' ? first : second!;
    const now = performance.now();
    if (now - toldAt < 5_000) return;
    toldAt = now;
    const leftS = Math.round(((now - startedAt) / 1000) * (1 / Math.max(share, 0.001) - 1));
    const step = typeof first === 'string' ? `, ${first}` : '';
    progress(`${what}${step}: ${Math.round(100 * share)} %, about ${leftS} s left`);
  };
}

interface HorizonFigures {
  readonly horizonH: number;
  readonly averagePrecision: number;
  readonly brierSkill: number;
  readonly calibrationError: number;
  readonly byComponent: readonly {
    readonly component: string;
    readonly rows: number;
    readonly prevalence: number;
    readonly averagePrecision: number;
    readonly brierSkill: number;
    readonly calibrationError: number;
  }[];
}

/** Figures of each component, and their means; skill is against always saying the component's own share. */
function qualityOf(judged: JudgedSet): HorizonFigures[] {
  return SCORED_HORIZONS_H.map((horizonH, h) => {
    const byComponent = COMPONENTS.flatMap((component, c) => {
      const rows = judgedRows(judged[h]![c]!);
      if (!rows.some(({failed}) => failed)) return []; // no failure, no figure
      const {prevalence, brier, averagePrecision, calibrationError} = judge(rows);
      const brierSkill = 1 - brier / (prevalence * (1 - prevalence));
      return [{component, rows: rows.length, prevalence, averagePrecision, brierSkill, calibrationError}];
    });
    const mean = (of: 'averagePrecision' | 'brierSkill' | 'calibrationError'): number =>
      byComponent.reduce((sum, one) => sum + one[of], 0) / byComponent.length;
    return {
      horizonH,
      averagePrecision: mean('averagePrecision'),
      brierSkill: mean('brierSkill'),
      calibrationError: mean('calibrationError'),
      byComponent,
    };
  });
}

function text(
  {
    trained,
    forecast,
    rows,
    out,
  }: {readonly trained: number; readonly forecast: number; readonly rows: number; readonly out: string},
  train: AzureSet,
  {modelVersionId, features}: StoredModel,
  quality: readonly HorizonFigures[] | undefined,
): string {
  const {visits} = features.spec;
  return [
    `${rows} forecasts of ${forecast} machines in ${out}, by ${modelVersionId}, taught on ${trained} machines`,
    visits === undefined
      ? 'no visit calendar was found'
      : `visits every ${Number((visits.everyH / 24).toPrecision(4))} days`,
    ...(train.unanswered === 0
      ? []
      : [
          `${train.unanswered} failures that no replacement answers; what failed is taken to have run on, as old as it was`,
        ]),
    ...(quality === undefined
      ? ['no failures among the machines to forecast: nothing to judge']
      : [
          '',
          'mean over components, on machines not taught on:',
          table(
            [
              'horizon',
              'average precision',
              'Brier skill',
              'calibration error',
              'average precision by component',
            ],
            quality.map((one) => [
              `${one.horizonH} h`,
              one.averagePrecision.toFixed(4),
              one.brierSkill.toFixed(4),
              one.calibrationError.toFixed(4),
              one.byComponent.map((each) => each.averagePrecision.toFixed(3)).join(' / '),
            ]),
          ),
        ]),
  ].join('\n');
}
