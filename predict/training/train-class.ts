import {OperationalFault} from '../../domain/fault.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {calibratedHazards, fitHazardCalibration, type HazardCalibration} from '../core/calibration.ts';
import type {SignalSpec} from '../core/class-spec.ts';
import {featuresOf, standardise} from '../core/features.ts';
import {hazardLabels} from '../core/hazard-labels.ts';
import {cumulateHazards} from '../core/survival-curve.ts';
import type {Backend} from '../adapters/backend.ts';
import type {ModelContent} from '../adapters/model-store.ts';
import {fromLayers} from '../adapters/network-runner.ts';
import {cardOf, cardMarkdown, type ModelCard} from './card.ts';
import {rowsOf, type Row, type Sampling, type TrainingMachine} from './dataset.ts';
import {describeClass} from './describe-class.ts';
import {evaluate} from './evaluate.ts';
import {qualityGate} from './gate.ts';
import {fitHazardNetwork, logitsOf, type Example} from './hazard-network.ts';
import {scalingOf} from './scaling.ts';

export interface TrainingOptions {
  readonly backend: Backend;
  readonly equipmentClassId: string;
  readonly signals: readonly SignalSpec[];
  readonly machines: readonly TrainingMachine[];
  readonly seed: number;
  /** Where the histories come from, for the card: 'simulator, seed 1'. */
  readonly source: string;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingProgress {
  readonly step: 'rows' | 'fit' | 'judge';
  readonly done: number;
  readonly of: number;
}

export interface TrainedClass {
  readonly content: ModelContent;
  readonly card: ModelCard;
}

/** Of twenty machines in a row, 12 teach, 3 stop and calibrate, 5 judge: no machine has two of these parts. */
const ROLES = {teach: [0, 12], tune: [12, 15], test: [15, 20]} as const;
type Role = keyof typeof ROLES;
/** What teaches ends at this share of the record; what tunes and judges begins there. */
const CUT_SHARE = 0.6;
/** Hours between rows. Neighbouring rows repeat each other: denser costs time and teaches nothing. */
const FAR_STRIDE_H = 72;
const NEAR_STRIDE_H = 12;
/** Odd, so that all hours of the day are judged. */
const JUDGE_STRIDE_H = 17;
const NETWORK = {units: 32, epochs: 24, batchRows: 512, learningRate: 2e-3, l2: 2e-4, patience: 5} as const;

/** Trains, calibrates and judges the model of one equipment class. Equal options give equal bytes on the same backend. */
export async function trainClass(options: TrainingOptions): Promise<TrainedClass> {
  const {backend, equipmentClassId, signals, machines, seed, source, onProgress} = options;
  if (machines.length < 20) {
    throw new OperationalFault(
      'too-little-history',
      `${equipmentClassId}: ${machines.length} machines; training splits by machine and needs at least 20`,
      {retryable: false},
    );
  }
  const {tf} = backend;
  const from = machines.reduce((earliest, {hours}) => Math.min(earliest, hours[0]!), Infinity);
  const end = machines.reduce((latest, {hours}) => Math.max(latest, hours[hours.length - 1]!), 0);
  const cut = epochMs(from + Math.round((CUT_SHARE * (end - from)) / DAY_MS) * DAY_MS);

  const seen = (['teach', 'tune'] as const).flatMap((role) => machinesOf(machines, role));
  const spec = describeClass(equipmentClassId, signals, seen, cut);
  const lastHorizonMs = spec.horizonsH[spec.horizonsH.length - 1]! * HOUR_MS;
  const teaching: Sampling = {
    from: epochMs(from),
    to: cut,
    knownUntil: cut,
    strideH: FAR_STRIDE_H,
    nearFailure: {withinH: lastHorizonMs / HOUR_MS, strideH: NEAR_STRIDE_H},
    offsetH: 0,
  };
  const judging: Sampling = {
    from: cut,
    to: epochMs(end - lastHorizonMs), // every horizon of a judged row lies inside the record
    knownUntil: epochMs(end),
    strideH: JUDGE_STRIDE_H,
    offsetH: 0,
  };
  let collected = 0;
  const collect = (role: Role, sampling: Sampling): Row[] =>
    machinesOf(machines, role).flatMap((machine, nth) => {
      collected += 1;
      onProgress?.({step: 'rows', done: collected, of: machines.length});
      return [...rowsOf(machine, spec, {...sampling, offsetH: nth * 5})];
    });
  const teach = collect('teach', teaching);
  const tune = collect('tune', judging);
  const test = collect('test', judging);

  const scaling = scalingOf(teach.map(({raw}) => raw));
  const example = (row: Row): Example => ({
    input: standardise(row.raw, scaling),
    labels: hazardLabels(row.outcome, spec.horizonsH),
    weight: row.weight,
  });
  const tuning = tune.map(example);
  const fit = fitHazardNetwork(tf, teach.map(example), tuning, {
    ...NETWORK,
    seed,
    onEpoch: ({done, of}) => onProgress?.({step: 'fit', done, of}),
  });

  onProgress?.({step: 'judge', done: 0, of: 1});
  const tuned = logitsOf(
    tf,
    fit.model,
    tuning.map(({input}) => input),
  );
  const hazards = spec.horizonsH.map((_, j) => calibrateInterval(tuning, tuned, j));
  const tested = logitsOf(
    tf,
    fit.model,
    test.map(({raw}) => standardise(raw, scaling)),
  );
  const quality = evaluate(
    test,
    tested.map((logits) => cumulateHazards(calibratedHazards(logits, hazards))),
    spec,
  );
  const card = cardOf({
    equipmentClassId,
    source,
    seed,
    backend: backend.name,
    record: {from: toIso(epochMs(from)), cut: toIso(cut), to: toIso(epochMs(end))},
    machines: {
      teach: machinesOf(machines, 'teach').length,
      tune: machinesOf(machines, 'tune').length,
      test: machinesOf(machines, 'test').length,
    },
    rows: {teach: teach.length, tune: tune.length, test: test.length},
    network: {inputs: featuresOf(spec).length, ...NETWORK, bestEpoch: fit.bestEpoch},
    spec,
    quality,
    gate: qualityGate(quality),
  });
  const network = await fromLayers(tf, fit.model);
  fit.model.dispose();
  onProgress?.({step: 'judge', done: 1, of: 1});
  return {
    card,
    content: {
      network,
      features: {spec, names: featuresOf(spec).map(({name}) => name), scaling},
      calibration: {hazards},
      card: {...card},
      cardMarkdown: cardMarkdown(card),
    },
  };
}

function machinesOf(machines: readonly TrainingMachine[], role: Role): TrainingMachine[] {
  const [from, to] = ROLES[role];
  return machines.filter((_, i) => i % 20 >= from && i % 20 < to);
}

function calibrateInterval(
  rows: readonly Example[],
  logits: readonly Float32Array[],
  interval: number,
): HazardCalibration {
  return fitHazardCalibration(
    rows.map(({labels}, i) => ({
      logit: logits[i]![interval]!,
      failed: labels.failed[interval] === 1,
      exposure: labels.exposure[interval]!,
    })),
  );
}
