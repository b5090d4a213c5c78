import {HORIZONS_H} from '../../../domain/forecast.ts';
import {DAY_MS, HOUR_MS, epochMs, type EpochMs} from '../../../domain/time.ts';
import type {Scorer} from '../../../predict/core/score.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {componentIndex} from '../../../predict/core/class-spec.ts';
import {momentsOf, type JudgedRow} from '../../../predict/training/dataset.ts';
import type {MachineSpec} from '../../../simulator/timeline.ts';
import {machineHistory} from '../../../simulator/training-history.ts';

/** When forecasts are made: every `gridMs` from `from` to `to`. */
export interface Grid {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly gridMs: number;
}

/** Cumulative ppm over HORIZONS_H of one position, grid point after grid point; −1 where nothing was forecast. */
export type Track = Int32Array;

/** Forecasts by `equipment position`. */
export type Tracks = ReadonlyMap<string, Track>;

export const HORIZONS = HORIZONS_H.length;

export function trackKey(equipmentId: string, positionId: string): string {
  return `${equipmentId} ${positionId}`;
}

export function gridPoints({from, to, gridMs}: Grid): number {
  return Math.floor((to - from) / gridMs) + 1;
}

/** What came of the forecasts of one equipment class: each row with where its curve stands. */
export interface JudgedClass {
  readonly spec: ClassSpec;
  readonly rows: (JudgedRow & {readonly key: string; readonly point: number})[];
}

export interface ScoredFleet {
  readonly tracks: Tracks;
  readonly judged: ReadonlyMap<string, JudgedClass>;
}

/** A week of telemetry comes before the first window. */
const WINDOW_DAYS = 8;
/** A forecast in so many is kept for judging: neighbouring ones say the same. */
const JUDGED_STRIDE = 5;

/**
 * Lets the shipped models forecast a fleet from its simulated telemetry, as the service would: features of the last week's
 * hourly intervals, the TensorFlow.js network, its calibration. Scores are made once; every policy reads the same.
 */
export async function scoreFleet(
  scorer: Scorer,
  specs: readonly MachineSpec[],
  seed: number,
  grid: Grid,
  onMachine: (done: number) => void,
): Promise<ScoredFleet> {
  const points = gridPoints(grid);
  const tracks = new Map<string, Track>();
  const judged = new Map<string, JudgedClass>();
  for (const [nth, machine] of specs.entries()) {
    for (const {positionId} of machine.positions)
      tracks.set(trackKey(machine.equipmentId, positionId), new Int32Array(points * HORIZONS).fill(-1));
    const model = scorer.models.find(({spec}) => spec.equipmentClassId === machine.classId);
    if (model === undefined) continue;
    const {spec, modelVersionId} = model;
    const known = judged.get(machine.classId) ?? {spec, rows: []};
    judged.set(machine.classId, known);
    const history = machineHistory(seed, machine, epochMs(grid.from - WINDOW_DAYS * DAY_MS), grid.to);
    const firstHour = history.hours[0]! / HOUR_MS;
    const strideH = grid.gridMs / HOUR_MS;
    const moments = [
      ...momentsOf(history, spec, {
        from: epochMs(grid.from - 1),
        to: grid.to,
        knownUntil: grid.to,
        strideH,
        offsetH: (firstHour - grid.from / HOUR_MS) % strideH,
      }),
    ];
    const scores = await scorer.score(
      modelVersionId,
      moments.flatMap(({window, components}) => components.map(({component}) => ({window, component}))),
    );
    let i = 0;
    for (const {window, components} of moments) {
      const point = Math.round((window.asOf - grid.from) / grid.gridMs);
      for (const {component, outcome} of components) {
        const {cumulativePpm} = scores[i]!;
        i += 1;
        const key = trackKey(machine.equipmentId, component.positionId);
        tracks.get(key)!.set(cumulativePpm, point * HORIZONS);
        if ((point + nth) % JUDGED_STRIDE !== 0 || !isKnown(window.asOf, grid)) continue;
        const place = componentIndex(spec, component);
        known.rows.push({place, ageH: component.ageH, outcome, weight: 1, key, point});
      }
    }
    onMachine(nth + 1);
  }
  return {tracks, judged};
}

/** Whether what comes of a forecast is known at every horizon when the record ends. */
function isKnown(asOf: EpochMs, {to}: Grid): boolean {
  return asOf <= to - HORIZONS_H[HORIZONS - 1]! * HOUR_MS;
}
