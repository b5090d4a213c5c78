import {z} from 'zod';
import type {Probability} from '../../domain/quantity.ts';
import {HOUR_MS, type EpochMs} from '../../domain/time.ts';
import type {WindowEvent} from './feature-window.ts';

/**
 * When machines of a class are looked after: every `everyH`, each machine on a phase of its own that its own visits tell.
 * Where work is found and done at visits, most failures come to light there too, and "when is the next one" says more than
 * "how long from now".
 */
export const VisitCalendar = z.object({
  everyH: z.number().positive(),
  /** How far visits lie from where the last one let them be expected, in hours, late ones positive: quantiles, rising. All 0: to the hour. */
  deviationsH: z.array(z.number()).min(1),
  /** So many hours before a visit the machine shows what will be found; earlier only age and attributes tell. */
  signsH: z.number().positive(),
  /** Failures per hour away from visits, by place of the spec's components. */
  offCalendarPerH: z.array(z.number().nonnegative()),
});
export type VisitCalendar = z.infer<typeof VisitCalendar>;

/** A machine's phase is read from visits of so many periods back; one not seen for longer has no calendar, and hazards answer. */
const MEMORY_PERIODS = 4;
const VISIT_EVENTS: ReadonlySet<string> = new Set(['part-replaced', 'maintenance']);

/** How far back events must reach for the calendar to be known, in hours. */
export function visitMemoryH({everyH}: Pick<VisitCalendar, 'everyH'>): number {
  return MEMORY_PERIODS * everyH;
}

export function isVisit({type}: Pick<WindowEvent, 'type'>): boolean {
  return VISIT_EVENTS.has(type);
}

/**
 * Hours to the next expected visit; below 0 when it is late, and undefined while the machine's phase is unknown. A visit that
 * left no record (nothing was replaced) is counted by the calendar.
 *
 * Example: every 360 h, last visit 370 h ago, never late → 350; with deviations up to 24 h → −10: it is still expected.
 */
export function hoursToVisit(
  calendar: VisitCalendar,
  events: readonly WindowEvent[],
  asOf: EpochMs,
): number | undefined {
  const last = events.reduce(
    (latest, event) => (isVisit(event) && event.at <= asOf ? Math.max(latest, event.at) : latest),
    -Infinity,
  );
  const elapsedH = (asOf - last) / HOUR_MS;
  if (elapsedH >= visitMemoryH(calendar)) return undefined;
  const latestH = Math.max(0, calendar.deviationsH.at(-1)!);
  const periods = Math.max(1, Math.floor((elapsedH - latestH) / calendar.everyH) + 1);
  return periods * calendar.everyH - elapsedH;
}

/**
 * P(an expected visit takes place within `hours`, given that it has not yet), from how visits deviate.
 *
 * Example: deviations [−10, 0, 10] h, expected in 5 h → 0 within 4 h if the first is past and the second not yet: of the two
 * left one comes within 5 h (0.5), both within 15 h (1).
 */
export function visitWithin({deviationsH}: VisitCalendar, expectedInH: number, hours: number): Probability {
  const left = deviationsH.filter((deviation) => expectedInH + deviation > 0);
  if (left.length === 0) return 1; // later than any was: any moment now
  return left.filter((deviation) => expectedInH + deviation <= hours).length / left.length;
}

/**
 * P(failure within each horizon) from what is found at visits and what fails between them:
 *   P(h) = 1 − e^(−rate · h) · Π_k (1 − p_k · P(visit k within h)).
 * It cannot fall with h, for none of its factors rises.
 *
 * Example: every 360 h to the hour, next visit in 100 h, p = [0.4, 0.1], nothing between → 0 at 72 h, 0.4 at 168 h,
 * 0.46 at 672 h.
 *
 * @param foundAt P(found failed at the k-th next visit | not before); one for each visit up to the last horizon.
 */
export function visitCurve(
  calendar: VisitCalendar,
  expectedInH: number,
  foundAt: readonly Probability[],
  ratePerH: number,
  horizonsH: readonly number[],
): Probability[] {
  return horizonsH.map((horizonH) => {
    const survival = foundAt.reduce(
      (left, found, k) =>
        left * (1 - found * visitWithin(calendar, expectedInH + k * calendar.everyH, horizonH)),
      Math.exp(-ratePerH * horizonH),
    );
    return 1 - survival;
  });
}

/** How many visits may come within a horizon. Example: next in 100 h, every 360 h, to the hour, 672 h → 2. */
export function visitsAhead(
  {everyH, deviationsH}: VisitCalendar,
  expectedInH: number,
  horizonH: number,
): number {
  const earliestH = Math.min(0, deviationsH[0]!);
  return Math.max(1, Math.floor((horizonH - earliestH - expectedInH) / everyH) + 1);
}
