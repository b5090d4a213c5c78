import {Command, Option} from 'commander';
import {wholeNumber} from './option-values.ts';
import {poolOf, trainModels, type TrainedModel, type TrainingTarget} from '../predict/main.ts';
import {EQUIPMENT_CLASSES, type EquipmentClassModel} from '../simulator/equipment-classes.ts';
import {trainingHistory} from '../simulator/training-history.ts';

/** The fleet and record that the shipped models learnt from. */
export const SHIPPED = {seed: 1, machines: 450, days: 540} as const;

/** A model was written but does not pass the quality gate: look at its card before using it. */
const EXIT_GATE_FAILED = 3;

const CLASS_IDS = EQUIPMENT_CLASSES.map(({classId}) => classId);

export const trainCommand = new Command('train')
  .description(
    'train the failure models on the simulated fleet and write them, each with its card, as new versions',
  )
  .option('--seed <number>', 'seed of the fleet and of the training', wholeNumber, SHIPPED.seed)
  .option('--machines <number>', 'machines in the fleet', wholeNumber, SHIPPED.machines)
  .option('--days <number>', 'days of history', wholeNumber, SHIPPED.days)
  .addOption(
    new Option('--class <id>', 'train only this equipment class').choices(CLASS_IDS).conflicts('pool'),
  )
  .addOption(
    new Option(
      '--pool <ids...>',
      'train one model of these equipment classes together, for those too small to have their own; it reads the signals they share',
    ).choices(CLASS_IDS),
  )
  .addOption(
    new Option('--backend <name>', 'TensorFlow.js backend; the shipped models were trained on wasm')
      .choices(['auto', 'node', 'wasm', 'cpu'])
      .default('wasm'),
  )
  .option('--out <folder>', 'folder that receives one folder per version', 'models')
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit code: 0 all models pass the quality gate, 3 some do not, 1 training failed, 2 wrong option.',
  )
  .action(async (options: TrainCliOptions) => {
    const {seed, machines, days, out, backend} = options;
    const eta = createEta();
    const trained = await trainModels({
      targets: targetsOf(options),
      histories: trainingHistory({seed, machines, days}),
      machineCount: machines,
      seed,
      source: `the simulated reference fleet (seed ${seed}, ${machines} machines, ${days} days)`,
      out,
      choice: backend,
      onProgress: eta.show,
    });
    eta.end();
    process.stdout.write(options.json === true ? `${JSON.stringify(summary(trained))}\n` : table(trained));
    if (!trained.every(({card}) => card.passed)) process.exitCode = EXIT_GATE_FAILED;
  });

interface TrainCliOptions {
  readonly seed: number;
  readonly machines: number;
  readonly days: number;
  readonly class?: string;
  readonly pool?: readonly string[];
  readonly backend: 'auto' | 'node' | 'wasm' | 'cpu';
  readonly out: string;
  readonly json?: boolean;
}

function targetsOf({class: only, pool}: Pick<TrainCliOptions, 'class' | 'pool'>): TrainingTarget[] {
  const chosen = EQUIPMENT_CLASSES.filter(
    ({classId}) => pool?.includes(classId) ?? (only === undefined || classId === only),
  ).map((model) => ({equipmentClassId: model.classId, signals: signalsOf(model)}));
  if (pool === undefined) return chosen;
  if (chosen.length < 2)
    trainCommand.error('error: --pool takes two equipment classes or more; one alone is --class');
  return [poolOf(chosen)];
}

type Signal = TrainingTarget['signals'][number];

/** How units are spelt at the end of signal names: 'oil_temperature_c' is the oil temperature. */
const UNIT_SUFFIX: Readonly<Record<string, string>> = {
  'mm/s': '_mm_s',
  bar: '_bar',
  degC: '_c',
  A: '_a',
  K: '_k',
  '%': '_pct',
  s: '_s',
  kPa: '_kpa',
};

function signalsOf({signals}: EquipmentClassModel): Signal[] {
  return Object.entries(signals).map(([name, {unit, normalLow, normalHigh}]) => {
    const suffix = UNIT_SUFFIX[unit] ?? '';
    const bare = suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
    return {name, label: bare.replaceAll('_', ' '), unit, normalLow, normalHigh};
  });
}

function summary(trained: readonly TrainedModel[]): object {
  return {
    models: trained.map(({modelVersionId, manifestSha256, backend, card}) => ({
      modelVersionId,
      equipmentClassId: card.equipmentClassId,
      manifestSha256,
      backend,
      passed: card.passed,
      quality: card.quality.map(({horizonH, model, age, brierSkillOverAge}) => ({
        horizonH,
        brierSkillOverAge,
        averagePrecision: model.averagePrecision,
        ageAveragePrecision: age.averagePrecision,
        calibrationError: model.calibrationError,
        logLoss: model.logLoss,
        ageLogLoss: age.logLoss,
      })),
    })),
  };
}

function table(trained: readonly TrainedModel[]): string {
  const lines = trained.flatMap(({modelVersionId, card}) => [
    `${modelVersionId}  ${card.passed ? 'passes the gate' : 'DOES NOT PASS the gate, see its card.md'}`,
    ...card.quality.map(
      ({horizonH, model, age, brierSkillOverAge}) =>
        `  ${String(horizonH).padStart(3)} h  Brier skill over age ${brierSkillOverAge.toFixed(3)}` +
        `  average precision ${model.averagePrecision.toFixed(3)} (age ${age.averagePrecision.toFixed(3)})` +
        `  calibration error ${model.calibrationError.toFixed(4)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/** A progress line on stderr, at most four times a second, on a terminal rewritten in place. */
function createEta(): {readonly show: (step: string, share: number) => void; readonly end: () => void} {
  const startedAt = performance.now();
  const everyMs = process.stderr.isTTY ? 250 : 10_000;
  let shownAt = startedAt;
  return {
    show: (step, share) => {
      const now = performance.now();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      const leftS = Math.round(((now - startedAt) / 1000) * (1 / Math.max(share, 0.001) - 1));
      const line = `${Math.round(share * 100)} %  ${step}, about ${leftS} s left`;
      process.stderr.write(process.stderr.isTTY ? `\r${line.padEnd(78)}` : `${line}\n`);
    },
    end: () => {
      if (process.stderr.isTTY) process.stderr.write('\r'.padEnd(80) + '\r');
    },
  };
}
