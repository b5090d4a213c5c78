import {OperationalFault} from '../../domain/fault.ts';
import type {Head, Member} from '../adapters/head.ts';
import type {ClassSpec} from '../core/class-spec.ts';
import {featuresOf} from '../core/features.ts';
import type {HeadName} from '../core/forecast-plan.ts';
import {windowShape} from '../core/window-input.ts';
import {crossFit, type Contender, type CrossFitOptions} from './cross-fit.ts';
import type {FamilyLesson, FamilyRow, SequenceView} from './families/family.ts';
import {foldRows} from './fold-rows.ts';
import {headInputs} from './head-rows.ts';
import {finishRows, rowsOf, type HeadRow, type RowTable} from './row-table.ts';
import {scalingOf} from './scaling.ts';

/** One head, learnt. */
export interface FittedHead {
  readonly head: Omit<Head, 'members' | 'parts'>;
  /** `calibrationWithout[fold]` (cross-fit.ts) */
  readonly calibrationWithout: readonly Head['calibration'][];
  /** `members[fold]` */
  readonly members: readonly (readonly Member[])[];
  readonly contenders: readonly Contender[];
  readonly baselines: readonly Contender[];
  /** Rows that taught it, and that it was held to. */
  readonly taught: number;
  readonly held: number;
}

export interface FitHeadOptions extends Pick<
  CrossFitOptions,
  'families' | 'seed' | 'backend' | 'kept' | 'onFit'
> {
  readonly spec: ClassSpec;
  /** Parts of the machines that are held out in turn. */
  readonly folds: number;
}

/** Scales the rows of one head and lets the families compete for it. */
export async function fitHead(
  head: HeadName,
  table: RowTable,
  {spec, folds, ...options}: FitHeadOptions,
): Promise<FittedHead> {
  const rows = rowsOf(table);
  refuseFewFailures(rows, spec.equipmentClassId, head);
  const inputs = headInputs(spec, head);
  const taught = rows.filter(({use}) => use !== 'judge');
  const scaling = scalingOf(taught.map(({raw}) => raw));
  finishRows(table, scaling);
  const {calibration, ...fitted} = await crossFit(table, {
    ...options,
    folds: foldRows(rows, folds),
    start: startOf(head, taught, spec, inputs, scaling),
    view: viewOf(spec, inputs),
  });
  const held = rows.filter(({use}) => use !== 'teach').length;
  return {head: {inputs, scaling, calibration}, ...fitted, taught: taught.length, held};
}

/** Undefined of heads that read no steps. */
function viewOf(spec: ClassSpec, inputs: readonly number[]): SequenceView | undefined {
  const shape = windowShape(spec);
  if (shape === undefined || !inputs.includes(shape.window[0]!)) return undefined;
  const {steps, channels, window, rest} = shape;
  const numbers = (features: readonly number[]): number[] =>
    features.map((feature) => inputs.indexOf(feature)).filter((input) => input >= 0);
  const isStep = new Set(window);
  return {
    ...{steps, channels},
    sequence: numbers([...window, ...rest]),
    plain: numbers(inputs.filter((feature) => !isStep.has(feature))),
  };
}

/** Rows of a failure that each use takes: below, a fit follows chance, or chance decides what serves. */
const FAILURES_MIN = {teach: 20, judge: 10} as const;

function refuseFewFailures(rows: readonly HeadRow[], equipmentClassId: string, head: HeadName): void {
  for (const [use, other] of [
    ['teach', 'judge'],
    ['judge', 'teach'],
  ] as const) {
    const failures = rows.filter((row) => row.use !== other && row.labels.failed.includes(1)).length;
    if (failures >= FAILURES_MIN[use]) continue;
    throw new OperationalFault(
      'too-little-history',
      `${equipmentClassId}: ${failures} rows of a failure to ${use} ${head} by, and it takes ${FAILURES_MIN[use]}; add machines or a longer record`,
      {retryable: false},
    );
  }
}

/**
 * Hazards start at the age law, as a line in the standardised 'age.hazard' (the logarithm of the failures expected up to the
 * last horizon): ln of an interval's hazard ≈ that + ln(its share of the hours), for small hazards make logit and logarithm
 * one. A visit's finding starts at the share that was found.
 */
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
