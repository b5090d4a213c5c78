import type {FamilyRow} from './families/family.ts';

/** Rows in memory that threads share: each column one stretch, a row's numbers beside each other. */
export interface PackedRows {
  readonly width: number;
  readonly outputs: number;
  readonly raw: Float32Array;
  readonly input: Float32Array;
  readonly failed: Float32Array;
  readonly exposure: Float32Array;
  readonly weight: Float32Array;
  readonly place: Float32Array;
}

export function packRows(rows: readonly FamilyRow[]): PackedRows {
  const width = rows[0]!.input.length;
  const outputs = rows[0]!.labels.failed.length;
  const shared = (each: number): Float32Array =>
    new Float32Array(new SharedArrayBuffer(4 * each * rows.length));
  const packed: PackedRows = {
    width,
    outputs,
    raw: shared(width),
    input: shared(width),
    failed: shared(outputs),
    exposure: shared(outputs),
    weight: shared(1),
    place: shared(1),
  };
  rows.forEach(({raw, input, labels, weight, place}, row) => {
    packed.raw.set(raw, row * width);
    packed.input.set(input, row * width);
    packed.failed.set(labels.failed, row * outputs);
    packed.exposure.set(labels.exposure, row * outputs);
    packed.weight[row] = weight;
    packed.place[row] = place;
  });
  return packed;
}

/** The rows again; inputs are views into the shared memory. */
export function unpackRows(packed: PackedRows): FamilyRow[] {
  const {width, outputs} = packed;
  return Array.from(packed.weight, (weight, row) => ({
    raw: packed.raw.subarray(row * width, (row + 1) * width),
    input: packed.input.subarray(row * width, (row + 1) * width),
    labels: {
      failed: Array.from(packed.failed.subarray(row * outputs, (row + 1) * outputs), (failed) =>
        failed > 0 ? 1 : 0,
      ),
      exposure: [...packed.exposure.subarray(row * outputs, (row + 1) * outputs)],
    },
    weight,
    place: packed.place[row]!,
  }));
}
