import {Command, Option} from 'commander';
import {OperationalFault} from '../domain/fault.ts';
import {epochMs} from '../domain/time.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import {createLogger} from '../platform/log.ts';
import {
  FAMILY_NAMES,
  ownHistory,
  poolOf,
  signalLabel,
  trainModels,
  type FamilyName,
  type TrainedModel,
  type TrainingTarget,
} from '../predict/main.ts';
import {fitsOption, instant, wholeNumber} from './option-values.ts';
import {EQUIPMENT_CLASSES, type EquipmentClassModel} from '../simulator/equipment-classes.ts';
import {trainingHistory} from '../simulator/training-history.ts';

/** The fleet and record that the shipped models learnt from. */
export const SHIPPED = {seed: 1, machines: 450, days: 540} as const;

/** A model was written but does not pass the quality gate: look at its card before using it. */
const EXIT_GATE_FAILED = 3;

const CLASS_IDS = EQUIPMENT_CLASSES.map(({classId}) => classId);

export const trainCommand = new Command('train')
  .description(
    'train the failure models on the simulated fleet, or on what this installation has recorded, and write them, each with its card, as new versions',
  )
  .option('--seed <number>', 'seed of the fleet and of the training', wholeNumber, SHIPPED.seed)
  .option('--machines <number>', 'machines in the fleet', wholeNumber, SHIPPED.machines)
  .option('--days <number>', 'days of history', wholeNumber, SHIPPED.days)
  .addOption(new Option('--class <id>', 'train only this equipment class').conflicts('pool'))
  .addOption(
    new Option(
      '--pool <ids...>',
      'train one model of these equipment classes together, for those too small to have their own; it reads the signals they share',
    ),
  )
  .addOption(
    new Option(
      '--since <instant>',
      'teach from what this installation has recorded since then (ISO 8601), not from the simulated fleet',
    )
      .argParser(instant)
      .conflicts(['machines', 'days']),
  )
  .addOption(
    new Option('--backend <name>', 'TensorFlow.js backend; the shipped models were trained on wasm')
      .choices(['auto', 'node', 'wasm', 'cpu'])
      .default('wasm'),
  )
  .option('--out <folder>', 'folder that receives one folder per version', 'models')
  .option(
    '--sequence-step-hours <number>',
    'networks of sequences compete, too: they read the week before a forecast in steps of so many hours (6 is a good start; takes several times as long)',
    wholeNumber,
  )
  .addOption(
    new Option(
      '--families <names...>',
      'only these compete; default: all that the class has inputs for',
    ).choices(FAMILY_NAMES),
  )
  .addOption(fitsOption())
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit code: 0 all models pass the quality gate, 3 some do not, 1 training failed, 2 wrong option, or histories that cannot teach.',
  )
  .action(async (options: TrainCliOptions) => {
    const eta = createEta();
    const trained =
      options.since === undefined
        ? await trainModels({...simulated(options), ...commonOf(options), onProgress: eta.show})
        : await fromRecords(options, options.since, eta.show);
    eta.end();
    process.stdout.write(options.json === true ? `${JSON.stringify(summary(trained))}\n` : table(trained));
    if (!trained.every(({card}) => card.passed)) process.exitCode = EXIT_GATE_FAILED;
  });

type Fleet = Pick<Parameters<typeof trainModels>[0], 'targets' | 'histories' | 'machineCount' | 'source'>;

const commonOf = ({seed, out, fits, backend}: TrainCliOptions) => ({seed, out, fits, choice: backend});

/** What the command line says of every class that is taught. */
function asAsked(targets: readonly TrainingTarget[], options: TrainCliOptions): TrainingTarget[] {
  const {sequenceStepHours: sequenceStepH, families} = options;
  return targets.map((target) => ({...target, sequenceStepH, families}));
}

function simulated(options: TrainCliOptions): Fleet {
  const {seed, machines, days} = options;
  return {
    targets: asAsked(targetsOf(options), options),
    histories: trainingHistory({seed, machines, days}),
    machineCount: machines,
    source: `the simulated reference fleet (seed ${seed}, ${machines} machines, ${days} days)`,
  };
}

/** @throws OperationalFault 'training-refused' with everything that is wrong with the record */
async function fromRecords(
  options: TrainCliOptions,
  since: number,
  onProgress: (step: string, share: number) => void,
): Promise<readonly TrainedModel[]> {
  const {class: only, pool} = options;
  const classIds = pool ?? (only === undefined ? [] : [only]);
  if (classIds.length === 0)
    trainCommand.error('error: --since takes --class or --pool: which classes of yours are to be taught');
  const log = createLogger(process.env['LOG_LEVEL'] ?? 'warn');
  const database = await openDatabase(readConfiguration(process.env), log);
  try {
    const found = await ownHistory(database.pool('forestock_predict'), {classIds, since: epochMs(since)});
    if (!found.ok) throw new OperationalFault('training-refused', found.detail, {retryable: false});
    const {targets, machines: histories, machineCount, source} = found.value;
    return await trainModels({
      targets: asAsked(pool === undefined ? targets : [poolOf(targets)], options),
      ...{histories, machineCount, source, onProgress},
      ...commonOf(options),
    });
  } finally {
    await database.close();
  }
}

interface TrainCliOptions {
  readonly seed: number;
  readonly machines: number;
  readonly days: number;
  readonly class?: string;
  readonly since?: number;
  readonly pool?: readonly string[];
  readonly backend: 'auto' | 'node' | 'wasm' | 'cpu';
  readonly out: string;
  readonly fits: string;
  readonly sequenceStepHours?: number;
  readonly families?: readonly FamilyName[];
  readonly json?: boolean;
}

function targetsOf({class: only, pool}: Pick<TrainCliOptions, 'class' | 'pool'>): TrainingTarget[] {
  const unknown = (pool ?? (only === undefined ? [] : [only])).filter((id) => !CLASS_IDS.includes(id));
  if (unknown.length > 0)
    trainCommand.error(
      `error: the simulated fleet has no ${unknown.join(', ')}; it has ${CLASS_IDS.join(', ')}, and --since reads your own classes`,
    );
  const chosen = EQUIPMENT_CLASSES.filter(
    ({classId}) => pool?.includes(classId) ?? (only === undefined || classId === only),
  ).map((model) => ({equipmentClassId: model.classId, signals: signalsOf(model)}));
  if (pool === undefined) return chosen;
  if (chosen.length < 2)
    trainCommand.error('error: --pool takes two equipment classes or more; one alone is --class');
  return [poolOf(chosen)];
}

function signalsOf({signals}: EquipmentClassModel): TrainingTarget['signals'] {
  return Object.entries(signals).map(([name, {unit, normalLow, normalHigh}]) => {
    return {name, label: signalLabel(name, unit), unit, normalLow, normalHigh};
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
