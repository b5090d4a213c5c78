import {HOUR_MS, epochMs} from '../../domain/time.ts';
import type {TrainingLife, TrainingMachine} from '../../predict/training/dataset.ts';
import {seededGenerator} from '../../predict/training/seeded.ts';

export interface VisitedFleet {
  readonly machines: number;
  readonly days: number;
  readonly everyH: number;
  /** A visit lies up to so many hours before or after its day. */
  readonly jitterH: number;
  readonly seed: number;
}

export const FLEET_START = Date.UTC(2015, 0, 1, 6);
export const POSITIONS = ['comp1', 'comp2', 'comp3', 'comp4'] as const;
const GRID_H = 3;
/** How far the mean of a component's signal moves in the two days before it is found failed, in its deviations. */
const SHIFT = 2.5;
const SIGNS_H = 48;
/** What is found failed at a visit, by age in visits. */
const FOUND = [0, 0.02, 0.1, 0.2, 0.3, 0.4] as const;
const PLANNED = 0.1;

/** Machines whose components are found failed at visits, each announced by a signal of its own: the truth is known. */
export function visitedFleet({machines, days, everyH, jitterH, seed}: VisitedFleet): TrainingMachine[] {
  const random = seededGenerator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const intervals = (days * 24) / GRID_H;
  const hours = Float64Array.from({length: intervals}, (_, i) => FLEET_START + i * GRID_H * HOUR_MS);
  return Array.from({length: machines}, (_, nth): TrainingMachine => {
    const phaseH = Math.floor((random() * everyH) / 24) * 24;
    const lives: TrainingLife[] = [];
    const failures: {readonly positionId: string; readonly at: number}[] = [];
    const replaced: {readonly positionId: string; readonly at: number}[] = [];
    const installed = POSITIONS.map(() => ({at: FLEET_START - 2 * everyH * HOUR_MS, visits: 2}));
    const end = (place: number, endedAt: number | null, how: TrainingLife['end']): void => {
      lives.push({
        positionId: POSITIONS[place]!,
        componentClassId: POSITIONS[place]!,
        componentId: `M-${nth}.${POSITIONS[place]!}.${lives.length}`,
        installedAt: epochMs(installed[place]!.at),
        endedAt: endedAt === null ? null : epochMs(endedAt),
        end: how,
      });
    };
    for (let visitH = phaseH + everyH / 2; visitH < days * 24; visitH += everyH) {
      const at = FLEET_START + Math.round(visitH + (2 * random() - 1) * jitterH) * HOUR_MS;
      POSITIONS.forEach((positionId, place) => {
        const failed = random() < FOUND[Math.min(FOUND.length - 1, installed[place]!.visits)]!;
        if (failed || random() < PLANNED) {
          if (failed) failures.push({positionId, at});
          replaced.push({positionId, at});
          end(place, at, failed ? 'failure' : 'planned');
          installed[place] = {at, visits: 0};
        }
        installed[place]!.visits += 1;
      });
    }
    POSITIONS.forEach((_position, place) => end(place, null, 'running'));
    const signals = Object.fromEntries(
      POSITIONS.map((positionId) => {
        const mean = Float32Array.from(hours, (hour) => {
          const soon = failures.some(
            (one) => one.positionId === positionId && one.at > hour && one.at - hour <= SIGNS_H * HOUR_MS,
          );
          return 50 + normal() + (soon ? SHIFT : 0);
        });
        return [
          `signal_${positionId}`,
          {
            mean,
            sd: new Float32Array(intervals),
            min: mean,
            max: mean,
            n: new Float32Array(intervals).fill(1),
          },
        ];
      }),
    );
    return {
      equipmentId: `M-${nth}`,
      classId: 'visited',
      modelId: `model${1 + (nth % 2)}`,
      attributes: {age_years: nth % 7},
      hours,
      signals,
      events: replaced.map(({positionId, at}) => ({type: 'part-replaced', positionId, at: epochMs(at)})),
      lives,
    };
  });
}
