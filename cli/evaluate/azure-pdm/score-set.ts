import {closeSync, openSync, writeSync} from 'node:fs';
import {OperationalFault, messageOf} from '../../../domain/fault.ts';
import {PPM} from '../../../domain/quantity.ts';
import {HOUR_MS, epochMs, toIso} from '../../../domain/time.ts';
import type {ModelVersionId} from '../../../domain/ids.ts';
import type {Scorer} from '../../../predict/core/score.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import type {Judged} from '../../../predict/core/metrics.ts';
import {momentsOf} from '../../../predict/training/dataset.ts';
import {COMPONENTS, type AzureMachineHistory} from './read-set.ts';

export const SCORED_HORIZONS_H = [24, 72, 168, 336] as const;
/** A forecast for the stamp T is made at T + 2 h. */
export const ISSUED_AFTER_H = 2;
const HEADER = 'machineID,component,issuedAt,horizonHours,failureProbability\n';

/**
 * Judged forecasts by horizon and component, in the order of SCORED_HORIZONS_H and COMPONENTS; each twice its ppm, and one more where
 * the component failed: of 70 machines they are two million.
 */
export type JudgedSet = readonly (readonly (readonly number[])[])[];

/** Example: 400001 → said 0.2, and it failed. */
export function judgedRows(told: readonly number[]): Judged[] {
  return told.map((one) => ({probability: Math.floor(one / 2) / PPM, failed: one % 2 === 1, weight: 1}));
}

/**
 * Forecasts every component of every machine at every stamp, writes each to the file, and keeps what came of it. A forecast
 * whose horizon passes the end of its machine's record is written and not judged.
 *
 * @returns how many rows were written, and what to judge them by
 */
export async function scoreSet(
  machines: readonly AzureMachineHistory[],
  {
    scorer,
    modelVersionId,
    spec,
  }: {readonly scorer: Scorer; readonly modelVersionId: ModelVersionId; readonly spec: ClassSpec},
  file: string,
  onMachine: (done: number) => void,
): Promise<{readonly rows: number; readonly judged: JudgedSet}> {
  const judged = SCORED_HORIZONS_H.map(() => COMPONENTS.map((): number[] => []));
  const places = SCORED_HORIZONS_H.map((horizonH) => spec.horizonsH.indexOf(horizonH));
  const out = openResult(file);
  let rows = 0;
  try {
    writeSync(out, HEADER);
    for (const [nth, {machineId, history, failures}] of machines.entries()) {
      const recordEnd = history.hours.at(-1)!;
      const requests = [
        ...momentsOf(history, spec, {
          from: epochMs(0),
          to: epochMs(recordEnd + ISSUED_AFTER_H * HOUR_MS),
          knownUntil: epochMs(recordEnd),
          strideH: spec.gridH,
          offsetH: 0,
          issuedAfterH: ISSUED_AFTER_H,
          heardForH: 0,
        }),
      ].flatMap(({window, components}) => components.map(({component}) => ({window, component})));
      const scores = await scorer.score(modelVersionId, requests);
      const lines: string[] = [];
      requests.forEach(({window: {asOf}, component: {positionId}}, i) => {
        const issuedAt = toIso(asOf);
        const c = COMPONENTS.findIndex((component) => component === positionId);
        const failedAt = failures[COMPONENTS[c]!].find((at) => at > asOf) ?? Infinity;
        SCORED_HORIZONS_H.forEach((horizonH, h) => {
          const ppm = scores[i]!.cumulativePpm[places[h]!]!;
          lines.push(`${machineId},${positionId},${issuedAt},${horizonH},${ppm / PPM}`);
          const until = asOf + horizonH * HOUR_MS;
          if (until <= recordEnd) judged[h]![c]!.push(2 * ppm + (failedAt <= until ? 1 : 0));
        });
      });
      writeSync(out, `${lines.join('\n')}\n`);
      rows += lines.length;
      onMachine(nth + 1);
    }
  } finally {
    closeSync(out);
  }
  return {rows, judged};
}

function openResult(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    const message = `${file}: ${messageOf(cause)}; name a file in a folder that can be written to`;
    throw new OperationalFault('evaluation-output', message, {retryable: false, cause});
  }
}
