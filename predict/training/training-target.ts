import type {FamilyName} from './families/family.ts';
import type {SignalSpec} from '../core/class-spec.ts';

/** What one model is to speak of: one equipment class, or several that are too small to teach a model each. */
export interface TrainingTarget {
  /** The equipment class; of a pooled model, the name of its pool. */
  readonly equipmentClassId: string;
  readonly pools?: readonly string[] | undefined;
  readonly signals: readonly SignalSpec[];
  /** Hours of telemetry and events before a forecast's instant; default: a week. */
  readonly windowH?: number;
  /** Hours from one interval's end to the next; default 1. */
  readonly gridH?: number;
  /** Hours from one planned visit of a machine to the next, on a phase of its own; default: histories are looked through for a period. */
  readonly visitEveryH?: number;
  /** Hours a step of the sequences that networks read; default: steps are no inputs, and no network of sequences competes. */
  readonly sequenceStepH?: number | undefined;
  /** Families that may compete; default: all. A head that none of them is meant for keeps its own. */
  readonly families?: readonly FamilyName[] | undefined;
}

export function classesOf({equipmentClassId, pools}: TrainingTarget): readonly string[] {
  return pools ?? [equipmentClassId];
}

/**
 * Several classes as one target. It reads the signals that all of them send: the same name in the same unit. Where their
 * normal bands differ there is no normal to tell of. They are on one grid.
 *
 * Example: chiller and compressor share vibration_mm_s and motor_current_a → pool-chiller-compressor with these two.
 */
export function poolOf(classes: readonly TrainingTarget[]): TrainingTarget {
  const sorted = [...classes].sort((a, b) => (a.equipmentClassId < b.equipmentClassId ? -1 : 1));
  const pools = sorted.map(({equipmentClassId}) => equipmentClassId);
  const [first, ...others] = sorted;
  const signals = (first?.signals ?? []).flatMap((signal): SignalSpec[] => {
    const same = others.map(({signals: theirs}) => theirs.find((each) => sameQuantity(each, signal)));
    if (same.includes(undefined)) return [];
    const oneBand = same.every(
      (each) => each!.normalLow === signal.normalLow && each!.normalHigh === signal.normalHigh,
    );
    return [oneBand ? signal : {...signal, normalLow: null, normalHigh: null}];
  });
  const gridH = first?.gridH;
  const visitEveryH = others.every((each) => each.visitEveryH === first?.visitEveryH)
    ? first?.visitEveryH
    : undefined;
  return {
    equipmentClassId: `pool-${pools.join('-')}`,
    pools,
    signals,
    ...(gridH === undefined ? {} : {gridH}),
    ...(visitEveryH === undefined ? {} : {visitEveryH}),
  };
}

function sameQuantity(a: SignalSpec, b: SignalSpec): boolean {
  return a.name === b.name && a.unit === b.unit;
}
