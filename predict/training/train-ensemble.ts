import {invariant} from '../../domain/invariant.ts';
import {DAY_MS, epochMs, toIso, type EpochMs} from '../../domain/time.ts';
import type {BackendName} from '../adapters/backend.ts';
import type {Heads} from '../adapters/head.ts';
import type {ModelContent} from '../adapters/model-store.ts';
import type {ClassSpec} from '../core/class-spec.ts';
import {featuresOf} from '../core/features.ts';
import {HEADS, type HeadName} from '../core/forecast-plan.ts';
import {cardMarkdown, cardOf, type ModelCard} from './card.ts';
import type {TrainingMachine} from './dataset.ts';
import {describeClass} from './describe-class.ts';
import {evaluate} from './evaluate.ts';
import type {Family} from './families/family.ts';
import type {FitStore} from './fit-store.ts';
import {fitHead, type FittedHead} from './fit-head.ts';
import {qualityGate} from './gate.ts';
import {headRows} from './head-rows.ts';
import {judgeFolds} from './judge-folds.ts';
import {learnPeriod, plannedPeriod, visitsOf} from './learn-calendar.ts';
import {refuseHistories} from './refuse-histories.ts';
import type {TrainingTarget} from './training-target.ts';
import {offCalendarRates} from './visit-labels.ts';

export interface EnsembleOptions {
  readonly target: TrainingTarget & {
    /** Where visits are on a calendar: how many hours before one signs may show. Default 48. */
    readonly signsH?: number;
  };
  readonly machines: readonly TrainingMachine[];
  /** What competes for each head of a class. */
  readonly familiesOf: (head: HeadName, spec: ClassSpec) => readonly Family[];
  readonly backend: BackendName;
  readonly seed: number;
  /** Hours from an interval's end to the forecast made with it. */
  readonly issuedAfterH: number;
  /** What teaches ends at this share of the record, and what judges begins there. Default: nothing is divided by time. */
  readonly cutShare?: number;
  /** Where the histories come from, for the card. */
  readonly source: string;
  /** Finished fits are kept here and taken from here; who opened it clears it once the model is written. */
  readonly kept?: FitStore | undefined;
  readonly onProgress?: (step: string, share: number) => void;
}

export interface TrainedClass {
  readonly content: ModelContent;
  readonly card: ModelCard;
}

/** Each machine is held out once: every part is large enough to teach, and every row is judged by what did not see it. */
const FOLDS = 5;
const SIGNS_H = 48;

/**
 * Learns a class from the histories of its machines: what it is, when it is visited, and each head that it needs, by the
 * families that answer it best on machines held out. Equal options give equal bytes on the same backend.
 */
export async function trainEnsemble(options: EnsembleOptions): Promise<TrainedClass> {
  const {machines, target, familiesOf, seed, backend, source, kept, onProgress} = options;
  refuseHistories(options);
  const record = recordOf(options);
  const spec = describe(options, record.cut ?? record.to);
  let read = 0;
  const rows = headRows(machines, spec, {...options, cut: record.cut}, () => {
    read += 1;
    onProgress?.('rows', (ROWS_SHARE * read) / machines.length);
  });
  const asked = HEADS.filter((head) => rows.has(head));
  let [taught, held] = [0, 0];
  const fitted: (FittedHead & {readonly name: HeadName})[] = [];
  for (const [nth, name] of asked.entries()) {
    const all = familiesOf(name, spec);
    const wanted = all.filter((family) => target.families?.includes(family.name) ?? true);
    const families = wanted.length > 0 ? wanted : all;
    const fits = families.length * FOLDS;
    let done = 0;
    const head = await fitHead(name, rows.get(name)!, {
      ...{spec, families, folds: FOLDS, seed: seed + 1000 * nth, backend, kept},
      onFit: () => {
        done += 1;
        onProgress?.(name, ROWS_SHARE + ((1 - ROWS_SHARE) * (nth + done / fits)) / asked.length);
      },
    });
    fitted.push({...head, name});
    taught += head.taught;
    held += head.held;
    rows.delete(name); // the rows of a head are most of what training holds in memory
  }
  const names = featuresOf(spec).map(({name}) => name);
  const {rows: judged, curves} = await judgeFolds({
    ...options,
    spec,
    heads: Array.from({length: FOLDS}, (_, fold) => headsOf(fitted, fold)),
    from: record.cut ?? record.from,
  });
  const quality = evaluate(judged, curves, spec);
  const card = cardOf({
    equipmentClassId: target.equipmentClassId,
    source,
    seed,
    backend,
    record: {from: toIso(record.from), cut: toIso(record.cut ?? record.to), to: toIso(record.to)},
    machines: {teach: machines.length, tune: machines.length, test: machines.length},
    rows: {teach: taught, tune: held, test: judged.length},
    network: {inputs: names.length},
    folds: FOLDS,
    contenders: fitted.map(({name, contenders, baselines}) => ({head: name, ranked: contenders, baselines})),
    spec,
    quality,
    gate: qualityGate(quality),
  });
  return {
    card,
    content: {
      features: {spec, names},
      heads: headsOf(fitted),
      card: {...card},
      cardMarkdown: cardMarkdown(card),
    },
  };
}

/** The heads with all members, or with those of one fold alone, calibrated by the rows of the others. */
function headsOf(fitted: readonly (FittedHead & {readonly name: HeadName})[], fold?: number): Heads {
  const heads = Object.fromEntries(
    fitted.map(({name, head, members, calibrationWithout}) => [
      name,
      fold === undefined
        ? {...head, parts: FOLDS, members: members.flat()}
        : {...head, parts: 1, members: members[fold]!, calibration: calibrationWithout[fold]!},
    ]),
  );
  invariant(heads['hazards'] !== undefined, 'every class has hazards');
  return heads as unknown as Heads;
}

function recordOf({machines, cutShare}: EnsembleOptions): Record<'from' | 'to', EpochMs> & {
  readonly cut: EpochMs | undefined;
} {
  const from = epochMs(machines.reduce((earliest, {hours}) => Math.min(earliest, hours[0]!), Infinity));
  const to = epochMs(machines.reduce((latest, {hours}) => Math.max(latest, hours.at(-1)!), 0));
  const days = Math.round(((cutShare ?? 1) * (to - from)) / DAY_MS);
  return {from, to, cut: cutShare === undefined ? undefined : epochMs(from + days * DAY_MS)};
}

/** How the time divides; only the ETA leans on it. */
const ROWS_SHARE = 0.1;

function describe({target, machines}: EnsembleOptions, end: EpochMs): ClassSpec {
  const spec = describeClass(target, machines, end);
  const visits = machines.map((machine) => visitsOf(machine, end));
  const period =
    target.visitEveryH === undefined
      ? learnPeriod(visits)
      : plannedPeriod(target.visitEveryH, visits, target.equipmentClassId);
  if (period === undefined) return spec;
  const calendar = {
    everyH: period.everyH,
    deviationsH: [...period.deviationsH],
    signsH: target.signsH ?? SIGNS_H,
    offCalendarPerH: [],
  };
  return {...spec, visits: {...calendar, offCalendarPerH: offCalendarRates(machines, spec, calendar, end)}};
}
