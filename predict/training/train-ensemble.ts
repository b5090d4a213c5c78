import {OperationalFault} from '../../domain/fault.ts';
import type {ModelVersionId} from '../../domain/ids.ts';
import {invariant} from '../../domain/invariant.ts';
import {PPM, type Probability} from '../../domain/quantity.ts';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {BackendName} from '../adapters/backend.ts';
import type {Head, Heads, Member} from '../adapters/head.ts';
import type {StoredModel} from '../adapters/model-store.ts';
import {openScorer} from '../adapters/scorer.ts';
import {componentIndex, type ClassSpec} from '../core/class-spec.ts';
import {featuresOf, standardise} from '../core/features.ts';
import {HEADS, type HeadName} from '../core/forecast-plan.ts';
import {cardMarkdown, cardOf, type ModelCard} from './card.ts';
import {crossFit, type Contender} from './cross-fit.ts';
import {momentsOf, type JudgedRow, type TrainingMachine} from './dataset.ts';
import {describeClass} from './describe-class.ts';
import {evaluate} from './evaluate.ts';
import type {Family, FamilyLesson, FamilyRow} from './families/family.ts';
import {qualityGate} from './gate.ts';
import {headInputs, headRows, samplingOf, type HeadRow} from './head-rows.ts';
import {learnPeriod, visitsOf} from './learn-calendar.ts';
import {refuseHistories} from './refuse-histories.ts';
import {scalingOf} from './scaling.ts';
import type {TrainedClass} from './train-class.ts';
import type {TrainingTarget} from './training-target.ts';
import {offCalendarRates} from './visit-labels.ts';

export interface EnsembleOptions {
  readonly target: TrainingTarget & {
    /** Where visits are on a calendar: how many hours before one signs may show. Default 48. */
    readonly signsH?: number;
  };
  readonly machines: readonly TrainingMachine[];
  /** What competes for each head. */
  readonly familiesOf: (head: HeadName) => readonly Family[];
  readonly backend: BackendName;
  readonly seed: number;
  /** Hours from an interval's end to the forecast made with it. */
  readonly issuedAfterH: number;
  /** Where the histories come from, for the card. */
  readonly source: string;
  readonly onProgress?: (step: string, share: number) => void;
}

/** Each machine is held out once: every part is large enough to teach, and every row is judged by what did not see it. */
const FOLDS = 5;
const SIGNS_H = 48;

/**
 * Learns a class from the histories of its machines: what it is, when it is visited, and each head that it needs, by the
 * families that answer it best on machines held out. Equal options give equal bytes on the same backend.
 */
export async function trainEnsemble(options: EnsembleOptions): Promise<TrainedClass> {
  const {machines, target, familiesOf, seed, backend, source, onProgress} = options;
  refuseHistories(options);
  const spec = describe(options);
  let read = 0;
  const rows = headRows(machines, spec, options, () => {
    read += 1;
    onProgress?.('rows', (ROWS_SHARE * read) / machines.length);
  });
  const asked = HEADS.filter((head) => rows.has(head));
  const taught = new Map<HeadName, number>();
  const fitted: (FittedHead & {readonly name: HeadName})[] = [];
  for (const [nth, name] of asked.entries()) {
    const families = familiesOf(name);
    const fits = families.length * FOLDS;
    let done = 0;
    const head = await fitHead(
      name,
      rows.get(name)!,
      spec,
      families,
      {seed: seed + 1000 * nth, backend},
      () => {
        done += 1;
        onProgress?.(name, ROWS_SHARE + ((1 - ROWS_SHARE) * (nth + done / fits)) / asked.length);
      },
    );
    fitted.push({...head, name});
    taught.set(name, rows.get(name)!.length);
    rows.delete(name); // the rows of a head are most of what training holds in memory
  }
  const names = featuresOf(spec).map(({name}) => name);
  const of = (fold?: number): Heads => headsOf(fitted, fold);
  const {rows: judged, curves} = await judgeByFold(options, spec, of);
  const quality = evaluate(judged, curves, spec);
  const teaching = [...taught.values()].reduce((sum, count) => sum + count, 0);
  const card = cardOf({
    equipmentClassId: target.equipmentClassId,
    source,
    seed,
    backend,
    record: recordOf(machines),
    machines: {teach: machines.length, tune: machines.length, test: machines.length},
    rows: {teach: teaching, tune: teaching, test: judged.length},
    network: {inputs: names.length},
    folds: FOLDS,
    contenders: fitted.map(({name, contenders}) => ({head: name, ranked: contenders})),
    spec,
    quality,
    gate: qualityGate(quality),
  });
  return {
    card,
    content: {features: {spec, names}, heads: of(), card: {...card}, cardMarkdown: cardMarkdown(card)},
  };
}

/** The heads with all members, or with those of one fold alone. */
function headsOf(fitted: readonly (FittedHead & {readonly name: HeadName})[], fold?: number): Heads {
  const heads = Object.fromEntries(
    fitted.map(({name, head, members}) => [
      name,
      {...head, members: fold === undefined ? members.flat() : members[fold]!},
    ]),
  );
  invariant(heads['hazards'] !== undefined, 'every class has hazards');
  return heads as unknown as Heads;
}

/** Odd in intervals, so that all hours of the day are judged. */
const JUDGE_EVERY = 17;

/** Lets each fold's members forecast the machines that they did not see. */
async function judgeByFold(
  {machines, target, issuedAfterH, backend}: EnsembleOptions,
  spec: ClassSpec,
  headsOfFold: (fold: number) => Heads,
): Promise<{readonly rows: JudgedRow[]; readonly curves: Probability[][]}> {
  const names = featuresOf(spec).map(({name}) => name);
  const models = Array.from({length: FOLDS}, (_, fold): StoredModel => ({
    modelVersionId: `fold-${fold}` as ModelVersionId,
    equipmentClassId: target.equipmentClassId,
    manifestSha256: '',
    featureSha256: '',
    features: {spec, names},
    heads: headsOfFold(fold),
    card: {},
    cardMarkdown: '',
  }));
  const scorer = await openScorer({models, choice: backend, strict: true, threads: 1, explained: false});
  const rows: JudgedRow[] = [];
  const curves: Probability[][] = [];
  try {
    for (const [nth, machine] of machines.entries()) {
      const strideH = JUDGE_EVERY * spec.gridH;
      const every = samplingOf(machine, issuedAfterH, nth * spec.gridH);
      const to = epochMs(every.to - spec.horizonsH.at(-1)! * HOUR_MS);
      const requests = [...momentsOf(machine, spec, {...every, to, strideH})].flatMap(
        ({window, components}) => components.map(({component, outcome}) => ({window, component, outcome})),
      );
      const scores = await scorer.score(models[nth % FOLDS]!.modelVersionId, requests);
      requests.forEach(({component, outcome}, i) => {
        rows.push({place: componentIndex(spec, component), ageH: component.ageH, outcome, weight: strideH});
        curves.push(scores[i]!.cumulativePpm.map((ppm) => ppm / PPM));
      });
    }
  } finally {
    await scorer.close();
  }
  return {rows, curves};
}

function recordOf(machines: readonly TrainingMachine[]): ModelCard['record'] {
  const from = machines.reduce((earliest, {hours}) => Math.min(earliest, hours[0]!), Infinity);
  const to = toIso(epochMs(machines.reduce((latest, {hours}) => Math.max(latest, hours.at(-1)!), 0)));
  return {from: toIso(epochMs(from)), cut: to, to};
}

/** How the time divides; only the ETA leans on it. */
const ROWS_SHARE = 0.1;

function describe({target, machines}: EnsembleOptions): ClassSpec {
  const end = machines.reduce((latest, {hours}) => Math.max(latest, hours.at(-1)!), 0);
  const spec = describeClass(target, machines, end);
  const period = learnPeriod(machines.map((machine) => visitsOf(machine, end)));
  if (period === undefined) return spec;
  const calendar = {
    everyH: period.everyH,
    deviationsH: [...period.deviationsH],
    signsH: target.signsH ?? SIGNS_H,
    offCalendarPerH: [],
  };
  return {...spec, visits: {...calendar, offCalendarPerH: offCalendarRates(machines, spec, calendar, end)}};
}

interface FittedHead {
  readonly head: Omit<Head, 'members'>;
  /** `members[fold]` */
  readonly members: readonly (readonly Member[])[];
  readonly contenders: readonly Contender[];
}

async function fitHead(
  head: HeadName,
  rows: readonly HeadRow[],
  spec: ClassSpec,
  families: readonly Family[],
  {seed, backend}: Pick<EnsembleOptions, 'seed' | 'backend'>,
  onFit: () => void,
): Promise<FittedHead> {
  const failures = rows.reduce((sum, {labels}) => sum + labels.failed.reduce<number>((a, b) => a + b, 0), 0);
  if (failures < FAILURES_MIN) {
    throw new OperationalFault(
      'too-little-history',
      `${spec.equipmentClassId}: ${failures} rows of a failure to learn ${head} from, and it takes ${FAILURES_MIN}; add machines or a longer record`,
      {retryable: false},
    );
  }
  const inputs = headInputs(spec, head);
  const scaling = scalingOf(rows.map(({raw}) => raw));
  const ready = rows.map(({raw, labels, weight, place}): FamilyRow => {
    return {raw, input: standardise(raw, scaling), labels, weight, place};
  });
  const {members, calibration, contenders} = await crossFit(ready, {
    families,
    folds: FOLDS,
    foldOf: (row) => rows[row]!.machine % FOLDS,
    machineOf: (row) => rows[row]!.machine,
    seed,
    start: startOf(head, ready, spec, inputs, scaling),
    backend,
    onFit,
  });
  return {head: {inputs, scaling, calibration}, members, contenders};
}

const FAILURES_MIN = 20;

/** Hazards start at the age law, as a line in 'age.hazard' (train-class.ts); a visit's finding at the share that was found. */
function startOf(
  head: HeadName,
  rows: readonly FamilyRow[],
  spec: ClassSpec,
  inputs: readonly number[],
  scaling: Head['scaling'],
): FamilyLesson['start'] {
  if (head !== 'hazards') {
    const [failed, exposed] = rows.reduce(
      ([f, e], {labels, weight}) => [f + weight * labels.failed[0]!, e + weight * labels.exposure[0]!],
      [0.5, 1],
    );
    return {input: 0, slope: 0, intercepts: [Math.log(failed / (exposed - failed))]};
  }
  const hazard = featuresOf(spec).findIndex(({name}) => name === 'age.hazard');
  const input = inputs.indexOf(hazard);
  const lastH = spec.horizonsH.at(-1)!;
  return {
    input,
    slope: scaling.sd[input]!,
    intercepts: spec.horizonsH.map(
      (endH, j) => scaling.mean[input]! + Math.log((endH - (spec.horizonsH[j - 1] ?? 0)) / lastH),
    ),
  };
}
