import type {Scaling} from '../core/features.ts';

/** A share of the values at either end that does not count: a spiking sensor must not stretch the scale. */
const TRIM = 0.005;

/**
 * Mean and spread of each input over the training rows, trimmed, ignoring what was not heard.
 * An input that never varies gets spread 1, so that it stays 0.
 */
export function scalingOf(rows: readonly Float32Array[]): Scaling {
  const width = rows[0]?.length ?? 0;
  const mean: number[] = [];
  const sd: number[] = [];
  for (let i = 0; i < width; i += 1) {
    const values = Float64Array.from(
      rows.map((row) => row[i]!).filter((value) => !Number.isNaN(value)),
    ).sort();
    const cut = Math.floor(values.length * TRIM);
    const kept = values.subarray(cut, values.length - cut);
    // A rare flag (an error code) may vanish in the trim: its own spread is then the honest scale.
    const used = kept.length > 0 && kept[0] === kept[kept.length - 1] ? values : kept;
    const m = used.reduce((sum, value) => sum + value, 0) / Math.max(1, used.length);
    const variance = used.reduce((sum, value) => sum + (value - m) ** 2, 0) / Math.max(1, used.length);
    mean.push(m);
    sd.push(variance > 1e-12 ? Math.sqrt(variance) : 1);
  }
  return {mean, sd};
}
