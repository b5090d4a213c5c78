import {HOUR_MS, epochMs} from '../../domain/time.ts';
import type {ClassSpec} from '../core/class-spec.ts';
import type {HazardLabels, Outcome} from '../core/hazard-labels.ts';
import {hoursToVisit, type VisitCalendar} from '../core/visit-calendar.ts';
import {failuresOf, type TrainingMachine} from './dataset.ts';

/**
 * Was the component found failed at the next visit? One "interval" of hazard-labels.ts. Who was taken out or failed before
 * the visit, or is not watched that long, says nothing about what it would have found.
 *
 * Example: visit expected in 100 h, to the hour: failed after 100 h → 1; replaced by plan at it → 0; failed after 40 h or
 * record ends after 60 h → not exposed.
 */
export function visitLabels(
  {watchedH, failed}: Outcome,
  expectedInH: number,
  {deviationsH}: Pick<VisitCalendar, 'deviationsH'>,
): HazardLabels {
  if (watchedH < expectedInH + earliest(deviationsH)) return {failed: [0], exposure: [0]};
  return {failed: [failed && watchedH <= expectedInH + latest(deviationsH) ? 1 : 0], exposure: [1]};
}

/**
 * Failures per hour away from visits, by place: (failures + ½) per hour watched while the machine's phase was known
 * (Jeffreys' prior, as for lives).
 */
export function offCalendarRates(
  machines: readonly TrainingMachine[],
  spec: ClassSpec,
  calendar: VisitCalendar,
  knownUntil: number,
): number[] {
  return spec.components.map(({positionId, classId}) => {
    let [failures, watchedH] = [0.5, 0];
    for (const machine of machines) {
      const lives = machine.lives.filter(
        (life) => life.positionId === positionId && life.componentClassId === classId,
      );
      const end = Math.min(knownUntil, machine.hours.at(-1)!);
      watchedH += (end - machine.hours[0]!) / HOUR_MS;
      failures += lives
        .flatMap((life) => failuresOf(life))
        .filter((at) => at <= end && !atVisit(machine, at, calendar)).length;
    }
    return failures / Math.max(1, watchedH);
  });
}

/** A machine whose phase is unknown has no visit to be away from: those failures are the hazards' to forecast. */
function atVisit(machine: TrainingMachine, failedAt: number, calendar: VisitCalendar): boolean {
  const asOf = epochMs(failedAt - HOUR_MS);
  const expectedInH = hoursToVisit(
    calendar,
    machine.events.map(({type, at}) => ({type, code: undefined, positionId: undefined, at})),
    asOf,
  );
  if (expectedInH === undefined) return true;
  const past = 1 - expectedInH;
  const off = past - Math.round(past / calendar.everyH) * calendar.everyH;
  return off >= earliest(calendar.deviationsH) && off <= latest(calendar.deviationsH);
}

function earliest(deviationsH: readonly number[]): number {
  return Math.min(0, deviationsH[0]!);
}

function latest(deviationsH: readonly number[]): number {
  return Math.max(0, deviationsH.at(-1)!);
}
