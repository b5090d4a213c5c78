import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';

/** Spans as parallel arrays, with the outer bounds that let the planner leave partitions out. */
export function spanParameters(
  spans: readonly {equipmentNo: number; from: EpochMs; to: EpochMs}[],
): unknown[] {
  return [
    spans.map((span) => span.equipmentNo),
    spans.map((span) => timestamp(span.from)),
    spans.map((span) => timestamp(span.to)),
    timestamp(Math.min(...spans.map((span) => span.from))),
    timestamp(Math.max(...spans.map((span) => span.to))),
  ];
}
