import type {ClassSpec} from './class-spec.ts';
import {featuresOf} from './features.ts';

/** What a network of sequences reads: each signal in equal steps of time, and after them what no signal tells. */
export interface WindowShape {
  readonly steps: number;
  /** Numbers a step: one a signal. */
  readonly channels: number;
  /** Indexes, among featuresOf, of the steps: oldest first, all signals of a step beside each other. */
  readonly window: readonly number[];
  /** Indexes of errors, ages, attributes and position. */
  readonly rest: readonly number[];
}

/**
 * Of a class whose description has a sequence step; undefined where steps are no inputs.
 *
 * Example: a window of 168 h with 5 signals in steps of 3 h → 56 steps of 5 channels.
 */
export function windowShape(spec: ClassSpec): WindowShape | undefined {
  if (spec.sequenceStepH === undefined || spec.signals.length === 0) return undefined;
  const features = featuresOf(spec);
  const indexes = (wanted: (feature: (typeof features)[number]) => boolean): number[] =>
    features.flatMap((feature, index) => (wanted(feature) ? [index] : []));
  const window = indexes(({step}) => step === true);
  const channels = spec.signals.length;
  const rest = indexes(({group}) => !group.startsWith('signal:'));
  return {steps: window.length / channels, channels, window, rest};
}
