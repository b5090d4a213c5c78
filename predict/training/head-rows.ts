import {HOUR_MS, epochMs, type EpochMs} from '../../domain/time.ts';
import {selectInputs} from '../adapters/head.ts';
import {componentIndex, type ClassSpec} from '../core/class-spec.ts';
import {componentFeatures, equipmentFeatures, featuresOf} from '../core/features.ts';
import type {HeadName} from '../core/forecast-plan.ts';
import {hazardLabels, type Outcome} from '../core/hazard-labels.ts';
import {hoursToVisit} from '../core/visit-calendar.ts';
import {momentsOf, type Sampling, type TrainingMachine} from './dataset.ts';
import {addRow, emptyTable, type HeadRow, type RowTable, type RowUse} from './row-table.ts';
import {visitLabels} from './visit-labels.ts';

export interface RowTiming {
  readonly issuedAfterH: number;
  /** What lies before it teaches, with what was known by then; what lies after it judges. Default: all rows do both. */
  readonly cut?: EpochMs | undefined;
}

/**
 * Rows of the hazards: denser before failures, as there is more to see. Where they are all that a class is asked, signs are
 * looked for over the whole last horizon.
 */
const HAZARD_ROWS = {
  alone: {strideH: 72, nearFailure: {withinH: 672, strideH: 12}},
  beside: {strideH: 72, nearFailure: {withinH: 72, strideH: 6}},
} as const;
/**
 * Beside a calendar hazards are asked while a machine's phase is unknown. Those moments are few: each interval of them
 * teaches. The others, which too show what signs mean, count a quarter.
 */
const KNOWN_PHASE_SHARE = 0.25;
/** Before a visit each interval tells something new; what holds until it is said a few times a period. */
const FAR_ROWS_A_PERIOD = 3;

/** The rows that teach each head, all machines together; a head without rows is left out. */
export function headRows(
  machines: readonly TrainingMachine[],
  spec: ClassSpec,
  timing: RowTiming,
  onMachine?: () => void,
): Map<HeadName, RowTable> {
  const tables = new Map<HeadName, RowTable>();
  const inputs = {
    hazards: headInputs(spec, 'hazards'),
    near: headInputs(spec, 'near'),
    far: headInputs(spec, 'far'),
  };
  const add = (head: HeadName, row: Omit<HeadRow, 'input'>): void => {
    if (row.labels.exposure.every((exposure) => exposure === 0)) return;
    const own = inputs[head];
    const table = tables.get(head) ?? emptyTable(own.length, row.labels.failed.length);
    tables.set(head, table);
    addRow(table, {...row, raw: selectInputs(row.raw, own)});
  };
  for (const [machine, history] of machines.entries()) {
    for (const {use, ...every} of partsOf(history, machine * spec.gridH, timing)) {
      const uses = {machine, use};
      const hazards = (row: MomentRow, share = 1): void => {
        const labels = hazardLabels(row.outcome, spec.horizonsH);
        add('hazards', {...row, ...uses, weight: share * row.weight, labels});
      };
      const {visits} = spec;
      if (visits === undefined) {
        for (const row of rowsOf(history, spec, {...every, ...HAZARD_ROWS.alone})) hazards(row);
        continue;
      }
      const visit = (head: HeadName, row: MomentRow, expectedInH: number): void =>
        add(head, {...row, ...uses, weight: 1, labels: visitLabels(row.outcome, expectedInH, visits)});
      for (const row of rowsOf(history, spec, {...every, ...HAZARD_ROWS.beside})) {
        if (row.expectedInH !== undefined) hazards(row, KNOWN_PHASE_SHARE);
      }
      for (const row of rowsOf(history, spec, {...every, strideH: spec.gridH})) {
        if (row.expectedInH === undefined) hazards(row);
        else if (row.expectedInH <= visits.signsH) visit('near', row, row.expectedInH);
      }
      const farStrideH = Math.round(visits.everyH / FAR_ROWS_A_PERIOD / spec.gridH) * spec.gridH;
      for (const row of rowsOf(history, spec, {...every, strideH: farStrideH})) {
        if (row.expectedInH !== undefined && row.expectedInH > visits.signsH)
          visit('far', row, row.expectedInH);
      }
    }
    onMachine?.();
  }
  return tables;
}

/** The parts of a machine's record that are used alike. Only where others judge do rows that teach lose hours of telemetry. */
function partsOf(
  machine: TrainingMachine,
  offsetH: number,
  {issuedAfterH, cut}: RowTiming,
): readonly (Omit<Sampling, 'strideH'> & {readonly use: RowUse})[] {
  const all = samplingOf(machine, issuedAfterH, offsetH);
  if (cut === undefined) return [{...all, use: 'both'}];
  return [
    {...all, to: cut, knownUntil: cut, withOutages: true, use: 'teach'},
    {...all, from: cut, use: 'judge'},
  ];
}

/** All of a machine's record, from its first interval on: machines that have just joined are forecast, too. */
export function samplingOf(
  machine: TrainingMachine,
  issuedAfterH: number,
  offsetH: number,
): Omit<Sampling, 'strideH'> {
  const end = epochMs(machine.hours.at(-1)! + issuedAfterH * HOUR_MS);
  return {from: epochMs(0), to: end, knownUntil: end, issuedAfterH, heardForH: 0, offsetH};
}

interface MomentRow extends Omit<HeadRow, 'input' | 'labels' | 'machine' | 'use'> {
  readonly expectedInH: number | undefined;
  readonly outcome: Outcome;
}

function* rowsOf(machine: TrainingMachine, spec: ClassSpec, sampling: Sampling): Generator<MomentRow> {
  for (const {window, components, strideH} of momentsOf(machine, spec, sampling)) {
    const expectedInH = spec.visits && hoursToVisit(spec.visits, window.events, window.asOf);
    const shared = equipmentFeatures(window, spec);
    for (const {component, outcome} of components) {
      const place = componentIndex(spec, component);
      yield {
        raw: componentFeatures(window, component, spec, shared),
        place,
        outcome,
        weight: strideH,
        expectedInH,
      };
    }
  }
}

/** What each head reads: hazards all but the calendar, which they answer for the want of; far what stays until the visit. */
export function headInputs(spec: ClassSpec, head: HeadName): number[] {
  const features = featuresOf(spec);
  return [...features.keys()].filter((i) => {
    const {group, name, settled} = features[i]!;
    if (head === 'hazards') return group !== 'visit' && !/^age_at_visit|since_signs/.test(name);
    return head === 'near' || settled === true;
  });
}
