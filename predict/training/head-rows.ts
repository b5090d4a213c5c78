import {HOUR_MS, epochMs} from '../../domain/time.ts';
import {selectInputs} from '../adapters/head.ts';
import {componentIndex, type ClassSpec} from '../core/class-spec.ts';
import {componentFeatures, equipmentFeatures, featuresOf} from '../core/features.ts';
import type {HeadName} from '../core/forecast-plan.ts';
import {hazardLabels, type HazardLabels} from '../core/hazard-labels.ts';
import {hoursToVisit} from '../core/visit-calendar.ts';
import {momentsOf, type Sampling, type TrainingMachine} from './dataset.ts';
import {visitLabels} from './visit-labels.ts';

/** One row of one head. */
export interface HeadRow {
  /** Those of the raw inputs that the head reads (headInputs). */
  readonly raw: Float32Array;
  readonly place: number;
  readonly labels: HazardLabels;
  readonly weight: number;
  readonly machine: number;
}

export interface RowTiming {
  readonly issuedAfterH: number;
}

/** Rows of the hazards: denser before failures, as there is more to see. */
const HAZARD_STRIDE_H = 24;
const NEAR_FAILURE = {withinH: 72, strideH: 6} as const;
/** Before a visit each interval tells something new; what holds until it is said a few times a period. */
const FAR_ROWS_A_PERIOD = 3;

/** The rows that teach each head, all machines together; a head without rows is left out. */
export function headRows(
  machines: readonly TrainingMachine[],
  spec: ClassSpec,
  {issuedAfterH}: RowTiming,
  onMachine?: () => void,
): Map<HeadName, readonly HeadRow[]> {
  const rows = new Map<HeadName, HeadRow[]>();
  const inputs = {
    hazards: headInputs(spec, 'hazards'),
    near: headInputs(spec, 'near'),
    far: headInputs(spec, 'far'),
  };
  const add = (head: HeadName, row: HeadRow): void => {
    if (row.labels.exposure.every((exposure) => exposure === 0)) return;
    const own = {...row, raw: selectInputs(row.raw, inputs[head])};
    const known = rows.get(head);
    if (known) known.push(own);
    else rows.set(head, [own]);
  };
  for (const [machine, history] of machines.entries()) {
    const every = samplingOf(history, issuedAfterH, machine * spec.gridH);
    for (const row of rowsOf(history, spec, {
      ...every,
      strideH: HAZARD_STRIDE_H,
      nearFailure: NEAR_FAILURE,
    })) {
      const labels = hazardLabels(row.outcome, spec.horizonsH);
      add('hazards', {...row, labels, machine});
    }
    if (spec.visits !== undefined) {
      const {visits} = spec;
      const farStrideH = Math.round(visits.everyH / FAR_ROWS_A_PERIOD / spec.gridH) * spec.gridH;
      for (const {strideH, head} of [
        {strideH: spec.gridH, head: 'near' as const},
        {strideH: farStrideH, head: 'far' as const},
      ]) {
        for (const row of rowsOf(history, spec, {...every, strideH})) {
          if (row.expectedInH === undefined) continue;
          if (row.expectedInH <= visits.signsH !== (head === 'near')) continue;
          add(head, {...row, weight: 1, labels: visitLabels(row.outcome, row.expectedInH, visits), machine});
        }
      }
    }
    onMachine?.();
  }
  return rows;
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

function* rowsOf(
  machine: TrainingMachine,
  spec: ClassSpec,
  sampling: Sampling,
): Generator<
  Omit<HeadRow, 'labels' | 'machine'> & {
    expectedInH: number | undefined;
    outcome: Parameters<typeof hazardLabels>[0];
  }
> {
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
