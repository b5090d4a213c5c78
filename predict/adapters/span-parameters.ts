import type {EpochMs} from '../../domain/time.ts';
import {plainArray, timestamp} from '../../platform/pg.ts';

/** Spans as parallel arrays, with the outer bounds that let the planner leave partitions out. */
export function spanParameters(
  spans: readonly {equipmentNo: number; from: EpochMs; to: EpochMs}[],
): unknown[] {
  return [
    plainArray(spans.map((span) => span.equipmentNo)),
    plainArray(spans.map((span) => timestamp(span.from))),
    plainArray(spans.map((span) => timestamp(span.to))),
    timestamp(Math.min(...spans.map((span) => span.from))),
    timestamp(Math.max(...spans.map((span) => span.to))),
  ];
}
