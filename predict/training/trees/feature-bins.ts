/** Inputs as ranks: what boosting looks through instead of numbers. */
export interface BinnedRows {
  readonly rows: number;
  /** One column an input; the bin of each row. Bin 0 holds what was not heard (NaN). */
  readonly columns: readonly Uint8Array[];
  /** Per input: the upper edge of bins 1, 2, …; the last bin has none. */
  readonly edges: readonly Float64Array[];
}

/** With bin 0 for NaN and the last one open, 254 edges fit a byte. */
const BINS_MAX = 254;
/** Quantiles of this many rows are the quantiles of all, for a split. */
const SAMPLE_MAX = 50_000;

/** Puts rows of raw inputs into bins of about equal count. */
export function binRows(rows: readonly Float32Array[]): BinnedRows {
  const width = rows[0]?.length ?? 0;
  const edges = Array.from({length: width}, (_, input) => edgesOf(rows, input));
  return {rows: rows.length, edges, columns: edges.map((of, input) => columnOf(rows, input, of))};
}

function edgesOf(rows: readonly Float32Array[], input: number): Float64Array {
  const step = Math.max(1, Math.ceil(rows.length / SAMPLE_MAX));
  const values: number[] = [];
  for (let row = 0; row < rows.length; row += step) {
    const value = rows[row]![input]!;
    if (!Number.isNaN(value)) values.push(value);
  }
  const sorted = Float64Array.from(values).sort();
  const edges: number[] = [];
  const add = (low: number, high: number): void => {
    const edge = low + (high - low) / 2;
    if (high > low && edge > (edges.at(-1) ?? -Infinity)) edges.push(edge);
  };
  const distinct = sorted.filter((value, i) => i === 0 || value > sorted[i - 1]!);
  if (distinct.length <= BINS_MAX) {
    for (let i = 1; i < distinct.length; i += 1) add(distinct[i - 1]!, distinct[i]!);
  } else {
    for (let bin = 1; bin < BINS_MAX; bin += 1) {
      const i = Math.floor((bin * sorted.length) / BINS_MAX);
      add(sorted[i - 1]!, sorted[i]!);
    }
  }
  return Float64Array.from(edges);
}

function columnOf(rows: readonly Float32Array[], input: number, edges: Float64Array): Uint8Array {
  return Uint8Array.from(rows, (row) => binOf(row[input]!, edges));
}

/** Example: edges [1, 5] → 0 for NaN, 1 up to 1, 2 up to 5, 3 beyond. */
function binOf(value: number, edges: Float64Array): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
