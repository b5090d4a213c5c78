import type {ClassSpec} from './class-spec.ts';
import type {FeatureWindow, InstalledComponent} from './feature-window.ts';
import {componentFeatures, equipmentFeatures, featuresOf} from './features.ts';
import {summarise} from './signal-summary.ts';

/**
 * What a network of sequences reads of a window, as one vector: each signal in equal steps of time, and after them what no
 * signal tells.
 */
export interface WindowShape {
  readonly steps: number;
  /** Numbers a step: one a signal. */
  readonly channels: number;
  /** Indexes, among featuresOf, of errors, ages, attributes and position. */
  readonly rest: readonly number[];
}

/**
 * @param stepH Hours a step; the window is cut into whole ones, the newest last.
 *
 * Example: a window of 168 h with 5 signals in steps of 3 h → 56 steps of 5 channels.
 */
export function windowShape(spec: ClassSpec, stepH: number): WindowShape {
  const rest = featuresOf(spec).flatMap(({group}, index) => (group.startsWith('signal:') ? [] : [index]));
  return {steps: Math.floor(spec.windowH / stepH), channels: spec.signals.length, rest};
}

/** One component's row: steps × channels means, oldest step first, then the rest. NaN means "not heard". */
export function windowInput(
  window: FeatureWindow,
  component: InstalledComponent,
  spec: ClassSpec,
  stepH: number,
  shared: readonly number[] = equipmentFeatures(window, spec),
): Float32Array {
  const {steps, channels, rest} = windowShape(spec, stepH);
  const row = new Float32Array(steps * channels + rest.length);
  for (let step = 0; step < steps; step += 1) {
    const toH = (steps - 1 - step) * stepH;
    spec.signals.forEach(({name}, channel) => {
      row[step * channels + channel] = summarise(window, name, toH + stepH, toH).mean;
    });
  }
  const features = componentFeatures(window, component, spec, shared);
  rest.forEach((index, i) => (row[steps * channels + i] = features[index]!));
  return row;
}
