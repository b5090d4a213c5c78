import {invariant} from '../../domain/invariant.ts';
import {standardise, type Scaling} from '../core/features.ts';
import type {HazardLabels} from '../core/hazard-labels.ts';

/** What a row is for: to teach, to stop and calibrate and choose, or the one for some fits and the other for others. */
export const ROW_USES = ['teach', 'judge', 'both'] as const;
export type RowUse = (typeof ROW_USES)[number];

/** One row of one head. */
export interface HeadRow {
  /** Those of the raw inputs that the head reads (headInputs); NaN: not heard. */
  readonly raw: Float32Array;
  /** The same standardised, worked out when it is asked for: once the head's scaling is known. */
  readonly input: Float32Array;
  readonly place: number;
  readonly labels: HazardLabels;
  readonly weight: number;
  readonly machine: number;
  readonly use: RowUse;
}

/**
 * Rows of one head, in memory that threads share: a column for each kind of number, in chunks, for nobody knows beforehand how
 * many rows there will be. They are most of what training holds, so there is one copy of each. Plain data.
 */
export interface RowTable {
  readonly width: number;
  readonly outputs: number;
  count: number;
  readonly chunks: RowChunk[];
  /** Of the head, once it is known (finishRows). */
  scaling?: Scaling;
}

interface RowChunk {
  readonly raw: Float32Array;
  readonly failed: Uint8Array;
  readonly exposure: Float64Array | Float32Array;
  readonly weight: Float64Array | Float32Array;
  readonly place: Uint16Array;
  readonly machine: Uint32Array;
  readonly use: Uint8Array;
}

/** Of 120 inputs a chunk is 1 MB. */
const CHUNK_ROWS = 2048;

export function emptyTable(width: number, outputs: number): RowTable {
  return {width, outputs, count: 0, chunks: []};
}

export function addRow(
  table: RowTable,
  {raw, place, labels, weight, machine, use}: Omit<HeadRow, 'input'>,
): void {
  const {width, outputs} = table;
  const at = table.count % CHUNK_ROWS;
  if (at === 0) table.chunks.push(emptyChunk(width, outputs));
  const chunk = table.chunks.at(-1)!;
  chunk.raw.set(raw, at * width);
  chunk.failed.set(labels.failed, at * outputs);
  chunk.exposure.set(labels.exposure, at * outputs);
  chunk.weight[at] = weight;
  chunk.place[at] = place;
  chunk.machine[at] = machine;
  chunk.use[at] = ROW_USES.indexOf(use);
  table.count += 1;
}

function emptyChunk(width: number, outputs: number): RowChunk {
  const shared = (bytesEach: number, each: number): SharedArrayBuffer =>
    new SharedArrayBuffer(bytesEach * each * CHUNK_ROWS);
  return {
    raw: new Float32Array(shared(4, width)),
    failed: new Uint8Array(shared(1, outputs)),
    exposure: new Float64Array(shared(8, outputs)),
    weight: new Float64Array(shared(8, 1)),
    place: new Uint16Array(shared(2, 1)),
    machine: new Uint32Array(shared(4, 1)),
    use: new Uint8Array(shared(1, 1)),
  };
}

/** A number of the table; what it holds is looked up when it is asked for, so that a list of rows takes a few bytes each. */
class TableRow implements HeadRow {
  readonly #chunk: RowChunk;
  readonly #at: number;
  readonly #scaling: Scaling | undefined;

  constructor(chunk: RowChunk, at: number, scaling: Scaling | undefined) {
    this.#chunk = chunk;
    this.#at = at;
    this.#scaling = scaling;
  }

  get raw(): Float32Array {
    return this.#of(this.#chunk.raw);
  }
  get input(): Float32Array {
    invariant(this.#scaling !== undefined, 'rows are scaled before a fit reads them (finishRows)');
    return standardise(this.raw, this.#scaling);
  }
  get place(): number {
    return this.#chunk.place[this.#at]!;
  }
  get labels(): HazardLabels {
    const {failed, exposure} = this.#chunk;
    return {
      failed: Array.from(this.#of(failed), (one) => (one > 0 ? 1 : 0)),
      exposure: Array.from(this.#of(exposure)),
    };
  }
  get weight(): number {
    return this.#chunk.weight[this.#at]!;
  }
  get machine(): number {
    return this.#chunk.machine[this.#at]!;
  }
  get use(): RowUse {
    return ROW_USES[this.#chunk.use[this.#at]!]!;
  }

  #of<Column extends {readonly length: number; subarray(from: number, to: number): Column}>(
    column: Column,
  ): Column {
    const each = column.length / CHUNK_ROWS;
    return column.subarray(this.#at * each, (this.#at + 1) * each);
  }
}

/** All rows, in the order in which they were added. */
export function rowsOf({count, chunks, scaling}: RowTable): HeadRow[] {
  return Array.from(
    {length: count},
    (_, row) => new TableRow(chunks[Math.floor(row / CHUNK_ROWS)]!, row % CHUNK_ROWS, scaling),
  );
}

/** Weights so scaled that their mean is 1, and where the inputs lie. */
export function finishRows(table: RowTable, scaling: Scaling): void {
  const rows = rowsOf(table);
  const meanWeight = rows.reduce((sum, {weight}) => sum + weight, 0) / rows.length;
  table.scaling = scaling;
  for (const {weight} of table.chunks) weight.forEach((each, i) => (weight[i] = each / meanWeight));
}

/** The same table with numbers as tensors hold them: what a fit is taught does not depend on its family. */
export function inSinglePrecision(table: RowTable): RowTable {
  const single = (column: Float64Array | Float32Array): Float32Array => Float32Array.from(column);
  return {
    ...table,
    chunks: table.chunks.map((chunk) => ({
      ...chunk,
      exposure: single(chunk.exposure),
      weight: single(chunk.weight),
    })),
  };
}
