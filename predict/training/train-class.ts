import {OperationalFault} from '../../domain/fault.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {calibratedHazards, fitHazardCalibration, type HazardCalibration} from '../core/calibration.ts';
import type {ClassSpec, SignalSpec} from '../core/class-spec.ts';
import {featuresOf, standardise, type Scaling} from '../core/features.ts';
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
import {fitHazardNetwork, logitsOf, type Example, type HazardNetworkOptions} from './hazard-network.ts';
import {scalingOf} from './scaling.ts';

export interface TrainingOptions {
  readonly backend: Backend;
  /** The equipment class; of a pooled model, the name of its pool. */
  readonly equipmentClassId: string;
  /** Of a pooled model: the equipment classes that teach it together. */
  readonly pools?: readonly string[] | undefined;
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

/** Of twenty machines of a class in a row, 12 teach, 3 stop and calibrate, 5 judge: no machine has two of these parts. */
const ROLES = {teach: [0, 12], tune: [12, 15], test: [15, 20]} as const;
type Role = keyof typeof ROLES;
/** What teaches ends at this share of the record; what tunes and judges begins there. */
const CUT_SHARE = 0.6;
/** Hours between rows. Neighbouring rows repeat each other: denser costs time and teaches nothing. */
const FAR_STRIDE_H = 72;
const NEAR_STRIDE_H = 12;
/** Odd, so that all hours of the day are judged. */
const JUDGE_STRIDE_H = 17;
const MACHINES_MIN = 20;

type NetworkSettings = Pick<
  HazardNetworkOptions,
  'units' | 'epochs' | 'batchRows' | 'learningRate' | 'l2' | 'inputNoise' | 'patience'
>;
const NETWORK: NetworkSettings = {
  units: 32,
  epochs: 20,
  batchRows: 512,
  learningRate: 1e-3,
  l2: 3e-5,
  inputNoise: 1,
  patience: 5,
};

/** Trains, calibrates and judges the model of one equipment class, or of several that are pooled. Equal options give equal bytes on the same backend. */
export async function trainClass(options: TrainingOptions): Promise<TrainedClass> {
  return fitClass(prepareClass(options), options);
}

/** The rows of one class, divided by machine and time. */
export interface PreparedClass {
  readonly spec: ClassSpec;
  readonly record: ModelCard['record'];
  readonly machines: ModelCard['machines'];
  readonly rows: Readonly<Record<Role, readonly Row[]>>;
}

export function prepareClass({
  equipmentClassId,
  pools,
  signals,
  machines,
  onProgress,
}: TrainingOptions): PreparedClass {
  if (machines.length < MACHINES_MIN) {
    throw new OperationalFault(
      'too-little-history',
      `${equipmentClassId}: ${machines.length} machines, but training splits by machine and needs ${MACHINES_MIN}; add machines`,
      {retryable: false},
    );
  }
  const from = epochMs(machines.reduce((earliest, {hours}) => Math.min(earliest, hours[0]!), Infinity));
  const end = epochMs(machines.reduce((latest, {hours}) => Math.max(latest, hours[hours.length - 1]!), 0));
  const cut = epochMs(from + Math.round((CUT_SHARE * (end - from)) / DAY_MS) * DAY_MS);
  const parts = {
    teach: machinesOf(machines, 'teach'),
    tune: machinesOf(machines, 'tune'),
    test: machinesOf(machines, 'test'),
  };
  const target = {equipmentClassId, pools, signals};
  const spec = describeClass(target, [...parts.teach, ...parts.tune], cut);
  const lastH = lastHorizonH(spec);
  const nearFailure = {withinH: lastH, strideH: NEAR_STRIDE_H};
  const teaching = {
    from,
    to: cut,
    knownUntil: cut,
    strideH: FAR_STRIDE_H,
    nearFailure,
    withOutages: true,
  };
  // Every horizon of a judged row lies inside the record.
  const judging = {from: cut, to: epochMs(end - lastH * HOUR_MS), knownUntil: end, strideH: JUDGE_STRIDE_H};
  let collected = 0;
  const collect = (role: Role, sampling: Omit<Sampling, 'offsetH'>): Row[] =>
    parts[role].flatMap((machine, nth) => {
      collected += 1;
      onProgress?.({step: 'rows', done: collected, of: machines.length});
      return [...rowsOf(machine, spec, {...sampling, offsetH: nth * 5})]; // 5 h apart: all hours of the day
    });
  return {
    spec,
    record: {from: toIso(from), cut: toIso(cut), to: toIso(end)},
    machines: {teach: parts.teach.length, tune: parts.tune.length, test: parts.test.length},
    rows: {teach: collect('teach', teaching), tune: collect('tune', judging), test: collect('test', judging)},
  };
}

/** @param settings of the network; the default is what the shipped models use. */
export async function fitClass(
  prepared: PreparedClass,
  {backend, equipmentClassId, seed, source, onProgress}: TrainingOptions,
  settings: NetworkSettings = NETWORK,
): Promise<TrainedClass> {
  const {tf} = backend;
  const {spec, rows} = prepared;
  const scaling = scalingOf(rows.teach.map(({raw}) => raw));
  const example = (row: Row): Example => ({
    input: standardise(row.raw, scaling),
    labels: hazardLabels(row.outcome, spec.horizonsH),
    weight: row.weight,
  });
  const tuning = rows.tune.map(example);
  const fit = fitHazardNetwork(tf, rows.teach.map(example), tuning, {
    ...settings,
    seed,
    ageOffset: ageOffset(spec, scaling),
    onEpoch: ({done, of}) => onProgress?.({step: 'fit', done, of}),
  });
  const logits = (inputs: readonly Float32Array[]): Float32Array[] => logitsOf(tf, fit.model, inputs);
  const tuned = logits(tuning.map(({input}) => input));
  const hazards = spec.horizonsH.map((_, interval) => calibrateInterval(tuning, tuned, interval));
  const tested = logits(rows.test.map(({raw}) => standardise(raw, scaling)));
  const curves = tested.map((row) => cumulateHazards(calibratedHazards(row, hazards)));
  const quality = evaluate(rows.test, curves, spec);
  const network = await fromLayers(tf, fit.model);
  fit.model.dispose();
  onProgress?.({step: 'judge', done: 1, of: 1});
  const names = featuresOf(spec).map(({name}) => name);
  const card = cardOf({
    equipmentClassId,
    source,
    seed,
    backend: backend.name,
    record: prepared.record,
    machines: prepared.machines,
    rows: {teach: rows.teach.length, tune: rows.tune.length, test: rows.test.length},
    network: {inputs: names.length, ...settings, bestEpoch: fit.bestEpoch},
    spec,
    quality,
    gate: qualityGate(quality),
  });
  return {
    card,
    content: {
      features: {spec, names},
      heads: {
        hazards: {
          inputs: [...names.keys()],
          scaling,
          calibration: hazards,
          members: [{family: 'network', network}],
        },
      },
      card: {...card},
      cardMarkdown: cardMarkdown(card),
    },
  };
}

/**
 * The age law as a line in the standardised input 'age.hazard' (the logarithm of the failures expected up to the last
 * horizon): ln of an interval's hazard ≈ that + ln(its share of the hours). Small hazards make logit and logarithm one.
 */
function ageOffset(spec: ClassSpec, scaling: Scaling): HazardNetworkOptions['ageOffset'] {
  const input = featuresOf(spec).findIndex(({name}) => name === 'age.hazard');
  const lastH = lastHorizonH(spec);
  return {
    input,
    slope: scaling.sd[input]!,
    intercepts: spec.horizonsH.map(
      (endH, j) => scaling.mean[input]! + Math.log((endH - (spec.horizonsH[j - 1] ?? 0)) / lastH),
    ),
  };
}

function lastHorizonH(spec: ClassSpec): number {
  return spec.horizonsH[spec.horizonsH.length - 1]!;
}

function machinesOf(machines: readonly TrainingMachine[], role: Role): TrainingMachine[] {
  const [from, to] = ROLES[role];
  // Counted within each class, so that the few machines of a small class in a pool teach.
  const seen = new Map<string, number>();
  return machines.filter(({classId}) => {
    const nth = seen.get(classId) ?? 0;
    seen.set(classId, nth + 1);
    return nth % 20 >= from && nth % 20 < to;
  });
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
